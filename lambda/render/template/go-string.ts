/** Go's U+FFFD: what stands for bytes that are no UTF-8. */
export const RUNE_ERROR = 0xfffd;

/** A JS text as a Go string: a binary string of its UTF-8 bytes (a lone surrogate becomes U+FFFD). */
export function toGo(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

/** A Go string as JS text, to show it; bytes that are no UTF-8 become U+FFFD. */
export function fromGo(value: string): string {
  return Buffer.from(value, 'latin1').toString('utf8');
}

/** Bytes as a Go string. */
export function fromBytes(value: Uint8Array): string {
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('latin1');
}

/** The bytes of a Go string. */
export function toBytes(value: string): Uint8Array {
  return Buffer.from(value, 'latin1');
}

/** One code point of a Go string and the number of bytes that it takes. */
export interface DecodedRune {
  readonly rune: number;
  readonly width: number;
}

/** The code point at a byte offset as Go's range over a string gives it: a byte that is no UTF-8 is U+FFFD, one byte wide. */
export function decodeRune(value: string, offset: number): DecodedRune {
  const first = value.charCodeAt(offset);
  if (first < 0x80) return { rune: first, width: 1 };
  const width = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || offset + width > value.length) return { rune: RUNE_ERROR, width: 1 };
  let rune = first & (0x7f >> width);
  for (let i = 1; i < width; i++) {
    const byte = value.charCodeAt(offset + i);
    if ((byte & 0xc0) !== 0x80) return { rune: RUNE_ERROR, width: 1 };
    rune = (rune << 6) | (byte & 0x3f);
  }
  return isEncodedWell(rune, width) ? { rune, width } : { rune: RUNE_ERROR, width: 1 };
}

/** The code point that ends at a byte offset, as utf8.DecodeLastRuneInString gives it. */
export function decodeLastRune(value: string, end: number): DecodedRune {
  for (let width = 1; width <= 4 && width <= end; width++) {
    if ((value.charCodeAt(end - width) & 0xc0) === 0x80) continue;
    const decoded = decodeRune(value, end - width);
    return decoded.width === width ? decoded : { rune: RUNE_ERROR, width: 1 };
  }
  return { rune: RUNE_ERROR, width: 1 };
}

/** The code points of a Go string, as []rune(s). */
export function runesOf(value: string): readonly number[] {
  const runes: number[] = [];
  for (let offset = 0; offset < value.length;) {
    const { rune, width } = decodeRune(value, offset);
    runes.push(rune);
    offset += width;
  }
  return runes;
}

/** The number of code points, as utf8.RuneCountInString. */
export function runeCount(value: string): number {
  let count = 0;
  for (let offset = 0; offset < value.length; count++) offset += decodeRune(value, offset).width;
  return count;
}

/** A code point as a Go string; one that cannot be encoded becomes U+FFFD. */
export function encodeRune(rune: number): string {
  if (rune >= 0 && rune < 0x80) return String.fromCharCode(rune);
  const valid = rune >= 0 && rune <= 0x10ffff && (rune < 0xd800 || rune > 0xdfff);
  return toGo(String.fromCodePoint(valid ? rune : RUNE_ERROR));
}

/** Whether the Go string is UTF-8 throughout. */
export function isUtf8(value: string): boolean {
  return toGo(fromGo(value)) === value;
}

function isEncodedWell(rune: number, width: number): boolean {
  if (width === 3) return rune >= 0x800 && (rune < 0xd800 || rune > 0xdfff);
  return width === 2 || (rune >= 0x10000 && rune <= 0x10ffff);
}
