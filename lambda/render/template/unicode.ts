import { decodeRune, encodeRune } from './go-string.ts';

/** Go maps one code point to one; JS's toUpperCase also knows `ß` → `SS`. These are the ones that have both. */
const IOTA_SUBSCRIPT = /[\u1f80-\u1f87\u1f90-\u1f97\u1fa0-\u1fa7]/u;
const IOTA_SUBSCRIPT_ALONE = /[\u1fb3\u1fc3\u1ff3]/u;
const DOTTED_I = 0x130;

/** Digraphs have a title case of their own (`ǅ`), and Georgian letters have none. */
const DIGRAPH = /[\u01c4-\u01cc\u01f1-\u01f3]/u;
const GEORGIAN = /[\u10d0-\u10ff]/u;

/** unicode.ToUpper. */
export function toUpper(rune: number): number {
  if (rune < 0x80) return rune >= 0x61 && rune <= 0x7a ? rune - 0x20 : rune;
  const char = String.fromCodePoint(rune);
  if (IOTA_SUBSCRIPT.test(char)) return rune + 8;
  if (IOTA_SUBSCRIPT_ALONE.test(char)) return rune + 9;
  return single(char.toUpperCase(), rune);
}

/** unicode.ToLower. */
export function toLower(rune: number): number {
  if (rune < 0x80) return rune >= 0x41 && rune <= 0x5a ? rune + 0x20 : rune;
  if (rune === DOTTED_I) return codeOf('i');
  return single(String.fromCodePoint(rune).toLowerCase(), rune);
}

/** unicode.ToTitle. */
export function toTitle(rune: number): number {
  if (rune < 0x80) return toUpper(rune);
  const char = String.fromCodePoint(rune);
  if (GEORGIAN.test(char)) return rune;
  if (DIGRAPH.test(char)) {
    const upper = toUpper(rune);
    return isTitle(upper + 1) ? upper + 1 : upper;
  }
  return toUpper(rune);
}

/** unicode.IsSpace. */
export const isSpace = property(/\p{White_Space}/u);

/** unicode.IsUpper. */
export const isUpper = property(/\p{Lu}/u);

/** unicode.IsLower. */
export const isLower = property(/\p{Ll}/u);

/** unicode.IsTitle. */
export const isTitle = property(/\p{Lt}/u);

/** unicode.IsLetter. */
export const isLetter = property(/\p{L}/u);

/** unicode.IsDigit. */
export const isDigit = property(/\p{Nd}/u);

/** unicode.IsNumber. */
export const isNumber = property(/\p{N}/u);

/** unicode.IsPunct. */
export const isPunct = property(/\p{P}/u);

/** strings.Map: every code point replaced; a byte that is no UTF-8 counts as U+FFFD. */
export function mapRunes(text: string, map: (rune: number) => number): string {
  const parts: string[] = [];
  for (let offset = 0; offset < text.length;) {
    const { rune, width } = decodeRune(text, offset);
    parts.push(encodeRune(map(rune)));
    offset += width;
  }
  return parts.join('');
}

/** The code points as strings of their own, bytes that are no UTF-8 kept: what Go splits a text into at "". */
export function explode(text: string): readonly string[] {
  const parts: string[] = [];
  for (let offset = 0; offset < text.length;) {
    const { width } = decodeRune(text, offset);
    parts.push(text.slice(offset, offset + width));
    offset += width;
  }
  return parts;
}

/** What an expression says of a code point; remembered for the ones that most texts are made of. */
function property(expression: RegExp): (rune: number) => boolean {
  const test = (rune: number): boolean => expression.test(String.fromCodePoint(rune));
  const known = Array.from({ length: 0x100 }, (_, rune) => test(rune));
  return (rune) => known[rune] ?? test(rune);
}

function codeOf(char: string): number {
  return char.codePointAt(0) ?? 0;
}

/** The mapped character where it is one, else the code point itself. */
function single(mapped: string, rune: number): number {
  const code = codeOf(mapped);
  return mapped.length === String.fromCodePoint(code).length ? code : rune;
}
