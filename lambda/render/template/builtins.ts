import { isEqualToAny, isLess, isLessOrEqual } from './comparison.ts';
import { elementAt, lengthOf, sliceOf } from './elements.ts';
import { escapeHtml, escapeJs, escapeQuery } from './escapes.ts';
import { sprint, sprintf, sprintln } from './format.ts';
import { any, fn1, fn1Rest, fn2, fnRest, string } from './signature.ts';
import { FunctionError } from './template-error.ts';
import { isTrue, typeOf } from './value.ts';
import type { TemplateFunction, Value } from './value.ts';

/** Go's own functions (https://pkg.go.dev/text/template#hdr-Functions). */
export const builtins: ReadonlyMap<string, TemplateFunction> = new Map([
  ['and', lazily()],
  ['or', lazily()],
  ['not', fn1(any, (value) => !isTrue(value))],
  ['eq', fn1Rest(any, any, (first, others) => isEqualToAny(first, others))],
  ['ne', fn2(any, any, (left, right) => !isEqualToAny(left, [right]))],
  ['lt', fn2(any, any, (left, right) => isLess(left, right))],
  ['le', fn2(any, any, (left, right) => isLessOrEqual(left, right))],
  ['gt', fn2(any, any, (left, right) => !isLessOrEqual(left, right))],
  ['ge', fn2(any, any, (left, right) => !isLess(left, right))],
  ['index', fn1Rest(any, any, (item, indexes) => elementAt(item, indexes))],
  ['slice', fn1Rest(any, any, (item, indexes) => sliceOf(item, indexes))],
  ['len', fn1(any, lengthOf)],
  ['print', fnRest(any, (values) => sprint(values))],
  ['printf', fn1Rest(string, any, (format, values) => sprintf(format, values))],
  ['println', fnRest(any, (values) => sprintln(values))],
  ['html', fnRest(any, (values) => escapeHtml(joined(values)))],
  ['js', fnRest(any, (values) => escapeJs(joined(values)))],
  ['urlquery', fnRest(any, (values) => escapeQuery(joined(values)))],
  ['call', fn1Rest(any, any, refuseCall)],
]);

/** `and` and `or` evaluate their arguments themselves. */
export function takesLazily(name: string): boolean {
  return name === 'and' || name === 'or';
}

function lazily(): TemplateFunction {
  return fn1Rest(any, any, () => {
    throw new Error('defect: and and or are evaluated by the engine');
  });
}

/** No value of a template is a function: neither secrets nor any result can hold one. */
function refuseCall(callee: Value): Value {
  throw new FunctionError(callee === null ? 'call of nil' : `non-function of type ${typeOf(callee)}`);
}

/** The arguments as one text; nil is said as the template itself would print it. */
function joined(values: readonly Value[]): string {
  const [only] = values;
  if (values.length === 1 && typeof only === 'string') return only;
  return sprint(values.map((value) => value ?? '<no value>'));
}
