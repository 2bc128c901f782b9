import { unquote } from './json-string.ts';
import type { Work } from './limits.ts';
import type { Operator, Query } from './query.ts';
import { MISSING, kindOf, numberOf, truthOf } from './raw-value.ts';
import { matchesPattern } from './wildcard.ts';

/**
 * Whether what a query's path selected from an element answers the query. A value that begins with `~` compares as yes or no: `~true` and
 * `~false` ask for what counts as such, `~null` for null or nothing, `~*` for anything.
 */
export function answers({ operator, value }: Query, selected: string, work: Work): boolean {
  if (!value.startsWith('~')) return compares(operator, selected, value, work);
  const counts = countsAs(value.slice(1), selected);
  return counts !== undefined && comparesBoolean(operator, counts, 'true');
}

function countsAs(wanted: string, raw: string): boolean | undefined {
  switch (wanted) {
    case '*':
      return raw !== MISSING;
    case 'null':
      return ['null', 'missing'].includes(kindOf(raw));
    case 'true':
      return truthLike(raw) === true;
    case 'false':
      return truthLike(raw) === false;
    default:
      return undefined;
  }
}

/** Undefined for what is neither. */
function truthLike(raw: string): boolean | undefined {
  switch (kindOf(raw)) {
    case 'missing':
    case 'null':
    case 'false':
      return false;
    case 'true':
      return true;
    case 'string':
      return truthOf(unquote(raw));
    case 'number':
      return numberOf(raw) !== 0;
    case 'object':
    case 'array':
      return undefined;
  }
}

/** A value compares with its own kind only; a query's value is read as whatever it is compared with. */
function compares(operator: Operator, raw: string, value: string, work: Work): boolean {
  const kind = kindOf(raw);
  if (operator === 'exists') return kind !== 'missing';
  switch (kind) {
    case 'string':
      return comparesText(operator, unquote(raw), value, work);
    case 'number':
      return comparesOrder(operator, numberOf(raw), numberOf(value));
    case 'true':
    case 'false':
      return comparesBoolean(operator, kind === 'true', value);
    case 'missing':
    case 'null':
    case 'object':
    case 'array':
      return false;
  }
}

function comparesText(operator: Operator, text: string, value: string, work: Work): boolean {
  if (operator === '%') return matchesPattern(text, value, work);
  if (operator === '!%') return !matchesPattern(text, value, work);
  return comparesOrder(operator, text, value);
}

function comparesOrder<T extends number | string>(operator: Operator, left: T, right: T): boolean {
  switch (operator) {
    case '=':
      return left === right;
    case '!=':
      return left !== right;
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
    case '%':
    case '!%':
    case '!':
    case 'exists':
      return false;
  }
}

/** `false` is less than `true`; what is neither is only unequal, and yet true is `>=` and false `<=` whatever it is. */
function comparesBoolean(operator: Operator, is: boolean, value: string): boolean {
  switch (operator) {
    case '=':
      return value === String(is);
    case '!=':
      return value !== String(is);
    case '>':
      return is && value === 'false';
    case '<':
      return !is && value === 'true';
    case '>=':
      return is;
    case '<=':
      return !is;
    case '%':
    case '!%':
    case '!':
    case 'exists':
      return false;
  }
}
