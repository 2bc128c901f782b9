import { RUNE_ERROR, decodeRune, encodeRune, fromGo } from './go-string.ts';

const ESCAPES: ReadonlyMap<number, string> = new Map([
  [0x07, '\\a'],
  [0x08, '\\b'],
  [0x0c, '\\f'],
  [0x0a, '\\n'],
  [0x0d, '\\r'],
  [0x09, '\\t'],
  [0x0b, '\\v'],
  [0x5c, '\\\\'],
]);

/** Which characters a quoted string shows as they are. */
type Shown = 'printable' | 'ascii';

/** strconv.Quote (`%q`): a Go string literal in double quotes; `ascii` escapes all that is not ASCII (`%+q`). */
export function quote(text: string, shown: Shown = 'printable'): string {
  const parts = ['"'];
  for (let offset = 0; offset < text.length;) {
    const { rune, width } = decodeRune(text, offset);
    parts.push(
      rune === RUNE_ERROR && width === 1
        ? `\\x${hex(text.charCodeAt(offset), 2)}`
        : escapeRune(rune, '"', shown),
    );
    offset += width;
  }
  return `${parts.join('')}"`;
}

/** strconv.QuoteRune (`%q` of an integer): a character literal. */
export function quoteRune(rune: number, shown: Shown = 'printable'): string {
  const { rune: valid } = decodeRune(encodeRune(rune), 0);
  return `'${escapeRune(valid, "'", shown)}'`;
}

/** strconv.CanBackquote: whether the text can stand in a raw string on one line. */
export function canBackquote(text: string): boolean {
  for (let offset = 0; offset < text.length;) {
    const { rune, width } = decodeRune(text, offset);
    if (rune === 0xfeff || (rune === RUNE_ERROR && width === 1)) return false;
    if ((rune < 0x20 && rune !== 0x09) || rune === 0x60 || rune === 0x7f) return false;
    offset += width;
  }
  return true;
}

/** strconv.IsPrint: letters, marks, numbers, punctuation, symbols, and of the spaces only the ASCII one. */
export function isPrint(rune: number): boolean {
  if (rune < 0x7f) return rune >= 0x20;
  return /[\p{L}\p{M}\p{N}\p{P}\p{S}]/u.test(fromGo(encodeRune(rune)));
}

function escapeRune(rune: number, quoteMark: '"' | "'", shown: Shown): string {
  if (rune === quoteMark.charCodeAt(0)) return `\\${quoteMark}`;
  const escape = ESCAPES.get(rune);
  if (escape !== undefined) return escape;
  if (isPrint(rune) && (rune < 0x80 || shown === 'printable')) return encodeRune(rune);
  if (rune < 0x20 || rune === 0x7f) return `\\x${hex(rune, 2)}`;
  return rune < 0x10000 ? `\\u${hex(rune, 4)}` : `\\U${hex(rune, 8)}`;
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}
