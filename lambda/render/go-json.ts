import { formatFloat } from './template/float-text.ts';

/** A value of a JSON document, as `JSON.parse` gives it. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Deeper documents are refused: they are walked through by recursion. */
const MAX_DEPTH = 1000;

/**
 * The members of a JSON object, read as Go reads them into a map: numbers as float64, the last of two members of one name. `null` has none.
 *
 * @returns undefined where the text is no JSON object
 */
export function parseObject(text: string): ReadonlyMap<string, Json> | undefined {
  const value = parse(text);
  if (value === null) return new Map();
  return fits(value, 0) && isObject(value) ? new Map(Object.entries(value)) : undefined;
}

/**
 * JSON as Go's encoding/json writes it (https://pkg.go.dev/encoding/json#Marshal): members in order of their names' bytes, and of a text `<`,
 * `>` and `&` escaped unless told otherwise.
 */
export function marshal(value: Json, escapeHtml: boolean): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  if (typeof value === 'string') return marshalText(value, escapeHtml);
  if (!isObject(value)) return `[${value.map((each) => marshal(each, escapeHtml)).join(',')}]`;
  const members = Object.entries(value)
    .toSorted(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    .map(([key, each]) => `${marshalText(key, escapeHtml)}:${marshal(each, escapeHtml)}`);
  return `{${members.join(',')}}`;
}

/** A value as ESO writes it into a Secret: texts as they are, nothing for null, numbers without an exponent, all else as JSON. */
export function plainText(value: Json): string {
  if (value === null) return '';
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? formatFloat(value, 'f', -1) : marshal(value, true);
}

/** The parser's message is dropped: it would quote the text. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: Json): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Go fails for numbers beyond float64's range, and for documents that are too deep. */
function fits(value: unknown, depth: number): value is Json {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return value !== undefined;
  return depth < MAX_DEPTH && Object.values(value).every((each) => fits(each, depth + 1));
}

/** JS writes `\b` and `\f` as Go does; what differs are line separators and the characters of HTML. */
function marshalText(text: string, escapeHtml: boolean): string {
  const special = escapeHtml ? /[\u2028\u2029<>&]/gu : /[\u2028\u2029]/gu;
  return JSON.stringify(text.toWellFormed()).replaceAll(
    special,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
