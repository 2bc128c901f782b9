import { any, fn1, fn2, fnRest } from '../signature.ts';
import { FunctionError } from '../template-error.ts';
import { int } from '../value.ts';
import type { TemplateFunction, Value } from '../value.ts';

/** Sprig's whole numbers (https://masterminds.github.io/sprig/math.html): what is no number counts as 0, as there. */
export const numberFunctions: readonly (readonly [string, TemplateFunction])[] = [
  ['int', fn1(any, (value) => int(wholeOf(value)))],
  ['int64', fn1(any, (value) => int(wholeOf(value), 'int64'))],
  [
    'add',
    fnRest(any, (values) =>
      int(
        values.map(wholeOf).reduce((sum, each) => sum + each, 0n),
        'int64',
      ),
    ),
  ],
  ['add1', fn1(any, (value) => int(wholeOf(value) + 1n, 'int64'))],
  ['sub', fn2(any, any, (a, b) => int(wholeOf(a) - wholeOf(b), 'int64'))],
  [
    'mul',
    fnRest(any, (values) =>
      int(
        values.map(wholeOf).reduce((all, each) => all * each, 1n),
        'int64',
      ),
    ),
  ],
  ['div', fn2(any, any, (a, b) => int(wholeOf(a) / divisor(b), 'int64'))],
  ['mod', fn2(any, any, (a, b) => int(wholeOf(a) % divisor(b), 'int64'))],
];

function wholeOf(value: Value): bigint {
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (typeof value === 'string')
    return /^[+-]?(?:0|[1-9]\d{0,18})(?:\.0*)?$/u.test(value) ? parse(value) : 0n;
  if (value === null) return 0n;
  if (value.kind === 'int') return value.value;
  return value.kind === 'float' && Number.isFinite(value.value) ? BigInt(Math.trunc(value.value)) : 0n;
}

function parse(text: string): bigint {
  return BigInt(text.replace(/^\+/u, '').replace(/\..*$/u, ''));
}

function divisor(value: Value): bigint {
  const whole = wholeOf(value);
  if (whole === 0n) throw new FunctionError('division by zero');
  return whole;
}
