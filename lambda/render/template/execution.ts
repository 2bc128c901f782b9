import { LIMIT } from './limits.ts';
import { fromGo } from './go-string.ts';
import type { Parsed } from './parser.ts';
import { quote } from './quote.ts';
import { show } from './syntax.ts';
import type { Command, Operand, Statement } from './syntax.ts';
import { TemplateError } from './template-error.ts';
import { lineOf } from './token.ts';
import type { TemplateFunction, Value } from './value.ts';

/** Bytes of the template's text that a message repeats. */
const MAX_SHOWN = 200;

/** A template that is being executed. */
export interface Execution {
  readonly parsed: Parsed;
  readonly functions: ReadonlyMap<string, TemplateFunction>;
  readonly output: string[];
  outputLength: number;
  steps: number;
  /** Blocks, parentheses and templates that surround this place. */
  depth: number;
  /** Templates within templates. */
  templates: number;
  /** The template that is executed, and the part of it that is evaluated: what messages name. */
  templateName: string;
  at: Statement | Operand | Command | undefined;
  /** The innermost variable comes last. */
  variables: Variable[];
}

export interface Variable {
  readonly name: string;
  value: Value;
}

/** Fails with Go's message: where, in which template, at which part of it, and why. The reason is a binary string, as all of these are. */
export function failAt(execution: Execution, reason: string): never {
  const { parsed, at, templateName } = execution;
  const place = at === undefined ? '' : ` at <${shortened(show(at))}>`;
  const where = `${parsed.name}${at === undefined ? '' : positionOf(parsed.source, at.pos)}`;
  const name = quote(templateName);
  throw new TemplateError('execute', fromGo(`template: ${where}: executing ${name}${place}: ${reason}`));
}

/** A long action is known by its beginning; an error goes into a status, which has little room. */
function shortened(text: string): string {
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}...` : text;
}

/** `:line:column`, the column counted in bytes from 0. */
function positionOf(source: string, pos: number): string {
  const lineStart = pos === 0 ? 0 : source.lastIndexOf('\n', pos - 1) + 1;
  return `:${lineOf(source, pos)}:${pos - lineStart}`;
}

/** Counts work that was done, and ends the execution when it was too much. */
export function spend(execution: Execution, steps: number): void {
  execution.steps += steps;
  if (execution.steps > LIMIT.steps) failAt(execution, `the template takes more than ${LIMIT.steps} steps`);
}

/** Adds to the output. */
export function write(execution: Execution, text: string): void {
  execution.outputLength += text.length;
  if (execution.outputLength > LIMIT.output)
    failAt(execution, `the output is longer than ${LIMIT.output} bytes, which is more than a Secret holds`);
  execution.output.push(text);
}

/** Does something one level deeper, within the limit that keeps recursion off the stack's end. */
export function deeper<T>(execution: Execution, action: () => T): T {
  if (execution.depth >= LIMIT.depth)
    failAt(execution, `blocks and templates are nested more than ${LIMIT.depth} deep`);
  execution.depth++;
  const result = action();
  execution.depth--;
  return result;
}

/** The value of a variable; the innermost of that name. */
export function valueOf(execution: Execution, name: string): Value {
  return find(execution, name).value;
}

/** Gives a variable that exists another value. */
export function assign(execution: Execution, name: string, value: Value): void {
  find(execution, name).value = value;
}

function find(execution: Execution, name: string): Variable {
  const variable = execution.variables.findLast((one) => one.name === name);
  return variable ?? failAt(execution, `undefined variable: ${name}`);
}
