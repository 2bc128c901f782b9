import { decodeLastRune, decodeRune } from '../go-string.ts';
import { checkTextLength } from '../limits.ts';
import { fn0, fn1, fn2, fn3, int, string } from '../signature.ts';
import { FunctionError } from '../template-error.ts';
import { explode, isSpace } from '../unicode.ts';
import { under } from './names.ts';
import type { NamedFunctions } from './names.ts';

/** Sprig's functions that cut and glue texts (https://masterminds.github.io/sprig/strings.html). Texts are counted in bytes, as there. */
export const stringFunctions: NamedFunctions = [
  ['hello', fn0(() => 'Hello!')],
  ['trim', fn1(string, (text) => trim(text, isSpace))],
  ...under(['trimAll', 'trimall'], fn2(string, string, trimAll)),
  ['trimPrefix', fn2(string, string, (cut, text) => (text.startsWith(cut) ? text.slice(cut.length) : text))],
  ['trimSuffix', fn2(string, string, trimSuffix)],
  ['hasPrefix', fn2(string, string, (part, text) => text.startsWith(part))],
  ['hasSuffix', fn2(string, string, (part, text) => text.endsWith(part))],
  ['contains', fn2(string, string, (part, text) => text.includes(part))],
  ['replace', fn3(string, string, string, (from, to, text) => replaceIn(text, from, to))],
  ['repeat', fn2(int, string, repeat)],
  ['trunc', fn2(int, string, (length, text) => truncate(Number(length), text))],
  ['substr', fn3(int, int, string, (start, end, text) => substring(Number(start), Number(end), text))],
  ['indent', fn2(int, string, indent)],
  ['nindent', fn2(int, string, (spaces, text) => `\n${indent(spaces, text)}`)],
  ['plural', fn3(string, string, int, (one, many, count) => (count === 1n ? one : many))],
];

function trimAll(cut: string, text: string): string {
  const set = new Set(explode(cut).map((part) => decodeRune(part, 0).rune));
  return trim(text, (rune) => set.has(rune));
}

/** The text without the code points at its ends that are to go. */
function trim(text: string, goes: (rune: number) => boolean): string {
  let start = 0;
  let end = text.length;
  for (let next = decodeRune(text, 0); start < end && goes(next.rune); next = decodeRune(text, start))
    start += next.width;
  for (let last = decodeLastRune(text, end); start < end && goes(last.rune); last = decodeLastRune(text, end))
    end -= last.width;
  return text.slice(start, end);
}

function trimSuffix(cut: string, text: string): string {
  return cut !== '' && text.endsWith(cut) ? text.slice(0, -cut.length) : text;
}

function replaceIn(text: string, from: string, to: string): string {
  const pieces = from === '' ? ['', ...explode(text), ''] : text.split(from);
  checkTextLength(text.length + pieces.length * to.length);
  return pieces.join(to);
}

function repeat(count: bigint, text: string): string {
  if (count < 0n) throw new FunctionError('the count is negative');
  checkTextLength(Number(count) * text.length);
  return text === '' ? '' : text.repeat(Number(count));
}

function truncate(length: number, text: string): string {
  if (length >= 0) return text.slice(0, length);
  return text.length + length > 0 ? text.slice(length) : text;
}

function substring(start: number, end: number, text: string): string {
  if (start < 0) return text.slice(0, checkBound(end, text));
  if (end < 0 || end > text.length) return text.slice(checkBound(start, text));
  if (start > end) throw new FunctionError('the start is behind the end');
  return text.slice(start, end);
}

function checkBound(at: number, text: string): number {
  if (at < 0 || at > text.length) throw new FunctionError('a bound lies outside of the text');
  return at;
}

function indent(spaces: bigint, text: string): string {
  const pad = repeat(spaces, ' ');
  return pad + replaceIn(text, '\n', `\n${pad}`);
}
