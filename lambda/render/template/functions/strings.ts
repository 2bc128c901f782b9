import { fromGo, toGo } from '../go-string.ts';
import { textOf } from '../format.ts';
import { checkTextLength } from '../limits.ts';
import { quote } from '../quote.ts';
import { any, fn1, fn2, fn3, fnRest, int, string } from '../signature.ts';
import { FunctionError } from '../template-error.ts';
import { bytes as bytesValue } from '../value.ts';
import type { TemplateFunction, Value } from '../value.ts';

/** Sprig's functions of texts (https://masterminds.github.io/sprig/strings.html). Texts are counted in bytes, as there. */
export const stringFunctions: readonly (readonly [string, TemplateFunction])[] = [
  ['upper', fn1(string, (text) => toGo(fromGo(text).toUpperCase()))],
  ['lower', fn1(string, (text) => toGo(fromGo(text).toLowerCase()))],
  ['title', fn1(string, (text) => toGo(titleOf(fromGo(text))))],
  ['trim', fn1(string, (text) => toGo(fromGo(text).trim()))],
  ['trimAll', fn2(string, string, (cut, text) => toGo(trimAll(fromGo(text), fromGo(cut))))],
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
  ['quote', fnRest(any, (values) => joined(values, (text) => quote(text)))],
  ['squote', fnRest(any, (values) => joined(values, (text) => `'${text}'`))],
  ['cat', fnRest(any, (values) => joined(values, (text) => text))],
  ['toString', fn1(any, plain)],
  ['toBytes', fn1(string, (text) => bytesValue(text))],
  ['nospace', fn1(string, (text) => toGo(fromGo(text).replaceAll(/\s/gu, '')))],
];

/** A value as `print` shows it, but bytes as the text that they are. */
export function plain(value: Value): string {
  if (typeof value === 'string') return value;
  return value !== null && typeof value === 'object' && value.kind === 'bytes' ? value.value : textOf(value);
}

/** Nil is left out. */
function joined(values: readonly Value[], shown: (text: string) => string): string {
  return values
    .filter((value) => value !== null)
    .map((value) => shown(plain(value)))
    .join(' ');
}

/** As Go's strings.Title: a letter after what is neither letter, digit nor underscore. */
function titleOf(text: string): string {
  return text.replaceAll(/(?<![\p{L}\p{N}_])\p{L}/gu, (letter) => letter.toUpperCase());
}

function trimAll(text: string, cut: string): string {
  const set = new Set(cut);
  const characters = Array.from(text);
  const first = characters.findIndex((character) => !set.has(character));
  const last = characters.findLastIndex((character) => !set.has(character));
  return first === -1 ? '' : characters.slice(first, last + 1).join('');
}

function trimSuffix(cut: string, text: string): string {
  return cut !== '' && text.endsWith(cut) ? text.slice(0, -cut.length) : text;
}

function replaceIn(text: string, from: string, to: string): string {
  const pieces = from === '' ? ['', ...Array.from(fromGo(text), toGo), ''] : text.split(from);
  checkTextLength(text.length + pieces.length * to.length);
  return pieces.join(to);
}

function repeat(count: bigint, text: string): string {
  if (count < 0n) throw new FunctionError('the count is negative');
  checkTextLength(Number(count) * text.length);
  return text.repeat(Number(count));
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
