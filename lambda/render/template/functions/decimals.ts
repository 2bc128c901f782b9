import { FunctionError } from '../template-error.ts';

/** An exact decimal number, `digits * 10^exponent`: sprig adds and multiplies floats as the decimals that they are written as. */
export interface Decimal {
  readonly digits: bigint;
  readonly exponent: number;
}

/** Decimal places of a quotient (https://pkg.go.dev/github.com/shopspring/decimal#pkg-variables). */
const QUOTIENT_PLACES = 16;

/** The shortest decimal that stands for the float. */
export function toDecimal(value: number): Decimal {
  if (!Number.isFinite(value)) throw new FunctionError('a number is infinite or none');
  const [mantissa = '0', exponent = '0'] = value.toExponential().split('e');
  const [whole = '0', fraction = ''] = mantissa.split('.');
  return { digits: BigInt(whole + fraction), exponent: Number(exponent) - fraction.length };
}

/** The float nearest to the decimal. */
export function toNumber({ digits, exponent }: Decimal): number {
  return Number(`${digits}e${exponent}`);
}

/** a + b */
export function add(a: Decimal, b: Decimal): Decimal {
  const exponent = Math.min(a.exponent, b.exponent);
  return { digits: digitsAt(a, exponent) + digitsAt(b, exponent), exponent };
}

/** a - b */
export function subtract(a: Decimal, b: Decimal): Decimal {
  return add(a, { ...b, digits: -b.digits });
}

/** a * b */
export function multiply(a: Decimal, b: Decimal): Decimal {
  return { digits: a.digits * b.digits, exponent: a.exponent + b.exponent };
}

/** a / b to 16 places, half away from zero. */
export function divide(a: Decimal, b: Decimal): Decimal {
  if (b.digits === 0n) throw new FunctionError('division by zero');
  const exponent = -QUOTIENT_PLACES;
  const shift = a.exponent - b.exponent - exponent;
  const dividend = shift > 0 ? a.digits * 10n ** BigInt(shift) : a.digits;
  const divisor = shift < 0 ? b.digits * 10n ** BigInt(-shift) : b.digits;
  const quotient = dividend / divisor;
  const rest = absolute(dividend % divisor);
  const away = dividend < 0n === divisor < 0n ? 1n : -1n;
  return { digits: 2n * rest >= absolute(divisor) ? quotient + away : quotient, exponent };
}

function digitsAt({ digits, exponent }: Decimal, target: number): bigint {
  return digits * 10n ** BigInt(exponent - target);
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}
