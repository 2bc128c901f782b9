import { any, fn1, fn1Rest, fn2, fnRest, string } from '../signature.ts';
import { FunctionError } from '../template-error.ts';
import { ANY_LIST, STRING_LIST, dict, isTrue, list } from '../value.ts';
import type { GoList, TemplateFunction, Value } from '../value.ts';
import { sliceOf } from '../elements.ts';
import { plain } from './strings.ts';

/** Sprig's lists and dicts (https://masterminds.github.io/sprig/lists.html, dicts.html). */
export const listFunctions: readonly (readonly [string, TemplateFunction])[] = [
  ['list', fnRest(any, (values) => list(values, ANY_LIST))],
  ['tuple', fnRest(any, (values) => list(values, ANY_LIST))],
  ['splitList', fn2(string, string, (separator, text) => list(text.split(separator), STRING_LIST))],
  ['join', fn2(string, any, (separator, value) => join(separator, value))],
  ['first', fn1(any, (value) => itemsOf(value).items.at(0) ?? null)],
  ['last', fn1(any, (value) => itemsOf(value).items.at(-1) ?? null)],
  ['slice', fn1Rest(any, any, (value, bounds) => sliceOf(itemsOf(value), bounds))],
  ['dict', fnRest(any, (values) => dictOf(values))],
];

/** Sprig's defaults and failures (https://masterminds.github.io/sprig/defaults.html, flow_control.html). */
export const defaultFunctions: readonly (readonly [string, TemplateFunction])[] = [
  ['default', fn1Rest(any, any, (fallback, [given = null]) => (isTrue(given) ? given : fallback))],
  ['empty', fn1(any, (value) => !isTrue(value))],
  ['coalesce', fnRest(any, (values) => values.find(isTrue) ?? null)],
  ['fail', fn1(string, fail)],
];

function itemsOf(value: Value): GoList {
  if (value !== null && typeof value === 'object' && value.kind === 'list') return value;
  throw new FunctionError('a list is expected');
}

function join(separator: string, value: Value): string {
  if (value === null || typeof value !== 'object' || value.kind !== 'list') return plain(value);
  return value.items
    .filter((item) => item !== null)
    .map(plain)
    .join(separator);
}

/** A key without a value gets the empty text. */
function dictOf(values: readonly Value[]): Value {
  const entries: [string, Value][] = [];
  for (let at = 0; at < values.length; at += 2)
    entries.push([plain(values[at] ?? null), at + 1 < values.length ? (values[at + 1] ?? null) : '']);
  return dict(entries);
}

function fail(said: string): never {
  throw new FunctionError('the template says so', said);
}
