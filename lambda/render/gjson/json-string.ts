import { RUNE_ERROR, decodeRune, encodeRune } from '../template/go-string.ts';
import { endOfString } from './scan.ts';

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);

const QUOTED: ReadonlyMap<string, string> = new Map([
  ['"', '\\"'],
  ['\\', '\\\\'],
  ['\b', '\\b'],
  ['\f', '\\f'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

/** What a JSON string (with its quotes) stands for. */
export function unquote(raw: string): string {
  const end = endOfString(raw, 0);
  return unescape(raw.slice(1, end === undefined ? raw.length : end - 1));
}

/** A text with JSON's escapes, as what they stand for. Where an escape is none, gjson ends the text; so does this. */
export function unescape(text: string): string {
  if (!text.includes('\\')) return text;
  const parts: string[] = [];
  let at = 0;
  while (at < text.length) {
    const char = text.charAt(at);
    if (char < ' ') break;
    if (char !== '\\') {
      const next = endOfPlain(text, at);
      parts.push(text.slice(at, next));
      at = next;
    } else if (text[at + 1] === 'u') {
      if (at + 6 > text.length) break;
      const { rune, end } = codePointAt(text, at);
      parts.push(encodeRune(rune));
      at = end;
    } else {
      const meant = ESCAPES.get(text.charAt(at + 1));
      if (meant === undefined) break;
      parts.push(meant);
      at += 2;
    }
  }
  return parts.join('');
}

/** What a JSON string cannot hold, and what Go escapes because it is special in HTML. */
const SPECIAL = /[^ -\xff]|["\\<>&]/gu;

/** A text as a JSON string. As in Go, bytes that are no UTF-8 are replaced. */
export function quote(text: string): string {
  const escaped = text.replaceAll(SPECIAL, quotedCharacter);
  return `"${escaped.replaceAll(/[\x80-\xff]+/gu, quotedRunes)}"`;
}

function quotedCharacter(char: string): string {
  return QUOTED.get(char) ?? unicodeEscape(char.charCodeAt(0));
}

function quotedRunes(bytes: string): string {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const { rune, width } = decodeRune(bytes, at);
    const isEscaped = rune === 0x2028 || rune === 0x2029 || (rune === RUNE_ERROR && width === 1);
    parts.push(isEscaped ? unicodeEscape(rune) : bytes.slice(at, at + width));
    at += width;
  }
  return parts.join('');
}

function unicodeEscape(code: number): string {
  return `\\u${code.toString(16).padStart(4, '0')}`;
}

function endOfPlain(text: string, from: number): number {
  let at = from;
  while (at < text.length && text.charAt(at) >= ' ' && text[at] !== '\\') at += 1;
  return at;
}

/** A surrogate takes whatever `\u` follows it; what is then no pair is U+FFFD. */
function codePointAt(text: string, at: number): { readonly rune: number; readonly end: number } {
  const first = hexAt(text, at + 2);
  const isSurrogate = first >= 0xd800 && first <= 0xdfff;
  if (!isSurrogate || text.length < at + 12 || text.slice(at + 6, at + 8) !== '\\u')
    return { rune: first, end: at + 6 };
  const second = hexAt(text, at + 8);
  const isPair = first < 0xdc00 && second >= 0xdc00 && second <= 0xdfff;
  return { rune: isPair ? (first - 0xd800) * 0x400 + second - 0xdc00 + 0x10000 : RUNE_ERROR, end: at + 12 };
}

/** Four digits; 0 where they are none. */
function hexAt(text: string, at: number): number {
  const digits = text.slice(at, at + 4);
  return /^[0-9a-fA-F]{4}$/u.test(digits) ? Number.parseInt(digits, 16) : 0;
}
