/** Where Go's decoder stops in a text that is no base64. Line ends count in the position, but not as data. */
export function base64ProblemAt(text: string): number {
  const at = /[^A-Za-z0-9+/\r\n]/u.exec(text)?.index ?? text.length;
  const inQuantum = text.slice(0, at).replaceAll(/[\r\n]/gu, '').length % 4;
  if (at === text.length) return at - inQuantum;
  if (text.charAt(at) !== '=' || inQuantum < 2) return at;
  const next = skipLineEnds(text, at + 1);
  if (inQuantum === 3 || next === text.length) return next;
  return text.charAt(next) === '=' ? skipLineEnds(text, next + 1) : next - 1;
}

function skipLineEnds(text: string, from: number): number {
  let at = from;
  while (text.charAt(at) === '\n' || text.charAt(at) === '\r') at++;
  return at;
}
