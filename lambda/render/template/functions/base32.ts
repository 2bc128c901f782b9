/** Bytes, or the place where Go's decoder stops. */
export type Decoded =
  { readonly kind: 'text'; readonly text: string } | { readonly kind: 'corrupt'; readonly at: number };

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
/** Digits in a last quantum that Go takes, besides eight. */
const ENDS: ReadonlySet<number> = new Set([2, 4, 5, 7]);

/** base32.StdEncoding's EncodeToString. */
export function encodeBase32(text: string): string {
  const digits: string[] = [];
  let bits = 0;
  let count = 0;
  for (const char of text) {
    bits = ((bits << 8) | char.charCodeAt(0)) & 0xfff;
    for (count += 8; count >= 5; count -= 5) digits.push(DIGITS.charAt((bits >> (count - 5)) & 31));
  }
  if (count > 0) digits.push(DIGITS.charAt((bits << (5 - count)) & 31));
  return digits.join('').padEnd(Math.ceil(text.length / 5) * 8, '=');
}

/** base32.StdEncoding's DecodeString. Line ends do not count. */
export function decodeBase32(text: string): Decoded {
  const compact = text.replaceAll(/[\r\n]/gu, '');
  const at = problemAt(compact);
  return at === undefined
    ? { kind: 'text', text: bytesOf(compact.split('=', 1)[0] ?? '') }
    : { kind: 'corrupt', at };
}

function bytesOf(digits: string): string {
  const bytes: string[] = [];
  let bits = 0;
  let count = 0;
  for (const digit of digits) {
    bits = ((bits << 5) | DIGITS.indexOf(digit)) & 0xfff;
    count += 5;
    if (count < 8) continue;
    count -= 8;
    bytes.push(String.fromCharCode((bits >> count) & 0xff));
  }
  return bytes.join('');
}

/** Eight digits each, and the last of them filled with `=`; what follows the filling is not looked at. */
function problemAt(text: string): number | undefined {
  const at = /[^A-Z2-7]/u.exec(text)?.index ?? text.length;
  const inQuantum = at % 8;
  if (at === text.length) return inQuantum === 0 ? undefined : at - inQuantum;
  const left = text.length - at - 1;
  if (text.charAt(at) !== '=' || inQuantum < 2 || left >= 8) return at;
  if (left + inQuantum < 7) return text.length;
  const other = Array.from(text.slice(at + 1, at + 8 - inQuantum)).findIndex((char) => char !== '=');
  if (other >= 0) return at + other;
  return ENDS.has(inQuantum) ? undefined : at;
}
