import { fromGo } from './go-string.ts';
import { lex } from './lexer.ts';
import { parsePipeline, parseString } from './parse-pipeline.ts';
import { quote } from './quote.ts';
import type { Block, Branch, Statement } from './syntax.ts';
import { expect, fail, nested, peek, peekSolid, take, takeSolid, unexpected } from './token-reader.ts';
import type { Parsing } from './token-reader.ts';
import type { Token } from './token.ts';
import type { TemplateFunction } from './value.ts';

/** A template's source as trees, one for each name that it defines. */
export interface Parsed {
  readonly name: string;
  readonly source: string;
  readonly templates: ReadonlyMap<string, Block>;
  /** The string literals of the source: messages may show these. */
  readonly literals: ReadonlySet<string>;
}

/** What ended a block. */
type Ending = { readonly kind: 'end' } | { readonly kind: 'else' };

/**
 * Parses a template (a binary string).
 *
 * @throws TemplateError with Go's message: position and reason
 */
export function parse(
  name: string,
  source: string,
  functionOf: (name: string) => TemplateFunction | undefined,
): Parsed {
  const parsing: Parsing = {
    name,
    source,
    tokens: lex(source),
    functionOf,
    templates: new Map(),
    literals: new Set(),
    next: 0,
    furthest: 0,
    variables: ['$'],
    ranges: 0,
    depth: 0,
    action: undefined,
  };
  defineTemplate(parsing, name, parseTopLevel(parsing));
  return { name, source, templates: parsing.templates, literals: parsing.literals };
}

/** Statements and definitions, up to the end of the source. */
function parseTopLevel(parsing: Parsing): Block {
  const block: Statement[] = [];
  while (peek(parsing).kind !== 'eof') {
    const start = parsing.next;
    if (take(parsing).kind === 'open' && takeSolid(parsing).kind === 'define') {
      parseDefinition(parsing);
      continue;
    }
    parsing.next = start;
    const statement = parseStatement(parsing);
    if (isEnding(statement)) fail(parsing, `unexpected {{${statement.kind}}}`);
    block.push(statement);
  }
  return block;
}

/** `{{define "name"}} ... {{end}}` */
function parseDefinition(parsing: Parsing): void {
  const context = 'define clause';
  const name = parseString(parsing, expect(parsing, 'string', context));
  expect(parsing, 'close', context);
  parseOwnTemplate(parsing, name, context);
}

/** A block with variables and loops of its own, kept under its name. */
function parseOwnTemplate(parsing: Parsing, name: string, context: string): void {
  const { variables, ranges, action } = parsing;
  parsing.variables = ['$'];
  parsing.ranges = 0;
  parsing.action = undefined;
  const { block, ending } = parseBlock(parsing);
  if (ending.kind !== 'end') fail(parsing, `unexpected {{else}} in ${context}`);
  defineTemplate(parsing, name, block);
  parsing.variables = variables;
  parsing.ranges = ranges;
  parsing.action = action;
}

/** Only one template of a name may hold anything. */
function defineTemplate(parsing: Parsing, name: string, block: Block): void {
  const other = parsing.templates.get(name);
  if (other === undefined || other.every(isBlank)) parsing.templates.set(name, block);
  else if (!block.every(isBlank)) fail(parsing, `template: multiple definition of template ${quote(name)}`);
}

function isBlank(statement: Statement): boolean {
  return statement.kind === 'text' && /^[\s\u0085]*$/u.test(fromGo(statement.text));
}

/** Statements up to the `end` or `else` that ends them. */
function parseBlock(parsing: Parsing): { readonly block: Block; readonly ending: Ending } {
  return nested(parsing, () => {
    const block: Statement[] = [];
    while (peekSolid(parsing).kind !== 'eof') {
      const statement = parseStatement(parsing);
      if (isEnding(statement)) return { block, ending: statement };
      block.push(statement);
    }
    return fail(parsing, 'unexpected EOF');
  });
}

function isEnding(statement: Statement | Ending): statement is Ending {
  return statement.kind === 'end' || statement.kind === 'else';
}

function parseStatement(parsing: Parsing): Statement | Ending {
  const token = takeSolid(parsing);
  if (token.kind === 'text') return { kind: 'text', pos: token.pos, text: token.text };
  if (token.kind !== 'open') unexpected(parsing, token, 'input');
  parsing.action = token;
  const statement = parseAction(parsing);
  parsing.action = undefined;
  return statement;
}

/** What stands between `{{` and `}}`, and for blocks all up to their end. */
function parseAction(parsing: Parsing): Statement | Ending {
  const { kind, pos } = peekSolid(parsing);
  if (kind === 'if' || kind === 'with' || kind === 'range') {
    take(parsing);
    return parseBranch(parsing, kind);
  }
  if (kind === 'template' || kind === 'block') {
    take(parsing);
    return parseTemplateCall(parsing, kind);
  }
  if (kind === 'break' || kind === 'continue') {
    take(parsing);
    expect(parsing, 'close', `{{${kind}}}`);
    if (parsing.ranges === 0) fail(parsing, `{{${kind}}} outside {{range}}`);
    return { kind, pos };
  }
  if (kind === 'end' || kind === 'else') {
    take(parsing);
    if (kind === 'end' || !isElseBranch(peekSolid(parsing))) expect(parsing, 'close', kind);
    return { kind };
  }
  return { kind: 'action', pos, pipe: parsePipeline(parsing, 'command', 'close') };
}

function isElseBranch(token: Token): boolean {
  return token.kind === 'if' || token.kind === 'with';
}

/** `if`, `with` and `range`; variables that they declare end with them. */
function parseBranch(parsing: Parsing, kind: Branch['kind']): Branch {
  const scope = parsing.variables.length;
  const pipe = parsePipeline(parsing, kind, 'close');
  parsing.ranges += kind === 'range' ? 1 : 0;
  const { block: body, ending } = parseBlock(parsing);
  parsing.ranges -= kind === 'range' ? 1 : 0;
  const otherwise = ending.kind === 'else' ? parseElse(parsing, kind) : undefined;
  parsing.variables.length = scope;
  return { kind, pos: pipe.pos, pipe, body, otherwise };
}

/** `{{else if}}` and `{{else with}}` take the same `{{end}}` as the branch that they belong to. */
function parseElse(parsing: Parsing, kind: Branch['kind']): Block {
  if (kind !== 'range' && peek(parsing).kind === kind) {
    take(parsing);
    return [nested(parsing, () => parseBranch(parsing, kind))];
  }
  const { block, ending } = parseBlock(parsing);
  if (ending.kind !== 'end') fail(parsing, 'expected end; found {{else}}');
  return block;
}

/** `{{template "name" pipeline}}`; `{{block "name" pipeline}}` defines it as well. */
function parseTemplateCall(parsing: Parsing, kind: 'template' | 'block'): Statement {
  const context = `${kind} clause`;
  const token = takeSolid(parsing);
  if (token.kind !== 'string') unexpected(parsing, token, context);
  const name = parseString(parsing, token);
  if (kind === 'template' && peekSolid(parsing).kind === 'close') {
    take(parsing);
    return { kind: 'template', pos: token.pos, name, pipe: undefined };
  }
  const pipe = parsePipeline(parsing, context, 'close');
  if (kind === 'block') parseOwnTemplate(parsing, name, context);
  return { kind: 'template', pos: token.pos, name, pipe };
}
