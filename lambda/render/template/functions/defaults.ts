import { any, bool, fn1, fn1Rest, fn2, fn3, fnRest, string, walking } from '../signature.ts';
import { FunctionError } from '../template-error.ts';
import { isTrue, kindOf, typeOf } from '../value.ts';
import { identityOf } from './identity.ts';
import type { NamedFunctions } from './names.ts';

/** Sprig's defaults and failures (https://masterminds.github.io/sprig/defaults.html, flow_control.html). */
export const defaultFunctions: NamedFunctions = [
  ['default', fn1Rest(any, any, (fallback, [given = null]) => (isTrue(given) ? given : fallback))],
  ['empty', fn1(any, (value) => !isTrue(value))],
  ['coalesce', fnRest(any, (values) => values.find(isTrue) ?? null)],
  ['all', fnRest(any, (values) => values.every(isTrue))],
  ['any', fnRest(any, (values) => values.some(isTrue))],
  ['ternary', fn3(any, any, bool, (yes, no, condition) => (condition ? yes : no))],
  ['fail', fn1(string, fail)],
];

/** Sprig's questions about types (https://masterminds.github.io/sprig/reflection.html). */
export const reflectionFunctions: NamedFunctions = [
  ['typeOf', fn1(any, typeOf)],
  ['typeIs', fn2(string, any, (type, value) => typeOf(value) === type)],
  ['typeIsLike', fn2(string, any, (type, value) => [type, `*${type}`].includes(typeOf(value)))],
  ['kindOf', fn1(any, kindOf)],
  ['kindIs', fn2(string, any, (kind, value) => kindOf(value) === kind)],
  ['deepEqual', walking(fn2(any, any, (a, b) => identityOf(a) === identityOf(b)))],
];

function fail(said: string): never {
  throw new FunctionError('the template says so', said);
}
