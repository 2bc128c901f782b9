import { marshal } from '../../go-json.ts';
import { fromGo, toGo } from '../go-string.ts';
import { any, fn1, string, walking } from '../signature.ts';
import { FunctionError } from '../template-error.ts';
import { dict, float, list, sortedKeys } from '../value.ts';
import type { TemplateFunction, Value } from '../value.ts';

/** Sprig's functions of JSON (https://masterminds.github.io/sprig/defaults.html). What is no JSON is nil, as there; `must...` fails. */
export const jsonFunctions: readonly (readonly [string, TemplateFunction])[] = [
  ['toJson', walking(fn1(any, (value) => jsonOf(value, true)))],
  ['toRawJson', walking(fn1(any, (value) => jsonOf(value, false)))],
  ['mustToJson', walking(fn1(any, (value) => jsonOf(value, true)))],
  ['mustToRawJson', walking(fn1(any, (value) => jsonOf(value, false)))],
  ['fromJson', fn1(string, (text) => parsed(text) ?? null)],
  ['mustFromJson', fn1(string, mustParse)],
];

/** The engine has bounded how deep the value is. */
function jsonOf(value: Value, escapeHtml: boolean): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return toGo(marshal(fromGo(value), escapeHtml));
  switch (value.kind) {
    case 'int':
      return String(value.value);
    case 'float':
      if (!Number.isFinite(value.value)) throw new FunctionError('the number has no JSON');
      return marshal(value.value, escapeHtml);
    case 'bytes':
      return marshal(Buffer.from(value.value, 'latin1').toString('base64'), escapeHtml);
    case 'list':
      if (value.isNil) return 'null';
      return `[${value.items.map((item) => jsonOf(item, escapeHtml)).join(',')}]`;
    case 'dict': {
      const members = sortedKeys(value).map(
        (key) => `${jsonOf(key, escapeHtml)}:${jsonOf(value.entries.get(key) ?? null, escapeHtml)}`,
      );
      return `{${members.join(',')}}`;
    }
    case 'struct':
      throw new FunctionError('a value of this type has no JSON here');
  }
}

function mustParse(text: string): Value {
  const value = parsed(text);
  if (value === undefined) throw new FunctionError('the text is no JSON');
  return value;
}

function parsed(text: string): Value | undefined {
  try {
    const value: unknown = JSON.parse(fromGo(text));
    return valueOf(value, 0);
  } catch {
    return undefined;
  }
}

const MAX_DEPTH = 200;

function valueOf(value: unknown, depth: number): Value {
  if (typeof value === 'string') return toGo(value);
  if (typeof value === 'number') return float(value);
  if (typeof value !== 'object') return value === true;
  if (value === null) return null;
  if (depth >= MAX_DEPTH) throw new FunctionError('the JSON is too deep');
  const members = Object.entries(value).map(([key, each]): [string, Value] => [
    toGo(key),
    valueOf(each, depth + 1),
  ]);
  return Array.isArray(value) ? list(members.map(([, each]) => each)) : dict(members);
}
