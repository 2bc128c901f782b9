import { callFunction } from './call.ts';
import { assign, deeper, failAt, spend, valueOf } from './execution.ts';
import type { Execution } from './execution.ts';
import { evaluateFields } from './fields.ts';
import type { Command, NumberConstant, Operand, Pipe } from './syntax.ts';
import { show } from './syntax.ts';
import { float, int } from './value.ts';
import type { Value } from './value.ts';

/** What a command or function is given by the one before it in the pipeline; undefined where it is the first. */
export type Piped = Value | undefined;

/** A pipeline's value: each command receives that of the one before as its last argument. Declares and assigns its variables. */
export function evaluatePipe(execution: Execution, dot: Value, pipe: Pipe): Value {
  return deeper(execution, () => {
    execution.at = pipe;
    let piped: Piped;
    for (const command of pipe.commands) piped = evaluateCommand(execution, dot, { command, piped });
    const value = piped ?? null;
    for (const name of pipe.variables) {
      if (pipe.assigns) assign(execution, name, value);
      else execution.variables.push({ name, value });
    }
    return value;
  });
}

function evaluateCommand(
  execution: Execution,
  dot: Value,
  { command, piped }: { readonly command: Command; readonly piped: Piped },
): Value {
  spend(execution, 1);
  const { first, args } = command;
  switch (first.kind) {
    case 'field':
    case 'chain':
      return evaluateFields(execution, dot, { node: first, args, piped });
    case 'variable':
      if (first.names.length > 0) return evaluateFields(execution, dot, { node: first, args, piped });
      break;
    case 'identifier':
      execution.at = first;
      return callFunction(execution, dot, { name: first.name, node: command, args, piped });
    case 'nil':
    case 'bool':
    case 'number':
    case 'string':
    case 'dot':
    case 'pipe':
      break;
  }
  execution.at = first.kind === 'pipe' ? execution.at : first;
  if (args.length > 0 || piped !== undefined)
    failAt(execution, `can't give argument to non-function ${show(first)}`);
  return evaluateOperand(execution, dot, first);
}

/** An operand by itself, as a command or as an argument. */
export function evaluateOperand(execution: Execution, dot: Value, node: Operand): Value {
  spend(execution, 1);
  switch (node.kind) {
    case 'pipe':
      return evaluatePipe(execution, dot, node);
    case 'field':
    case 'chain':
      return evaluateFields(execution, dot, { node, args: [], piped: undefined });
    case 'variable':
      execution.at = node;
      return node.names.length === 0
        ? valueOf(execution, node.name)
        : evaluateFields(execution, dot, { node, args: [], piped: undefined });
    case 'identifier':
      execution.at = node;
      return callFunction(execution, dot, { name: node.name, node, args: [], piped: undefined });
    case 'dot':
      return dot;
    case 'nil':
      execution.at = node;
      return failAt(execution, 'nil is not a command');
    case 'bool':
    case 'string':
      return node.value;
    case 'number':
      return constantValue(execution, node);
  }
}

/** The type that a number takes where nothing asks for another: float64 if it is written as one, else int. */
function constantValue(execution: Execution, node: NumberConstant): Value {
  execution.at = node;
  const isHex = /^0x[^p]*$/iu.test(node.source) && node.source.length > 2;
  const isFloat = !isHex && !node.source.startsWith("'") && /[.ep]/iu.test(node.source);
  if (isFloat && node.float !== undefined) return float(node.float);
  return node.int === undefined ? failAt(execution, `${node.source} overflows int`) : int(node.int);
}
