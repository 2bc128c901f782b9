import { quote } from './quote.ts';

/** The syntax tree of a template. `pos` is the byte offset in the source, for messages. */

export type Statement =
  | { readonly kind: 'text'; readonly pos: number; readonly text: string }
  | { readonly kind: 'action'; readonly pos: number; readonly pipe: Pipe }
  | Branch
  | {
      readonly kind: 'template';
      readonly pos: number;
      readonly name: string;
      readonly pipe: Pipe | undefined;
    }
  | { readonly kind: 'break'; readonly pos: number }
  | { readonly kind: 'continue'; readonly pos: number };

/** `if`, `with` or `range`, with what it holds. */
export interface Branch {
  readonly kind: 'if' | 'with' | 'range';
  readonly pos: number;
  readonly pipe: Pipe;
  readonly body: Block;
  readonly otherwise: Block | undefined;
}

export type Block = readonly Statement[];

/** Commands joined by `|`, and the variables that take the result. */
export interface Pipe {
  readonly kind: 'pipe';
  readonly pos: number;
  readonly variables: readonly string[];
  /** `=` rather than `:=`. */
  readonly assigns: boolean;
  readonly commands: readonly Command[];
}

/** Operands side by side: a function with its arguments, or one value. */
export interface Command {
  readonly kind: 'command';
  readonly pos: number;
  readonly first: Operand;
  readonly args: readonly Operand[];
}

export type Operand =
  | { readonly kind: 'bool'; readonly pos: number; readonly value: boolean }
  | { readonly kind: 'string'; readonly pos: number; readonly value: string; readonly source: string }
  | NumberConstant
  | { readonly kind: 'nil'; readonly pos: number }
  | { readonly kind: 'dot'; readonly pos: number }
  /** `.a.b` */
  | { readonly kind: 'field'; readonly pos: number; readonly names: readonly string[] }
  /** `$x.a.b` */
  | {
      readonly kind: 'variable';
      readonly pos: number;
      readonly name: string;
      readonly names: readonly string[];
    }
  | { readonly kind: 'identifier'; readonly pos: number; readonly name: string }
  /** `(...).a.b` */
  | { readonly kind: 'chain'; readonly pos: number; readonly of: Operand; readonly names: readonly string[] }
  | Pipe;

/** A number as written: it is whatever of these it can be, as Go's untyped constants. */
export interface NumberConstant {
  readonly kind: 'number';
  readonly pos: number;
  readonly source: string;
  readonly int: bigint | undefined;
  readonly uint: bigint | undefined;
  readonly float: number | undefined;
}

/** The template text of a part of the tree, in Go's spelling: what messages show as `at <.field>`. */
export function show(node: Statement | Operand | Command): string {
  switch (node.kind) {
    case 'text':
      return quote(node.text);
    case 'action':
      return `{{${show(node.pipe)}}}`;
    case 'if':
    case 'with':
    case 'range':
      return `{{${node.kind} ${show(node.pipe)}}}`;
    case 'template':
      return `{{template ${quote(node.name)}${node.pipe === undefined ? '' : ` ${show(node.pipe)}`}}}`;
    case 'break':
    case 'continue':
      return `{{${node.kind}}}`;
    case 'pipe':
      return showVariables(node) + node.commands.map(show).join(' | ');
    case 'command':
      return [node.first, ...node.args].map(showArgument).join(' ');
    case 'bool':
      return String(node.value);
    case 'string':
    case 'number':
      return node.source;
    case 'nil':
      return 'nil';
    case 'dot':
      return '.';
    case 'field':
      return chainText('', node.names);
    case 'variable':
      return chainText(node.name, node.names);
    case 'identifier':
      return node.name;
    case 'chain':
      return chainText(showArgument(node.of), node.names);
  }
}

function showArgument(node: Operand): string {
  return node.kind === 'pipe' ? `(${show(node)})` : show(node);
}

function showVariables(pipe: Pipe): string {
  if (pipe.variables.length === 0) return '';
  return `${pipe.variables.join(', ')} ${pipe.assigns ? '=' : ':='} `;
}

function chainText(start: string, names: readonly string[]): string {
  return start + names.map((name) => `.${name}`).join('');
}
