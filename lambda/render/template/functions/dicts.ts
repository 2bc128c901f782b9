import { any, anyDict, fn1, fn1Rest, fn2, fn3, fnRest, string, walking } from '../signature.ts';
import { FunctionError } from '../template-error.ts';
import { ANY_DICT, STRING_LIST, dict, kindOf, list, sortedKeys } from '../value.ts';
import type { GoDict, TemplateFunction, Value } from '../value.ts';
import { checkItemCount } from '../limits.ts';
import { copyOf } from './copy.ts';
import { merge } from './merge.ts';
import { plain } from './plain.ts';
import { withMust } from './names.ts';
import type { NamedFunctions } from './names.ts';

/**
 * Sprig's dicts (https://masterminds.github.io/sprig/dicts.html). `set`, `unset` and the merges change the dict that they are given. Go gives
 * keys and values in an order that changes from call to call; here it is that of the keys.
 */
export const dictFunctions: NamedFunctions = [
  ['dict', fnRest(any, dictOf)],
  ['get', fn2(anyDict, string, ({ entries }, key) => entries.get(key) ?? (entries.has(key) ? null : ''))],
  ['set', fn3(anyDict, string, any, set)],
  ['unset', fn2(anyDict, string, unset)],
  ['hasKey', fn2(anyDict, string, ({ entries }, key) => entries.has(key))],
  ['pluck', fn1Rest(string, anyDict, pluck)],
  ['keys', fnRest(anyDict, (dicts) => strings(dicts.flatMap(sortedKeys)))],
  ['values', fn1(anyDict, (from) => list(sortedKeys(from).map((key) => from.entries.get(key) ?? null)))],
  ['pick', fn1Rest(anyDict, string, (from, keys) => filtered(from, (key) => keys.includes(key)))],
  ['omit', fn1Rest(anyDict, string, (from, keys) => filtered(from, (key) => !keys.includes(key)))],
  ['dig', fnRest(any, dig)],
  ...withMust('deepCopy', walking(fn1(any, deepCopy))),
  ...withMust('merge', merging('keep')),
  ...withMust('mergeOverwrite', merging('overwrite')),
];

/** A key without a value gets the empty text. */
function dictOf(values: readonly Value[]): Value {
  const entries: [string, Value][] = [];
  for (let at = 0; at < values.length; at += 2)
    entries.push([plain(values[at] ?? null), at + 1 < values.length ? (values[at + 1] ?? null) : '']);
  return dict(entries);
}

function set(target: GoDict, key: string, value: Value): Value {
  target.entries.set(key, value);
  checkItemCount(target.entries.size);
  return target;
}

function unset(target: GoDict, key: string): Value {
  target.entries.delete(key);
  return target;
}

function pluck(key: string, dicts: readonly GoDict[]): Value {
  return list(dicts.filter(({ entries }) => entries.has(key)).map(({ entries }) => entries.get(key) ?? null));
}

function strings(texts: readonly string[]): Value {
  checkItemCount(texts.length);
  return list(texts, STRING_LIST);
}

function filtered({ entries }: GoDict, keeps: (key: string) => boolean): Value {
  return dict([...entries].filter(([key]) => keeps(key)));
}

/** `dig "a" "b" DEFAULT dict` is `dict.a.b`, or the default where a key is missing. */
function dig(params: readonly Value[]): Value {
  if (params.length < 3) throw new FunctionError('at least three arguments are expected');
  const fallback = params.at(-2) ?? null;
  let at: Value = params.at(-1) ?? null;
  const keys = params.slice(0, -2).map(keyOf);
  dictIn(at);
  for (const key of keys) {
    const { entries } = dictIn(at);
    if (!entries.has(key)) return fallback;
    at = entries.get(key) ?? null;
  }
  return at;
}

function keyOf(value: Value): string {
  if (typeof value === 'string') return value;
  throw new FunctionError(`a key is a text, not a value of kind ${kindOf(value)}`);
}

function dictIn(value: Value): GoDict {
  if (value !== null && typeof value === 'object' && value.kind === 'dict' && value.type === ANY_DICT)
    return value;
  throw new FunctionError(`a dict is expected, not a value of kind ${kindOf(value)}`);
}

function deepCopy(value: Value): Value {
  if (value === null) throw new FunctionError('nil cannot be copied');
  return copyOf(value);
}

/** Into the first. */
function merging(how: 'keep' | 'overwrite'): TemplateFunction {
  return walking(
    fn1Rest(anyDict, anyDict, (target, sources) => {
      for (const source of sources) merge(target, source, how);
      return target;
    }),
  );
}
