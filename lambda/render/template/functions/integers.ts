import { textOf } from '../format.ts';
import { checkItemCount } from '../limits.ts';
import { any, fn1, fn1Rest, fn2, fn3, fnRest, int as intParam, string } from '../signature.ts';
import { FunctionError } from '../template-error.ts';
import { int, list } from '../value.ts';
import type { GoInt, Spend, Value } from '../value.ts';
import { toInt64 } from './cast.ts';
import { under } from './names.ts';
import type { NamedFunctions } from './names.ts';

/** Sprig's whole numbers (https://masterminds.github.io/sprig/math.html): what is no number counts as 0, as there. */
export const integerFunctions: NamedFunctions = [
  ['int', fn1(any, (value) => int(toInt64(value)))],
  ['int64', fn1(any, (value) => int64(toInt64(value)))],
  ['atoi', fn1(string, (text) => int(atoi(text)))],
  ['toDecimal', fn1(any, (value) => int64(fromOctal(textOf(value))))],
  ['add', fnRest(any, (values) => fold(values, 0n, (sum, each) => sum + each))],
  ['add1', fn1(any, (value) => int64(toInt64(value) + 1n))],
  ['sub', fn2(any, any, (a, b) => int64(toInt64(a) - toInt64(b)))],
  ['mul', fn1Rest(any, any, (first, rest) => fold(rest, toInt64(first), (all, each) => all * each))],
  ['div', fn2(any, any, (a, b) => int64(toInt64(a) / divisor(b)))],
  ['mod', fn2(any, any, (a, b) => int64(toInt64(a) % divisor(b)))],
  ...under(['max', 'biggest'], fn1Rest(any, any, largest)),
  ['min', fn1Rest(any, any, (first, rest) => fold(rest, toInt64(first), (a, b) => (b < a ? b : a)))],
  ['until', fn1(intParam, (count, spend) => ints(steps(0n, count, count < 0n ? -1n : 1n), spend))],
  [
    'untilStep',
    fn3(intParam, intParam, intParam, (start, stop, step, spend) => ints(steps(start, stop, step), spend)),
  ],
  ['seq', fnRest(intParam, seq)],
];

function int64(value: bigint): GoInt {
  return int(value, 'int64');
}

/** Each step wraps around as Go's int64 does. */
function fold(values: readonly Value[], start: bigint, step: (all: bigint, each: bigint) => bigint): GoInt {
  return int64(values.reduce((all, value) => BigInt.asIntN(64, step(all, toInt64(value))), start));
}

function largest(first: Value, rest: readonly Value[]): Value {
  return fold(rest, toInt64(first), (a, b) => (b > a ? b : a));
}

function divisor(value: Value): bigint {
  const divisor = toInt64(value);
  if (divisor === 0n) throw new FunctionError('division by zero');
  return divisor;
}

const MAX_DIGITS = 1000;

/** strconv.Atoi without its error: 0 for what is no number, the nearest int for what is out of range. */
function atoi(text: string): bigint {
  if (text.length > MAX_DIGITS || !/^[+-]?\d+$/u.test(text)) return 0n;
  const value = BigInt(text.replace('+', ''));
  const clamped = BigInt.asIntN(64, value);
  return clamped === value ? value : value < 0n ? -(1n << 63n) : (1n << 63n) - 1n;
}

/** The value of the digits read as octal; 0 for other digits, or more than fit. */
function fromOctal(text: string): bigint {
  const [, sign, digits] = (text.length > MAX_DIGITS ? null : /^([+-]?)([0-7]+)$/u.exec(text)) ?? [];
  if (digits === undefined) return 0n;
  const value = sign === '-' ? -BigInt(`0o${digits}`) : BigInt(`0o${digits}`);
  return BigInt.asIntN(64, value) === value ? value : 0n;
}

/** From start to before stop; nothing where the steps lead away from it. */
function steps(start: bigint, stop: bigint, step: bigint): readonly bigint[] {
  const leadsThere = stop < start ? step < 0n : step > 0n;
  if (!leadsThere) return [];
  const distance = stop < start ? start - stop : stop - start;
  const size = step < 0n ? -step : step;
  const count = (distance + size - 1n) / size;
  checkItemCount(Number(count));
  return Array.from({ length: Number(count) }, (_, index) => start + BigInt(index) * step);
}

/** Each of them is paid for: a template may keep them all. */
function ints(values: readonly bigint[], spend: Spend): Value {
  spend(values.length);
  return list(
    values.map((value) => int(value)),
    '[]int',
  );
}

/** As the shell's seq: `last`, `first last` or `first step last`, the last included. */
function seq(params: readonly bigint[]): Value {
  const [a = 0n, b = 0n, c = 0n] = params;
  const [start, step, end] =
    params.length === 1 ? [1n, undefined, a] : params.length === 2 ? [a, undefined, b] : [a, b, c];
  if (params.length === 0 || params.length > 3) return '';
  const towards = end < start ? -1n : 1n;
  if (step !== undefined && end < start && step > 0n) return '';
  return steps(start, end + towards, step ?? towards).join(' ');
}
