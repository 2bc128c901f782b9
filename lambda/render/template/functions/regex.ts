import { RE2JS } from 're2js';
import { replaceAll } from '../../replace-all.ts';
import { searchCost } from '../../search-cost.ts';
import { fromGo, isUtf8, toGo } from '../go-string.ts';
import { checkItemCount, checkTextLength } from '../limits.ts';
import { fn1, fn2, fn3, int, string } from '../signature.ts';
import { FunctionError } from '../template-error.ts';
import { explode } from '../unicode.ts';
import { STRING_LIST, list, nilList } from '../value.ts';
import type { Spend, Value } from '../value.ts';
import { withMust } from './names.ts';
import type { NamedFunctions } from './names.ts';

/** Sprig's regular expressions, with RE2's semantics as in Go (https://masterminds.github.io/sprig/strings.html). */
export const regexFunctions: NamedFunctions = [
  [
    'regexMatch',
    fn2(string, string, (source, text, spend) => paid(source, text, spend)?.test(toJs(text)) ?? false),
  ],
  [
    'mustRegexMatch',
    fn2(string, string, (source, text, spend) => compile(source, text, spend).test(toJs(text))),
  ],
  ...withMust('regexFind', fn2(string, string, find)),
  ...withMust('regexFindAll', fn3(string, string, int, findAll)),
  ...withMust('regexSplit', fn3(string, string, int, split)),
  ...withMust('regexReplaceAll', fn3(string, string, string, replaceGroups)),
  ...withMust('regexReplaceAllLiteral', fn3(string, string, string, replaceLiterally)),
  ['regexQuoteMeta', fn1(string, (text) => text.replaceAll(/[\\.+*?()|[\]{}^$]/gu, '\\$&'))],
];

/** What compiling takes for each instruction of the program. */
const COMPILE_STEPS = 10;
/** Bytes of an expression. */
const MAX_SOURCE = 4096;

function compile(source: string, text: string, spend: Spend): RE2JS {
  const expression = paid(source, text, spend);
  if (expression === undefined) throw new FunctionError('the regular expression cannot be parsed');
  return expression;
}

/** The expression, paid for: a search is linear in the text, but `x{1000}` makes a program of a thousand instructions. */
function paid(source: string, text: string, spend: Spend): RE2JS | undefined {
  const expression = parsed(source);
  if (expression !== undefined)
    spend(COMPILE_STEPS * (10 + expression.programSize()) + searchCost(expression, text)(0, undefined));
  return expression;
}

function parsed(source: string): RE2JS | undefined {
  if (source.length > MAX_SOURCE)
    throw new FunctionError(`the regular expression is longer than ${MAX_SOURCE} bytes`);
  try {
    return RE2JS.compile(fromGo(source));
  } catch {
    return undefined;
  }
}

/** Where the expression matches: an empty match right after another does not count, as in Go. */
function matches(
  expression: RE2JS,
  text: string,
  limit: number,
  spend: Spend,
): readonly (readonly [number, number])[] {
  const cost = searchCost(expression, text);
  const matcher = expression.matcher(text);
  const found: [number, number][] = [];
  let last = -1;
  for (let from = 0; found.length < limit && from <= text.length && matcher.find(from);) {
    const [start, end] = [matcher.start(), matcher.end()];
    spend(cost(from, end));
    if (end > start || start !== last) found.push([start, end]);
    last = end;
    from = end > from ? end : from + widthAt(text, from);
  }
  checkItemCount(found.length);
  spend(found.length);
  return found;
}

/** A character beyond the first plane is two places wide. */
function widthAt(text: string, at: number): number {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}

function find(source: string, text: string, spend: Spend): Value {
  const subject = toJs(text);
  const [match] = matches(compile(source, text, spend), subject, 1, spend);
  return match === undefined ? '' : fromJs(subject.slice(...match));
}

/** At most so many; all for a negative number. */
function findAll(source: string, text: string, count: bigint, spend: Spend): Value {
  const subject = toJs(text);
  const found = matches(compile(source, text, spend), subject, count < 0n ? Infinity : Number(count), spend);
  if (found.length === 0) return nilList(STRING_LIST);
  return list(
    found.map((match) => fromJs(subject.slice(...match))),
    STRING_LIST,
  );
}

/** regexp.Split: at most so many parts, the last being the rest. */
function split(source: string, text: string, count: bigint, spend: Spend): Value {
  const expression = compile(source, text, spend);
  if (count === 0n) return nilList(STRING_LIST);
  if (source !== '' && text === '') return list([''], STRING_LIST);
  const subject = toJs(text);
  const limit = count < 0n ? Infinity : Number(count);
  const parts: string[] = [];
  let start = 0;
  let end = 0;
  for (const [matchStart, matchEnd] of matches(expression, subject, limit, spend)) {
    if (parts.length === limit - 1) break;
    end = matchStart;
    if (matchEnd > 0) parts.push(subject.slice(start, end));
    start = matchEnd;
  }
  if (end !== subject.length) parts.push(subject.slice(start));
  return list(parts.map(fromJs), STRING_LIST);
}

function replaceGroups(source: string, text: string, replacement: string, spend: Spend): string {
  return fromJs(
    replaceAll(compile(source, text, spend), toJs(text), fromGo(replacement), {
      spend,
      checkLength: checkTextLength,
    }),
  );
}

/** The replacement as it stands. */
function replaceLiterally(source: string, text: string, replacement: string, spend: Spend): string {
  const subject = toJs(text);
  const found = matches(compile(source, text, spend), subject, Infinity, spend);
  checkTextLength(text.length + found.length * replacement.length);
  const parts: string[] = [];
  let copied = 0;
  for (const [start, end] of found) {
    parts.push(fromJs(subject.slice(copied, start)), replacement);
    copied = end;
  }
  return [...parts, fromJs(subject.slice(copied))].join('');
}

const LONE_SURROGATE = /[\ud800-\udfff]/gu;
const BYTE_BASE = 0xdc00;

/** The text to search; a byte that is no UTF-8 becomes a lone surrogate, which no text holds otherwise, so that nothing is lost. */
function toJs(text: string): string {
  if (isUtf8(text)) return fromGo(text);
  const isByte = (part: string): boolean => part.length === 1 && part >= '\x80';
  return explode(text)
    .map((part) => (isByte(part) ? String.fromCharCode(BYTE_BASE + part.charCodeAt(0)) : fromGo(part)))
    .join('');
}

function fromJs(text: string): string {
  if (text.isWellFormed()) return toGo(text);
  let at = 0;
  const parts: string[] = [];
  for (const { 0: surrogate, index } of text.matchAll(LONE_SURROGATE)) {
    parts.push(toGo(text.slice(at, index)), String.fromCharCode(surrogate.charCodeAt(0) - BYTE_BASE));
    at = index + 1;
  }
  return [...parts, toGo(text.slice(at))].join('');
}
