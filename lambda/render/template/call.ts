import { costOf, costOfWalk } from './budget.ts';
import { builtins, takesLazily } from './builtins.ts';
import { evaluateOperand } from './evaluate.ts';
import type { Piped } from './evaluate.ts';
import { failAt, spend } from './execution.ts';
import type { Execution } from './execution.ts';
import { LIMIT } from './limits.ts';
import { show } from './syntax.ts';
import type { Command, Operand } from './syntax.ts';
import { FunctionError, TemplateError } from './template-error.ts';
import { float, int, isTrue, typeOf } from './value.ts';
import type { ParamType, TemplateFunction, Value } from './value.ts';

/** A call as the template writes it; `piped` comes after the arguments. */
interface Call {
  readonly name: string;
  readonly node: Command | Operand;
  readonly args: readonly Operand[];
  readonly piped: Piped;
}

/** Calls a function by its name; `and` and `or` evaluate no further than they need. */
export function callFunction(execution: Execution, dot: Value, call: Call): Value {
  const own = execution.functions.get(call.name);
  const fn = own ?? builtins.get(call.name);
  if (fn === undefined) return failAt(execution, `"${call.name}" is not a defined function`);
  if (own === undefined && takesLazily(call.name)) return callLazily(execution, dot, { ...call, fn });
  return callWith(execution, dot, { ...call, fn });
}

/** Calls a function or method: counts and checks the arguments as Go's reflection does, and bounds what it makes. */
export function callWith(
  execution: Execution,
  dot: Value,
  call: Call & { readonly fn: TemplateFunction },
): Value {
  const { fn, args, piped } = call;
  checkCount(execution, call);
  const values = args.map((node, index) =>
    evaluateArgument(execution, dot, { node, param: paramAt(fn, index) }),
  );
  if (piped !== undefined) values.push(checkType(execution, piped, paramAt(fn, values.length)));
  const result = run(execution, call, values);
  if (typeof result === 'string' && result.length > LIMIT.text)
    failAt(execution, `error calling ${call.name}: the result is longer than ${LIMIT.text} bytes`);
  spend(execution, costOf(result));
  return result;
}

/** `and` and `or`: the first argument that decides, else the last. */
function callLazily(execution: Execution, dot: Value, call: Call & { readonly fn: TemplateFunction }): Value {
  checkCount(execution, call);
  let value: Value = null;
  for (const [index, node] of call.args.entries()) {
    value = evaluateArgument(execution, dot, { node, param: paramAt(call.fn, index) });
    if (isTrue(value) === (call.name === 'or')) return value;
  }
  return call.piped ?? value;
}

function checkCount(
  execution: Execution,
  { fn, name, args, piped }: Call & { readonly fn: TemplateFunction },
): void {
  const given = args.length + (piped === undefined ? 0 : 1);
  const wanted = fn.params.length;
  if (fn.rest !== undefined && given < wanted)
    failAt(execution, `wrong number of args for ${name}: want at least ${wanted} got ${args.length}`);
  if (fn.rest === undefined && given !== wanted)
    failAt(execution, `wrong number of args for ${name}: want ${wanted} got ${given}`);
}

function paramAt(fn: TemplateFunction, index: number): ParamType {
  const param = fn.params[index] ?? fn.rest;
  if (param === undefined) throw new Error('defect: the number of arguments was not checked');
  return param;
}

function run(
  execution: Execution,
  { fn, name, node }: Call & { readonly fn: TemplateFunction },
  values: readonly Value[],
): Value {
  try {
    const cost = fn.walks ? costOfWalk : costOf;
    spend(execution, 1 + values.reduce((sum, value) => sum + cost(value), 0));
    return fn.call(values, (steps) => spend(execution, steps));
  } catch (failure) {
    if (failure instanceof TemplateError) throw failure;
    execution.at = node;
    return failAt(execution, `error calling ${name}: ${reasonOf(execution, failure)}`);
  }
}

/** Why a function failed. Text that the template wanted to be shown appears only if the template holds it literally. */
function reasonOf(execution: Execution, failure: unknown): string {
  if (!(failure instanceof FunctionError))
    return `an unforeseen ${failure instanceof Error ? failure.name : typeof failure}`;
  const { said } = failure;
  return said !== undefined && execution.parsed.literals.has(said) ? said : failure.message;
}

/** An argument, with a literal taken as the parameter's type where it fits. */
function evaluateArgument(
  execution: Execution,
  dot: Value,
  { node, param }: { readonly node: Operand; readonly param: ParamType },
): Value {
  execution.at = node;
  switch (node.kind) {
    case 'nil':
      return param.nilable ? null : failAt(execution, `cannot assign nil to ${param.type}`);
    case 'bool':
    case 'string':
    case 'number':
      if (param.constant !== 'any') return constantFor(execution, param, node);
      return evaluateOperand(execution, dot, node);
    case 'dot':
    case 'field':
    case 'variable':
    case 'identifier':
    case 'chain':
    case 'pipe':
      return checkType(execution, evaluateOperand(execution, dot, node), param);
  }
}

function constantFor(
  execution: Execution,
  param: ParamType,
  node: Extract<Operand, { readonly kind: 'bool' | 'string' | 'number' }>,
): Value {
  const { constant, type } = param;
  switch (constant) {
    case 'none':
    case 'any':
      return failAt(execution, `can't handle ${show(node)} for arg of type ${type}`);
    case 'string':
    case 'bool':
      return node.kind === constant
        ? node.value
        : failAt(execution, `expected ${constant}; found ${show(node)}`);
    case 'float64':
      return node.kind === 'number' && node.float !== undefined
        ? float(node.float)
        : failAt(execution, `expected float; found ${show(node)}`);
    case 'int':
    case 'int8':
    case 'int16':
    case 'int32':
    case 'int64':
      return node.kind === 'number' && node.int !== undefined
        ? int(node.int, constant)
        : failAt(execution, `expected integer; found ${show(node)}`);
    case 'uint':
    case 'uint8':
    case 'uint16':
    case 'uint32':
    case 'uint64':
      return node.kind === 'number' && node.uint !== undefined
        ? int(node.uint, constant)
        : failAt(execution, `expected unsigned integer; found ${show(node)}`);
  }
}

function checkType(execution: Execution, value: Value, param: ParamType): Value {
  if (value === null)
    return param.nilable ? null : failAt(execution, `invalid value; expected ${param.type}`);
  if (param.accepts(value)) return value;
  return failAt(execution, `wrong type for value; expected ${param.type}; got ${typeOf(value)}`);
}
