import { formatFloat } from '../float-text.ts';
import { fromGo, isUtf8, toGo } from '../go-string.ts';
import { any, fn1, string, walking } from '../signature.ts';
import { FunctionError } from '../template-error.ts';
import { dict, float, list } from '../value.ts';
import type { Spend, TemplateFunction, Value } from '../value.ts';
import { isMapping, readYaml } from '../../yaml/read.ts';
import type { Yaml } from '../../yaml/read.ts';
import { writeYaml } from '../../yaml/write.ts';
import type { Writable } from '../../yaml/write.ts';

/** What parsing a character may take, in steps. */
const STEPS_PER_CHARACTER = 8;

/** ESO's functions of YAML (https://external-secrets.io/latest/guides/templating/#helper-functions): what goes wrong gives no error, as there. */
export const yamlFunctions: readonly (readonly [string, TemplateFunction])[] = [
  ['toYaml', walking(fn1(any, toYaml))],
  ['fromYaml', fn1(string, fromYaml)],
];

/** Without the line break at the end; nothing for what has no YAML. */
function toYaml(value: Value): string {
  const writable = writableOf(value);
  return writable === undefined ? '' : toGo(writeYaml(writable).replace(/\n$/u, ''));
}

/** What JSON makes of a value: ESO's library goes over it. Undefined where there is none, or where YAML could not hold it. */
function writableOf(value: Value): Writable | undefined {
  if (value === null || typeof value === 'boolean') return word(String(value));
  if (typeof value === 'string') return textual(value);
  switch (value.kind) {
    case 'int':
      return word(String(value.value));
    case 'float':
      return Number.isFinite(value.value) ? word(numberText(value.value)) : undefined;
    case 'bytes':
      return textual(Buffer.from(value.value, 'latin1').toString('base64'));
    case 'list': {
      const items = value.items.map(writableOf);
      if (value.isNil) return word('null');
      return items.every((item) => item !== undefined) ? { kind: 'list', items } : undefined;
    }
    case 'dict': {
      const members = new Map<string, Writable>();
      for (const [key, member] of value.entries) {
        const [name, writable] = [textual(key), writableOf(member)];
        if (name === undefined || writable === undefined) return undefined;
        members.set(name.text, writable);
      }
      return { kind: 'map', members };
    }
    case 'struct':
      return undefined;
  }
}

function word(text: string): Writable {
  return { kind: 'word', word: text };
}

/** Controls that JSON does not escape cannot stand in YAML. */
function textual(value: string): Extract<Writable, { kind: 'text' }> | undefined {
  const text = fromGo(value);
  return /[\x7f-\x84\x86-\x9f\ufffe\uffff]/u.test(text) ? undefined : { kind: 'text', text };
}

/** A whole number whose digits fit into 64 bits is written with them, whatever its type was. */
function numberText(value: number): string {
  if (Number.isInteger(value)) {
    const digits = formatFloat(value, 'f', -1);
    const whole = BigInt(digits);
    if (BigInt.asIntN(64, whole) === whole || BigInt.asUintN(64, whole) === whole) return String(whole);
  }
  return formatFloat(value, 'g', -1);
}

/** A map in any case; what is no mapping has its failure under `Error`, which does not quote the text as ESO's does. */
function fromYaml(source: string, spend: Spend): Value {
  spend(source.length * STEPS_PER_CHARACTER);
  const document = isUtf8(source) ? readYaml(fromGo(source)) : undefined;
  if (document === null) return dict();
  if (!isMapping(document)) return failed();
  try {
    return valueOf(document);
  } catch (failure) {
    if (!(failure instanceof FunctionError)) throw failure;
    return failed();
  }
}

function failed(): Value {
  return dict([['Error', 'the text is no YAML mapping, or too large a one']]);
}

/** As JSON's values are in Go: all numbers are float64, and infinite ones are none. */
function valueOf(yaml: Yaml): Value {
  if (yaml === null || typeof yaml === 'boolean') return yaml;
  if (typeof yaml === 'string') return toGo(yaml);
  if (typeof yaml === 'bigint' || typeof yaml === 'number') {
    const number = Number(yaml);
    if (!Number.isFinite(number)) throw new FunctionError('a number is infinite');
    return float(number);
  }
  if (yaml.kind === 'list') return list(yaml.items.map(valueOf));
  return dict([...yaml.members].map(([name, member]): [string, Value] => [toGo(name), valueOf(member)]));
}
