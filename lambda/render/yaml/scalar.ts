/** What a text of YAML stands for. What looks like a time is the text that it is, but has to be quoted to stay one. */
export type Scalar =
  | { readonly kind: 'null' | 'string' | 'timestamp' }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'int'; readonly value: bigint }
  | { readonly kind: 'float'; readonly value: number };

/** The words of YAML 1.1, in the spellings that it allows. */
const WORDS: ReadonlyMap<string, Scalar> = new Map([
  ...spelled(['y', 'yes', 'true', 'on'], { kind: 'bool', value: true }),
  ...spelled(['n', 'no', 'false', 'off'], { kind: 'bool', value: false }),
  ...spelled(['', '~', 'null'], { kind: 'null' }),
  ...spelled(['.inf', '+.inf'], { kind: 'float', value: Infinity }),
  ...spelled(['-.inf'], { kind: 'float', value: -Infinity }),
  ...['.nan', '.NaN', '.NAN'].map((word): [string, Scalar] => [word, { kind: 'float', value: Number.NaN }]),
]);
const INTEGER =
  /^(?<sign>[-+]?)(?:(?<prefix>0[xXoObB])(?<digits>[0-9a-fA-F]+)|0(?<octal>[0-7]+)|(?<decimal>0|[1-9]\d*))$/u;
const FLOAT = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/u;
const POINT_FIRST = /^\.\d+(?:_\d+)*(?:[eE][-+]?\d+(?:_\d+)*)?$/u;
const DATE = /^(?<year>\d{4})-(?<month>\d{1,2})-(?<day>\d{1,2})(?<time>[Tt ].*)?$/u;
const TIME =
  /^[Tt ](?<hour>\d{1,2}):(?<minute>\d{1,2}):(?<second>\d{1,2})(?:[.,]\d+)?(?<zone>Z|[-+]\d{2}:\d{2})?$/u;
/** More digits than 64 bits take in any spelling. */
const MAX_INTEGER_LENGTH = 100;

/**
 * What a plain text stands for by the rules of go-yaml 2, on which ESO's YAML rests: those of YAML 1.1 without numbers to the base of 60, and
 * with Go's spellings of integers.
 */
export function resolveScalar(text: string): Scalar {
  const word = WORDS.get(text);
  if (word !== undefined) return word;
  const first = text.charAt(0);
  if (!/^[-+.\d]/u.test(first)) return { kind: 'string' };
  if (isTimestamp(text)) return { kind: 'timestamp' };
  const plain = text.replaceAll('_', '');
  if (first === '.') return POINT_FIRST.test(text) ? floatOf(plain) : { kind: 'string' };
  return integerOf(plain) ?? (FLOAT.test(plain) ? floatOf(plain) : { kind: 'string' });
}

/** A word in lower case, with a capital, and in capitals. */
function spelled(words: readonly string[], scalar: Scalar): readonly [string, Scalar][] {
  const spellings = words.flatMap((word) => [
    word,
    word.replace(/[a-z]/u, (letter) => letter.toUpperCase()),
    word.toUpperCase(),
  ]);
  return spellings.map((spelling) => [spelling, scalar]);
}

/** 64 bits, with a sign or without: undefined for what is no integer, or a larger one. */
function integerOf(text: string): Scalar | undefined {
  if (text.length > MAX_INTEGER_LENGTH) return undefined;
  const { sign = '', prefix = '', digits = '', octal, decimal = '' } = INTEGER.exec(text)?.groups ?? {};
  const literal = octal === undefined ? prefix.toLowerCase() + digits + decimal : `0o${octal}`;
  const magnitude = literal === '' ? undefined : bigOf(literal);
  if (magnitude === undefined) return undefined;
  const value = sign === '-' ? -magnitude : magnitude;
  const isSigned = BigInt.asIntN(64, value) === value;
  return isSigned || (sign === '' && BigInt.asUintN(64, value) === value)
    ? { kind: 'int', value }
    : undefined;
}

function bigOf(literal: string): bigint | undefined {
  const isWellFormed = !/^0b.*[^01]|^0o.*[^0-7]/u.test(literal);
  return isWellFormed ? BigInt(literal) : undefined;
}

/** What is beyond the range of float64 stays a text. */
function floatOf(text: string): Scalar {
  const value = Number(text);
  return Number.isFinite(value) ? { kind: 'float', value } : { kind: 'string' };
}

function isTimestamp(text: string): boolean {
  const { year = '', month = '', day = '', time } = DATE.exec(text)?.groups ?? {};
  const lastDay = new Date(Date.UTC(2000 + (Number(year) % 400), Number(month), 0)).getUTCDate();
  const isDate = Number(month) >= 1 && Number(month) <= 12 && Number(day) >= 1 && Number(day) <= lastDay;
  return isDate && (time === undefined || isTime(time));
}

/** With T a zone is needed, with a space there can be none. */
function isTime(text: string): boolean {
  const { hour, minute, second, zone } = TIME.exec(text)?.groups ?? {};
  return (
    hour !== undefined &&
    Number(hour) < 24 &&
    Number(minute) < 60 &&
    Number(second) < 60 &&
    (zone === undefined) === text.startsWith(' ')
  );
}
