import { callWith } from './call.ts';
import { evaluateOperand } from './evaluate.ts';
import type { Piped } from './evaluate.ts';
import { failAt, valueOf } from './execution.ts';
import type { Execution } from './execution.ts';
import { quote } from './quote.ts';
import { show } from './syntax.ts';
import type { Operand } from './syntax.ts';
import { elementType, typeOf } from './value.ts';
import type { Value } from './value.ts';

/** `.a.b`, `$x.a.b` or `(...).a.b`, and what it is given: only a method takes arguments. */
interface FieldAccess {
  readonly node: Extract<Operand, { readonly kind: 'field' | 'variable' | 'chain' }>;
  readonly args: readonly Operand[];
  readonly piped: Piped;
}

/** A value and the type that Go knows it under: within a map[string]interface {} everything is an interface {}. */
interface Typed {
  readonly value: Value;
  readonly type: string;
}

/** The value that a chain of fields leads to. A key that is not there fails (option missingkey=error). */
export function evaluateFields(execution: Execution, dot: Value, access: FieldAccess): Value {
  const { node } = access;
  execution.at = node;
  const start = startOf(execution, dot, node);
  let current: Typed = { value: start, type: typeOf(start) };
  node.names.forEach((name, index) => {
    const isLast = index === node.names.length - 1;
    const given = isLast ? access : { node, args: [], piped: undefined };
    current = fieldOf(execution, dot, { ...given, name, receiver: current });
  });
  return current.value;
}

function startOf(execution: Execution, dot: Value, node: FieldAccess['node']): Value {
  switch (node.kind) {
    case 'field':
      return dot;
    case 'variable':
      return valueOf(execution, node.name);
    case 'chain':
      if (node.of.kind === 'nil') failAt(execution, `indirection through explicit nil in ${show(node)}`);
      return evaluateOperand(execution, dot, node.of);
  }
}

function fieldOf(
  execution: Execution,
  dot: Value,
  access: FieldAccess & { readonly name: string; readonly receiver: Typed },
): Typed {
  const { name, args, piped } = access;
  const { value, type } = access.receiver;
  const hasArguments = args.length > 0 || piped !== undefined;
  if (value === null)
    failAt(
      execution,
      type === '<nil>'
        ? `nil data; no entry for key ${quote(name)}`
        : `nil pointer evaluating ${type}.${name}`,
    );
  if (typeof value === 'object' && value.kind === 'dict') {
    if (hasArguments) failAt(execution, `${name} is not a method but has arguments`);
    const entry = value.entries.get(name);
    if (entry === undefined) failAt(execution, `map has no entry for key ${quote(name)}`);
    return { value: entry, type: elementType(value) };
  }
  if (typeof value === 'object' && value.kind === 'struct') {
    const method = value.methods.get(name);
    if (method !== undefined) {
      const result = callWith(execution, dot, { fn: method, name, node: access.node, args, piped });
      return { value: result, type: typeOf(result) };
    }
    const field = value.fields.get(name);
    if (field !== undefined) {
      if (hasArguments) failAt(execution, `${name} has arguments but cannot be invoked as function`);
      return { value: field, type: typeOf(field) };
    }
  }
  return failAt(execution, `can't evaluate field ${name} in type ${type}`);
}
