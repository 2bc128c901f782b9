/** What Go's decoder makes of a text: bytes, or the place where it stops. */
export type Decoded =
  { readonly kind: 'text'; readonly text: string } | { readonly kind: 'corrupt'; readonly at: number };

/** base64.StdEncoding's DecodeString. Line ends count in a position, but not as data. */
export function decodeBase64(text: string): Decoded {
  const at = problemAt(text);
  return at === undefined
    ? { kind: 'text', text: Buffer.from(text, 'base64').toString('latin1') }
    : { kind: 'corrupt', at };
}

function problemAt(text: string): number | undefined {
  const at = /[^A-Za-z0-9+/\r\n]/u.exec(text)?.index ?? text.length;
  const inQuantum = text.slice(0, at).replaceAll(/[\r\n]/gu, '').length % 4;
  if (at === text.length) return inQuantum === 0 ? undefined : at - inQuantum;
  if (text.charAt(at) !== '=' || inQuantum < 2) return at;
  const next = skipLineEnds(text, at + 1);
  if (inQuantum === 3) return next < text.length ? next : undefined;
  if (next === text.length) return next;
  if (text.charAt(next) !== '=') return next - 1;
  const end = skipLineEnds(text, next + 1);
  return end < text.length ? end : undefined;
}

function skipLineEnds(text: string, from: number): number {
  let at = from;
  while (text.charAt(at) === '\n' || text.charAt(at) === '\r') at++;
  return at;
}
