const LETTER = /\p{L}/u;
const DIGIT = /\p{Nd}/u;

/** The order in which go-yaml writes keys: a natural one, in which a2 comes before a10, and what is no letter before what is one. */
export function compareKeys(a: string, b: string): number {
  const [left, right] = [Array.from(a), Array.from(b)];
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at++) {
    if (left[at] !== right[at]) return compareFrom(left, right, at);
  }
  return left.length - right.length;
}

/** From the first character in which they differ. */
function compareFrom(left: readonly string[], right: readonly string[], at: number): number {
  const [a = '', b = ''] = [left[at], right[at]];
  const isLetter = { a: LETTER.test(a), b: LETTER.test(b) };
  if (isLetter.a && isLetter.b) return compareCodes(a, b);
  if (isLetter.a || isLetter.b) return isLetter.b ? -1 : 1;
  const start = (a === '0' || b === '0') && followsNumber(left, at) ? 1n : 0n;
  const [first, second] = [numberFrom(left, at, start), numberFrom(right, at, start)];
  if (first.value !== second.value) return first.value < second.value ? -1 : 1;
  return first.end - second.end || compareCodes(a, b);
}

/** Whether digits stand directly before, and not only zeros. */
function followsNumber(characters: readonly string[], at: number): boolean {
  for (let before = at - 1; before >= 0; before--) {
    const character = characters[before] ?? '';
    if (!DIGIT.test(character)) return false;
    if (character !== '0') return true;
  }
  return false;
}

/** The number that begins here; it wraps around as Go's int64 does. */
function numberFrom(
  characters: readonly string[],
  from: number,
  start: bigint,
): { readonly value: bigint; readonly end: number } {
  let [value, end] = [start, from];
  while (DIGIT.test(characters[end] ?? '')) {
    const digit = BigInt((characters[end] ?? '').codePointAt(0) ?? 0) - 48n;
    value = BigInt.asIntN(64, value * 10n + digit);
    end++;
  }
  return { value, end };
}

function compareCodes(a: string, b: string): number {
  return (a.codePointAt(0) ?? 0) - (b.codePointAt(0) ?? 0);
}
