import { costOf } from './budget.ts';
import { evaluatePipe } from './evaluate.ts';
import { assign, deeper, failAt, spend, write } from './execution.ts';
import type { Execution } from './execution.ts';
import { textOf } from './format.ts';
import { LIMIT } from './limits.ts';
import { quote } from './quote.ts';
import { typeOf } from './value.ts';
import type { Block, Branch, Statement } from './syntax.ts';
import { FunctionError } from './template-error.ts';
import { int, isTrue, sortedKeys } from './value.ts';
import type { GoInt, Value } from './value.ts';

/** How a statement ended: whether the loop around it goes on. */
type Flow = 'next' | 'break' | 'continue';

/** Executes the statements of a block, in order. */
export function executeBlock(execution: Execution, dot: Value, block: Block): Flow {
  for (const statement of block) {
    const flow = executeStatement(execution, dot, statement);
    if (flow !== 'next') return flow;
  }
  return 'next';
}

function executeStatement(execution: Execution, dot: Value, statement: Statement): Flow {
  execution.at = statement;
  spend(execution, 1);
  switch (statement.kind) {
    case 'text':
      write(execution, statement.text);
      return 'next';
    case 'action':
      executeAction(execution, dot, statement);
      return 'next';
    case 'if':
    case 'with':
      return scoped(execution, () => executeCondition(execution, dot, statement));
    case 'range':
      return scoped(execution, () => executeRange(execution, dot, statement));
    case 'template':
      executeTemplate(execution, dot, statement);
      return 'next';
    case 'break':
    case 'continue':
      return statement.kind;
  }
}

/** Prints the pipeline's value, unless a variable takes it. */
function executeAction(
  execution: Execution,
  dot: Value,
  statement: Extract<Statement, { readonly kind: 'action' }>,
): void {
  const value = evaluatePipe(execution, dot, statement.pipe);
  if (statement.pipe.variables.length > 0) return;
  execution.at = statement;
  const text = value === null ? '<no value>' : printed(execution, value);
  spend(execution, costOf(text));
  write(execution, text);
}

function printed(execution: Execution, value: Value): string {
  try {
    return textOf(value);
  } catch (failure) {
    if (failure instanceof FunctionError) return failAt(execution, failure.message);
    throw failure;
  }
}

function executeCondition(execution: Execution, dot: Value, branch: Branch): Flow {
  const value = evaluatePipe(execution, dot, branch.pipe);
  if (isTrue(value)) {
    return deeper(execution, () =>
      executeBlock(execution, branch.kind === 'with' ? value : dot, branch.body),
    );
  }
  return executeOtherwise(execution, dot, branch);
}

function executeOtherwise(execution: Execution, dot: Value, { otherwise }: Branch): Flow {
  return otherwise === undefined ? 'next' : deeper(execution, () => executeBlock(execution, dot, otherwise));
}

/** What `range` goes through: the index or key of each element, and the element. */
type Elements = Iterable<readonly [Value, Value]>;

function executeRange(execution: Execution, dot: Value, branch: Branch): Flow {
  const value = evaluatePipe(execution, dot, branch.pipe);
  if (!isTrue(value) && isRangeable(value)) return executeOtherwise(execution, dot, branch);
  let ran = false;
  for (const element of elementsOf(execution, value, branch)) {
    ran = true;
    spend(execution, 1);
    const flow = scoped(execution, () => executeIteration(execution, branch, element));
    if (flow === 'break') break;
  }
  return ran ? 'next' : executeOtherwise(execution, dot, branch);
}

function isRangeable(value: Value): boolean {
  return value === null || (typeof value === 'object' && ['list', 'dict', 'bytes'].includes(value.kind));
}

function elementsOf(execution: Execution, value: Value, branch: Branch): Elements {
  if (typeof value === 'object' && value !== null) {
    switch (value.kind) {
      case 'int':
        if (branch.pipe.variables.length > 1)
          failAt(execution, `can't use an ${value.type} to iterate over more than one variable`);
        return upTo(value);
      case 'list':
        return value.items.map((item, index) => [int(index), item]);
      case 'bytes':
        return Array.from(value.value, (char, index) => [int(index), int(char.charCodeAt(0), 'uint8')]);
      case 'dict':
        spend(execution, value.entries.size);
        return sortedKeys(value).map((key) => [key, value.entries.get(key) ?? null]);
      case 'float':
      case 'struct':
        break;
    }
  }
  return failAt(execution, `range can't iterate over a value of type ${typeOf(value)}`);
}

function* upTo(end: GoInt): Elements {
  for (let value = 0n; value < end.value; value++) yield [null, int(value, end.type)];
}

/** One element as dot and in the variables: `$element`, or `$index, $element`. */
function executeIteration(
  execution: Execution,
  { pipe, body }: Branch,
  [index, element]: readonly [Value, Value],
): Flow {
  const [first, second] = pipe.variables;
  const named =
    second === undefined
      ? [[first, element] as const]
      : [[first, index] as const, [second, element] as const];
  for (const [name, value] of named) {
    if (name !== undefined) assign(execution, name, value);
  }
  return deeper(execution, () => executeBlock(execution, element, body));
}

/** Calls another template: it sees its argument as dot and as `$`, and no other variable. */
function executeTemplate(
  execution: Execution,
  dot: Value,
  { name, pipe }: Extract<Statement, { readonly kind: 'template' }>,
): void {
  const block = execution.parsed.templates.get(name);
  if (block === undefined) failAt(execution, `template ${quote(name)} not defined`);
  if (execution.templates >= LIMIT.templates)
    failAt(execution, `exceeded maximum template depth (${LIMIT.templates})`);
  const argument = pipe === undefined ? null : evaluatePipe(execution, dot, pipe);
  const { variables, templateName } = execution;
  execution.variables = [{ name: '$', value: argument }];
  execution.templateName = name;
  execution.templates++;
  deeper(execution, () => executeBlock(execution, argument, block));
  execution.templates--;
  execution.templateName = templateName;
  execution.variables = variables;
}

/** Forgets the variables that were declared within. */
function scoped<T>(execution: Execution, action: () => T): T {
  const count = execution.variables.length;
  const result = action();
  execution.variables.length = count;
  return result;
}
