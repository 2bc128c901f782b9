import { resolveScalar } from './scalar.ts';

/** How a text is written. */
export type Style = 'plain' | 'single' | 'double' | 'literal';

/** Numbers to the base of 60 in YAML 1.1: go-yaml does not read them, but other programs would. */
const BASE_60 = /^[-+]?\d[\d_]*(?::[0-5]?\d)+(?:\.[\d_]*)?$/u;
const BREAK = /[\r\n\u0085\u2028\u2029]/u;
/** Lone characters that may stand in YAML as they are; others are escaped. */
const UNPRINTABLE = /[^\n\x20-\x7e\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd]/u;
/** What may not begin a plain text, alone or with something white behind it, or a document's mark. */
const INDICATOR_FIRST = /^(?:[#,[\]{}&*!|>'"%@`]|[?:-](?:[ \t]|$)|---|\.\.\.)/u;
const INDICATOR_WITHIN = /:(?:[ \t]|$)|[ \t\r\n\u0085\u2028\u2029]#/u;
/** A key is written before its colon only up to this many bytes; a longer one needs a `?`. */
const MAX_KEY_BYTES = 128;

/** Whether a key can stand before its colon. */
export function isSimpleKey(text: string): boolean {
  return !BREAK.test(text) && Buffer.byteLength(text) <= MAX_KEY_BYTES;
}

/** The style in which go-yaml writes a text: plain where it stays a text, quoted where it must be, a block where it has lines. */
export function styleOf(text: string, place: 'key' | 'value'): Style {
  if (place === 'value' && text.includes('\n')) return isBlock(text) ? 'literal' : 'double';
  const isText = resolveScalar(text).kind === 'string' && !BASE_60.test(text);
  if (!isText) return 'double';
  if (isPlain(text)) return 'plain';
  return isSingleQuoted(text) ? 'single' : 'double';
}

/** Whether every character of it may stand there unescaped. */
export function isPrintable(character: string): boolean {
  return !UNPRINTABLE.test(character);
}

/** Whether it ends a line. */
export function isBreak(character: string): boolean {
  return BREAK.test(character);
}

function isPlain(text: string): boolean {
  const edges = [text.charAt(0), text.charAt(text.length - 1)];
  return (
    isPrintable(text) &&
    !BREAK.test(text) &&
    !edges.includes(' ') &&
    !INDICATOR_FIRST.test(text) &&
    !INDICATOR_WITHIN.test(text)
  );
}

/** Spaces next to line breaks would be lost. */
function isSingleQuoted(text: string): boolean {
  return isPrintable(text) && !/ [\r\n\u0085\u2028\u2029]|[\r\n\u0085\u2028\u2029] /u.test(text);
}

function isBlock(text: string): boolean {
  return isPrintable(text) && !text.endsWith(' ') && !/ [\r\n\u0085\u2028\u2029]/u.test(text);
}
