import { fromGo, toGo } from '../../../../lambda/render/template/go-string.ts';
import * as param from '../../../../lambda/render/template/signature.ts';
import { FunctionError } from '../../../../lambda/render/template/template-error.ts';
import { execute, parseTemplate } from '../../../../lambda/render/template/template.ts';
import { STRING_DICT, bytes, dict, int, list, nilList } from '../../../../lambda/render/template/value.ts';
import type { GoDict, Spend, TemplateFunction, Value } from '../../../../lambda/render/template/value.ts';

const { any, anyDict, anyList, bool, fn0, fn1, fn3, fnRest, string } = param;

const uint64: param.Param<bigint> = {
  type: 'uint64',
  constant: 'uint64',
  nilable: false,
  read: () => 0n,
  accepts: (value) => typeof value === 'object' && value?.kind === 'int' && value.type === 'uint64',
};

/** Functions of every kind of parameter, for templates that make values to test with. */
export const functions: ReadonlyMap<string, TemplateFunction> = new Map([
  ['list', fnRest(any, (items) => list(items))],
  ['nillist', fn0(() => nilList())],
  ['strs', fnRest(string, (items) => list(items, '[]string'))],
  ['dict', fnRest(any, toDict)],
  ['set', fn3(anyDict, string, any, set)],
  ['bytes', fn1(string, bytes)],
  ['i64', fn1(param.int64, (value) => int(value, 'int64'))],
  ['u64', { ...fn1(uint64, () => null), call: ([value = null]) => value }],
  ['f64', fn1(param.float64, (value) => value.toString())],
  ['isb', fn1(bool, (value) => value)],
  ['up', fn1(string, (text) => text.toUpperCase())],
  ['anys', fn1(anyList, ({ items }) => int(items.length))],
  ['dct', fn1(anyDict, ({ entries }) => int(entries.size))],
  ['null', fn0(() => null)],
  ['walk', param.walking(fn1(any, () => 'walked'))],
  ['work', fn1(param.int, worked)],
  [
    'fail',
    fn1(string, (message) => {
      throw new FunctionError('failed', message);
    }),
  ],
  [
    'crash',
    fn1(string, (message) => {
      throw new TypeError(message);
    }),
  ],
]);

/** The values of a secret, as templates get them. */
export function data(): GoDict {
  return dict(
    [
      ['name', 'db'],
      ['port', '5432'],
      ['empty', ''],
      ['binary', '\x00\xffa'],
      ['text', toGo('héllo')],
      ['markup', "<a href='x'>&\"</a>"],
    ],
    STRING_DICT,
  );
}

/** What a template named `t` makes of the data, as text. */
export function render(source: string, dot: Value = data()): string {
  return fromGo(execute(parseTemplate('t', toGo(source), functions), dot));
}

/** The message of what goes wrong. */
export function failureOf(source: string, dot: Value = data()): string {
  try {
    render(source, dot);
  } catch (failure) {
    return failure instanceof Error ? failure.message : 'no error';
  }
  return 'nothing failed';
}

function worked(steps: bigint, spend: Spend): Value {
  spend(Number(steps));
  return 'done';
}

function toDict(parts: readonly Value[]): Value {
  const made = dict();
  for (let i = 0; i + 1 < parts.length; i += 2) {
    const key = parts[i];
    if (typeof key !== 'string') throw new FunctionError('a key is no string');
    made.entries.set(key, parts[i + 1] ?? null);
  }
  return made;
}

function set(target: GoDict, key: string, value: Value): Value {
  target.entries.set(key, value);
  return target;
}
