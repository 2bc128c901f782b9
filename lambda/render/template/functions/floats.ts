import { any, fn1, fn1Rest, fn2Rest, float64, fnRest, int } from '../signature.ts';
import { FunctionError } from '../template-error.ts';
import { float } from '../value.ts';
import type { Value } from '../value.ts';
import { toFloat64 } from './cast.ts';
import { add, divide, multiply, subtract, toDecimal, toNumber } from './decimals.ts';
import type { Decimal } from './decimals.ts';
import type { NamedFunctions } from './names.ts';

/** Sprig's floating-point numbers (https://masterminds.github.io/sprig/mathf.html): what is no number counts as 0, as there. */
export const floatFunctions: NamedFunctions = [
  ['float64', fn1(any, (value) => float(toFloat64(value)))],
  ['add1f', fn1(any, (value) => calculated(toFloat64(value), [1], add))],
  ['addf', fnRest(any, (values) => calculated(0, values.map(toFloat64), add))],
  ['subf', fn1Rest(any, any, (first, rest) => calculated(toFloat64(first), rest.map(toFloat64), subtract))],
  ['mulf', fn1Rest(any, any, (first, rest) => calculated(toFloat64(first), rest.map(toFloat64), multiply))],
  ['divf', fn1Rest(any, any, (first, rest) => calculated(toFloat64(first), rest.map(toFloat64), divide))],
  ['maxf', fn1Rest(any, any, (first, rest) => float([first, ...rest].map(toFloat64).reduce(largest)))],
  [
    'minf',
    fn1Rest(any, any, (first, rest) =>
      float(-[first, ...rest].map((each) => -toFloat64(each)).reduce(largest)),
    ),
  ],
  ['ceil', fn1(any, (value) => float(Math.ceil(toFloat64(value))))],
  ['floor', fn1(any, (value) => float(Math.floor(toFloat64(value))))],
  [
    'round',
    fn2Rest(any, int, float64, (value, places, [on = 0.5]) =>
      float(round(toFloat64(value), Number(places), on)),
    ),
  ],
];

/** The digits of a product grow with its factors: more than a template has use for are refused. */
const MAX_NUMBERS = 1000;

function calculated(
  first: number,
  rest: readonly number[],
  step: (a: Decimal, b: Decimal) => Decimal,
): Value {
  if (rest.length > MAX_NUMBERS) throw new FunctionError(`more than ${MAX_NUMBERS} numbers`);
  return float(toNumber(rest.map(toDecimal).reduce(step, toDecimal(first))));
}

/** math.Max: infinity wins over NaN, which JS's does not let it. */
function largest(a: number, b: number): number {
  return a === Infinity || b === Infinity ? Infinity : Math.max(a, b);
}

/** Up from a fraction of `on`, toward negative infinity below: also for negative numbers, so that -1.5 becomes -2. */
function round(value: number, places: number, on: number): number {
  const power = powerOf10(places);
  const digit = power * value;
  const fraction = digit % 1;
  return (fraction >= on ? Math.ceil(digit) : Math.floor(digit)) / power;
}

/** math.Pow(10, n), which is not always the float nearest to 10^n. */
function powerOf10(exponent: number): number {
  let result = 1;
  let resultExponent = 0;
  let base = 0.625;
  let baseExponent = 4;
  for (let bits = Math.abs(exponent); bits > 0; bits = Math.floor(bits / 2)) {
    if (Math.abs(baseExponent) > 2 ** 12) {
      resultExponent += baseExponent;
      break;
    }
    if (bits % 2 === 1) {
      result *= base;
      resultExponent += baseExponent;
    }
    base *= base;
    baseExponent *= 2;
    if (base < 0.5) {
      base += base;
      baseExponent--;
    }
  }
  return exponent < 0 ? scaled(1 / result, -resultExponent) : scaled(result, resultExponent);
}

/** math.Ldexp, in halves so that the power of two itself does not overflow. */
function scaled(value: number, exponent: number): number {
  const half = Math.trunc(exponent / 2);
  return value * 2 ** half * 2 ** (exponent - half);
}
