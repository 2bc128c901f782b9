/** A finite number as decimal digits: `0.DIGITS * 10^point`, without zeros at the end. */
interface Decimal {
  readonly digits: string;
  readonly point: number;
}

export type FloatVerb = 'b' | 'e' | 'E' | 'f' | 'g' | 'G' | 'x' | 'X';

/**
 * strconv.FormatFloat for 64 bits. Precision -1 means as many digits as tell the number from its neighbours; any other is exact, with ties
 * to even, which JS's own toFixed and toExponential are not.
 */
export function formatFloat(value: number, verb: FloatVerb, precision: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const magnitude = Math.abs(value);
  switch (verb) {
    case 'b':
      return sign + binary(magnitude);
    case 'x':
    case 'X': {
      const text = hexadecimal(magnitude, precision);
      return sign + (verb === 'X' ? text.toUpperCase() : text);
    }
    case 'e':
    case 'E':
      return sign + exponential(digitsFor(magnitude, precision, precision + 1), precision, verb);
    case 'f':
      return sign + fixed(roundedAfterPoint(magnitude, precision), precision);
    case 'g':
    case 'G':
      return sign + general(magnitude, precision, verb);
  }
}

/** `%g`: `%e` for small and large exponents, else `%f`. */
function general(magnitude: number, precision: number, verb: 'g' | 'G'): string {
  const shortest = precision < 0;
  const wanted = shortest ? -1 : Math.max(precision, 1);
  const decimal = digitsFor(magnitude, wanted, wanted);
  const count = decimal.digits.length;
  const threshold = shortest ? 6 : wanted > count && count >= decimal.point ? count : wanted;
  const exponent = decimal.point - 1;
  if (exponent < -4 || exponent >= threshold) {
    return exponential(decimal, Math.max(count - 1, 0), verb === 'g' ? 'e' : 'E');
  }
  return fixed(decimal, Math.max(count - decimal.point, 0));
}

function exponential(decimal: Decimal, precision: number, letter: 'e' | 'E'): string {
  const digits = decimal.digits === '' ? '0' : decimal.digits;
  const exponent = decimal.digits === '' ? 0 : decimal.point - 1;
  const places = precision < 0 ? digits.length - 1 : precision;
  const fraction = digits.slice(1, places + 1).padEnd(places, '0');
  const shown = Math.abs(exponent).toString().padStart(2, '0');
  return `${digits.charAt(0)}${places > 0 ? '.' : ''}${fraction}${letter}${exponent < 0 ? '-' : '+'}${shown}`;
}

function fixed(decimal: Decimal, precision: number): string {
  const { digits, point } = decimal;
  const whole = point > 0 ? digits.slice(0, point).padEnd(point, '0') : '0';
  const rest = point > 0 ? digits.slice(point) : digits === '' ? '' : '0'.repeat(-point) + digits;
  const places = precision < 0 ? rest.length : precision;
  return places > 0 ? `${whole}.${rest.slice(0, places).padEnd(places, '0')}` : whole;
}

function digitsFor(magnitude: number, precision: number, digits: number): Decimal {
  return precision < 0 ? shortestDecimal(magnitude) : rounded(exactDecimal(magnitude), digits);
}

function roundedAfterPoint(magnitude: number, precision: number): Decimal {
  if (precision < 0) return shortestDecimal(magnitude);
  const exact = exactDecimal(magnitude);
  return rounded(exact, exact.point + precision);
}

function shortestDecimal(magnitude: number): Decimal {
  if (magnitude === 0) return { digits: '', point: 0 };
  const [mantissa = '', exponent = ''] = magnitude.toExponential().split('e');
  return trimmed(mantissa.replace('.', ''), Number(exponent) + 1);
}

/** All digits of the number: a double is a multiple of a power of two, so there is an end to them. */
function exactDecimal(magnitude: number): Decimal {
  const { mantissa, exponent } = decompose(magnitude);
  if (mantissa === 0n) return { digits: '', point: 0 };
  const scaled = exponent >= 0 ? mantissa << BigInt(exponent) : mantissa * 5n ** BigInt(-exponent);
  const text = scaled.toString();
  return trimmed(text, text.length - Math.max(-exponent, 0));
}

/** The first digits, the last of them rounded; ties go to the even one. */
function rounded(decimal: Decimal, count: number): Decimal {
  const { digits, point } = decimal;
  if (count >= digits.length) return decimal;
  if (count < 0) return { digits: '', point: 0 };
  const kept = digits.slice(0, count);
  const rest = digits.slice(count);
  const isOdd = count > 0 && '13579'.includes(kept.charAt(count - 1));
  const up = rest === '5' ? isOdd : rest.charAt(0) >= '5';
  if (!up) return trimmed(kept, kept === '' ? 0 : point);
  const next = (BigInt(`0${kept}`) + 1n).toString().padStart(count, '0');
  return trimmed(next, point + (next.length - count));
}

function trimmed(digits: string, point: number): Decimal {
  let end = digits.length;
  while (end > 0 && digits.charAt(end - 1) === '0') end--;
  return end === 0 ? { digits: '', point: 0 } : { digits: digits.slice(0, end), point };
}

/** `mantissa * 2^exponent`, with the mantissa as Go's `%b` shows it. */
function decompose(magnitude: number): { readonly mantissa: bigint; readonly exponent: number } {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, magnitude);
  const bits = view.getBigUint64(0);
  const fraction = bits & 0xfffffffffffffn;
  const biased = Number(bits >> 52n);
  return biased === 0
    ? { mantissa: fraction, exponent: -1074 }
    : { mantissa: fraction | (1n << 52n), exponent: biased - 1075 };
}

function binary(magnitude: number): string {
  const { mantissa, exponent } = decompose(magnitude);
  return `${mantissa}p${exponent < 0 ? '' : '+'}${exponent}`;
}

/** `0x1.8p+01`; the mantissa is rounded to even where it has more than the wanted hexadecimal digits. */
function hexadecimal(magnitude: number, precision: number): string {
  let { mantissa, exponent } = decompose(magnitude);
  if (mantissa === 0n) return `0x0${precision > 0 ? `.${'0'.repeat(precision)}` : ''}p+00`;
  const shift = 53 - mantissa.toString(2).length;
  mantissa <<= BigInt(shift);
  exponent += 52 - shift;
  if (precision >= 0 && precision < 13) mantissa = roundedHex(mantissa, precision);
  if (mantissa >> 53n === 1n) {
    mantissa >>= 1n;
    exponent++;
  }
  const digits = (mantissa & 0xfffffffffffffn).toString(16).padStart(13, '0');
  const fraction =
    precision < 0 ? digits.replace(/0+$/u, '') : digits.slice(0, precision).padEnd(precision, '0');
  const shown = Math.abs(exponent).toString().padStart(2, '0');
  return `0x1${fraction === '' ? '' : '.'}${fraction}p${exponent < 0 ? '-' : '+'}${shown}`;
}

function roundedHex(mantissa: bigint, precision: number): bigint {
  const drop = BigInt(52 - 4 * precision);
  const half = 1n << (drop - 1n);
  const rest = mantissa & ((1n << drop) - 1n);
  const kept = mantissa >> drop;
  const up = rest > half || (rest === half && (kept & 1n) === 1n);
  return (kept + (up ? 1n : 0n)) << drop;
}
