const SECOND = 1_000_000_000n;

const UNITS: ReadonlyMap<string, bigint> = new Map([
  ['ns', 1n],
  ['us', 1000n],
  ['\u00b5s', 1000n],
  ['\u03bcs', 1000n],
  ['ms', 1_000_000n],
  ['s', SECOND],
  ['m', 60n * SECOND],
  ['h', 3600n * SECOND],
]);

const PART = /(\d*)(?:\.(\d*))?([^\d.]+)/uy;
/** No number that fits is longer. */
const MAX_DIGITS = 30;
const MAX = 1n << 63n;

/** time.ParseDuration, of a JS text: nanoseconds, or undefined where the text is none or does not fit. */
export function parseDuration(text: string): bigint | undefined {
  const isNegative = text.startsWith('-');
  const source = text.replace(/^[-+]/u, '');
  if (source === '0') return 0n;
  if (source === '') return undefined;
  let total = 0n;
  for (PART.lastIndex = 0; PART.lastIndex < source.length;) {
    const part = nanosecondsOf(PART.exec(source));
    if (part === undefined) return undefined;
    total += part;
    if (total > MAX) return undefined;
  }
  if (isNegative) return -total;
  return total === MAX ? undefined : total;
}

function nanosecondsOf(match: RegExpExecArray | null): bigint | undefined {
  const [, whole = '', fraction = '', name = ''] = match ?? [];
  const unit = UNITS.get(name);
  if (unit === undefined || whole.length > MAX_DIGITS || whole + fraction === '') return undefined;
  const start = BigInt(`0${whole}`) * unit;
  return start > MAX ? undefined : start + fractionOf(fraction, unit);
}

/** In floating point, as Go does it: digits beyond an int64 do not count. */
function fractionOf(digits: string, unit: bigint): bigint {
  const counted = digits.slice(0, 18);
  if (/^0*$/u.test(counted)) return 0n;
  return BigInt(Math.trunc(Number(counted) * (Number(unit) / Number(`1e${counted.length}`))));
}

/** time.Duration's String: `1h15m30.5s`, `1.5ms`; 0 is `0s`. */
export function durationText(nanoseconds: bigint): string {
  const sign = nanoseconds < 0n ? '-' : '';
  const size = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  if (size === 0n) return '0s';
  if (size < SECOND) return sign + smallText(size);
  const seconds = size / SECOND;
  const minutes = seconds / 60n;
  const hours = minutes / 60n;
  const tail = `${withFraction(seconds % 60n, size % SECOND, 9)}s`;
  if (minutes === 0n) return sign + tail;
  return sign + (hours === 0n ? '' : `${hours}h`) + `${minutes % 60n}m` + tail;
}

function smallText(size: bigint): string {
  if (size < 1000n) return `${size}ns`;
  if (size < 1_000_000n) return `${withFraction(size / 1000n, size % 1000n, 3)}\u00b5s`;
  return `${withFraction(size / 1_000_000n, size % 1_000_000n, 6)}ms`;
}

function withFraction(whole: bigint, rest: bigint, digits: number): string {
  const fraction = rest.toString().padStart(digits, '0').replace(/0+$/u, '');
  return fraction === '' ? whole.toString() : `${whole}.${fraction}`;
}
