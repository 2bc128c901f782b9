import { isJson } from '../json-text.ts';
import { goesOn } from './evaluation.ts';
import type { Evaluation, Start } from './evaluation.ts';
import { quote } from './json-string.ts';
import { MISSING } from './raw-value.ts';
import { endOfQuotes } from './quotes.ts';

/** One of the paths of `{a,"name":b}` or `[a,b]`. */
interface Selector {
  readonly name: string;
  readonly path: string;
}

/**
 * `[...]` makes an array and `{...}` an object of what several paths select; those that select nothing are left out. Where the closing bracket
 * is missing, gjson searches a member without a name instead, and where something else follows it, that.
 */
export function multipathStart({ get }: Evaluation, document: string, path: string): Start {
  const { selectors, rest } = parseSelectors(path);
  if (selectors === undefined || (rest !== '' && !goesOn(rest))) return { kind: 'search', path: rest };
  const isObject = path.startsWith('{');
  const members: string[] = [];
  for (const selector of selectors) {
    const value = get(document, selector.path);
    if (value !== MISSING) members.push(isObject ? `${nameOf(selector)}:${value}` : value);
  }
  const all = members.join(',');
  return { kind: 'made', document: isObject ? `{${all}}` : `[${all}]`, rest };
}

interface ParsedSelectors {
  readonly selectors: readonly Selector[] | undefined;
  readonly rest: string;
}

/** A colon names a path, unless it belongs to a modifier or stands within brackets. */
function parseSelectors(path: string): ParsedSelectors {
  const selectors: Selector[] = [];
  let depth = 1;
  let start = 1;
  let colon: number | undefined;
  let isInModifier = false;
  for (let at = 1; at < path.length; at += 1) {
    const char = path.charAt(at);
    if (char === '\\') at += 1;
    else if (char === '"') at = endOfQuotes(path, at);
    else if (char === '@') isInModifier ||= path[at - 1] === '.' || path[at - 1] === '|';
    else if (char === ':' && !isInModifier && depth === 1) colon ??= at;
    else if ('[({'.includes(char)) depth += 1;
    else if ('])}'.includes(char)) depth -= 1;
    if (depth > 1 || (depth === 1 && char !== ',')) continue;
    selectors.push(selectorAt(path, start, colon, at));
    if (depth === 0) return { selectors, rest: path.slice(at + 1) };
    [start, colon, isInModifier] = [at + 1, undefined, false];
  }
  return { selectors: undefined, rest: '' };
}

function selectorAt(path: string, start: number, colon: number | undefined, end: number): Selector {
  if (colon === undefined) return { name: '', path: path.slice(start, end) };
  return { name: path.slice(start, colon), path: path.slice(colon + 1, end) };
}

/** The name that is given, or the last component of the path where it is a plain one, or `_`. */
function nameOf({ name, path }: Selector): string {
  if (name !== '') return name.startsWith('"') && isJson(name) ? name : quote(name);
  const last = lastComponent(path);
  return quote(/[^ -\xff]|[[\]{}()#|!]/u.test(last) ? '_' : last);
}

function lastComponent(path: string): string {
  for (let at = path.length - 1; at >= 0; at -= 1)
    if ((path[at] === '.' || path[at] === '|') && path[at - 1] !== '\\') return path.slice(at + 1);
  return path;
}
