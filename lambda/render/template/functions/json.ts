import { fromGo, toGo } from '../go-string.ts';
import { any, fn1, string, walking } from '../signature.ts';
import { FunctionError } from '../template-error.ts';
import { checkItemCount } from '../limits.ts';
import { TextWriter } from '../text-writer.ts';
import { dict, float, list } from '../value.ts';
import type { Spend, TemplateFunction, Value } from '../value.ts';
import { writeJson } from './write-json.ts';
import type { JsonStyle } from './write-json.ts';
import type { NamedFunctions } from './names.ts';

/**
 * Sprig's functions of JSON (https://masterminds.github.io/sprig/defaults.html). Where there is none, `fromJson` gives nil and `toJson` nothing;
 * `must...` and `toRawJson` fail.
 */
export const jsonFunctions: NamedFunctions = [
  ['toJson', writing((value) => jsonOf(value, { escapesHtml: true, indent: '' }) ?? '')],
  ['toPrettyJson', writing((value) => jsonOf(value, { escapesHtml: true, indent: '  ' }) ?? '')],
  ['toRawJson', writing((value) => mustBeJson(jsonOf(value, { escapesHtml: false, indent: '' })))],
  ['mustToJson', writing((value) => mustBeJson(jsonOf(value, { escapesHtml: true, indent: '' })))],
  ['mustToPrettyJson', writing((value) => mustBeJson(jsonOf(value, { escapesHtml: true, indent: '  ' })))],
  ['mustToRawJson', writing((value) => mustBeJson(jsonOf(value, { escapesHtml: false, indent: '' })))],
  ['fromJson', fn1(string, (text, spend) => parsed(text, spend) ?? null)],
  ['mustFromJson', fn1(string, mustParse)],
];

function writing(body: (value: Value) => string): TemplateFunction {
  return walking(fn1(any, body));
}

/** Undefined for a number that is infinite or none. */
function jsonOf(value: Value, style: JsonStyle): string | undefined {
  const writer = new TextWriter();
  return writeJson(value, writer, style) ? writer.toString() : undefined;
}

function mustBeJson(text: string | undefined): string {
  if (text === undefined) throw new FunctionError('a value has no JSON');
  return text;
}

function mustParse(text: string, spend: Spend): Value {
  const value = parsed(text, spend);
  if (value === undefined) throw new FunctionError('the text is no JSON');
  return value;
}

/** The parser's message is dropped: it would quote the text. */
function parsed(text: string, spend: Spend): Value | undefined {
  const items = itemsIn(text);
  checkItemCount(items);
  spend(items);
  try {
    const value: unknown = JSON.parse(fromGo(text));
    return valueOf(value, 0);
  } catch {
    return undefined;
  }
}

/** How many members and items there are at most: each comes after a bracket, a brace or a comma that stands in no text. */
function itemsIn(text: string): number {
  let items = 0;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"?|[[{,]/gsu)) if (!token.startsWith('"')) items += 1;
  return items;
}

const MAX_DEPTH = 200;

function valueOf(value: unknown, depth: number): Value {
  if (typeof value === 'string') return toGo(value);
  if (typeof value === 'number') return finite(value);
  if (typeof value !== 'object') return value === true;
  if (value === null) return null;
  if (depth >= MAX_DEPTH) throw new FunctionError('the JSON is too deep');
  const members = Object.entries(value).map(([key, each]): [string, Value] => [
    toGo(key),
    valueOf(each, depth + 1),
  ]);
  return Array.isArray(value) ? list(members.map(([, each]) => each)) : dict(members);
}

/** Go fails for numbers beyond the range of float64. */
function finite(value: number): Value {
  if (!Number.isFinite(value)) throw new FunctionError('a number is too large');
  return float(value);
}
