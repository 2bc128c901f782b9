import { readFloat } from '../template/constant.ts';
import { formatFloat } from '../template/float-text.ts';
import { unquote } from './json-string.ts';
import { nextValue, valueAt } from './scan.ts';

/**
 * A value is the text that it has in its document: `"a"`, `1.0`, `{ "b": 2 }`. Its first character says what it is, and the empty text says
 * that it does not exist.
 */
export const MISSING = '';

type Kind = 'missing' | 'string' | 'number' | 'true' | 'false' | 'null' | 'object' | 'array';

export function kindOf(raw: string): Kind {
  switch (raw[0]) {
    case undefined:
      return 'missing';
    case '"':
      return 'string';
    case '{':
      return 'object';
    case '[':
      return 'array';
    case 't':
      return 'true';
    case 'f':
      return 'false';
    case 'n':
      return raw[1] === 'u' ? 'null' : 'number';
    default:
      return 'number';
  }
}

/** The value that a text begins with. Of an object or array it is all of the text: that is where modifiers end. */
export function firstValue(text: string): string {
  let start = 0;
  while (start < text.length && text.charAt(start) <= ' ') start += 1;
  if (nextValue(text, start) !== start || start === text.length) return MISSING;
  const rest = text.slice(start);
  return rest.startsWith('{') || rest.startsWith('[') ? rest : (valueAt(rest, 0)?.raw ?? rest);
}

/**
 * The value as the text of a Secret: strings as what they stand for, `null` as nothing, whole numbers as they are spelled, others without an
 * exponent, all else as its JSON.
 */
export function textOf(raw: string): string {
  switch (kindOf(raw)) {
    case 'missing':
    case 'null':
      return '';
    case 'string':
      return unquote(raw);
    case 'number':
      return /^-?\d*$/u.test(raw) ? raw : formatFloat(numberOf(raw), 'f', -1);
    case 'true':
      return 'true';
    case 'false':
      return 'false';
    case 'object':
    case 'array':
      return raw;
  }
}

/** A number as Go's strconv.ParseFloat reads it, and 0 where it is none. */
export function numberOf(text: string): number {
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/u.test(text)) return Number(text);
  const infinite = /^([+-]?)inf(?:inity)?$/iu.exec(text);
  if (infinite !== null) return infinite[1] === '-' ? -Infinity : Infinity;
  return /^nan$/iu.test(text) ? NaN : (readFloat(text) ?? 0);
}

/** What a text says about yes and no, as Go's strconv.ParseBool reads it in lower case. */
export function truthOf(text: string): boolean | undefined {
  const lower = text.toLowerCase();
  if (['1', 't', 'true'].includes(lower)) return true;
  return ['0', 'f', 'false'].includes(lower) ? false : undefined;
}

/** An option of a modifier, as yes or no. */
export function isOn(raw: string): boolean {
  const kind = kindOf(raw);
  if (kind === 'string') return truthOf(unquote(raw)) ?? false;
  return kind === 'true' || (kind === 'number' && numberOf(raw) !== 0);
}
