import { fromGo } from './go-string.ts';
import { LIMIT } from './limits.ts';
import type { Block } from './syntax.ts';
import { TemplateError } from './template-error.ts';
import { lineOf, showToken } from './token.ts';
import type { Token, TokenKind } from './token.ts';
import type { TemplateFunction } from './value.ts';

/** What parsing one template needs to know and remember. */
export interface Parsing {
  readonly name: string;
  readonly source: string;
  readonly tokens: readonly Token[];
  readonly functionOf: (name: string) => TemplateFunction | undefined;
  /** Every template that was defined, the main one under its own name. */
  readonly templates: Map<string, Block>;
  /** The string literals of the template. */
  readonly literals: Set<string>;
  /** The next token, and the furthest that was looked at: messages name its line. */
  next: number;
  furthest: number;
  /** The variables in scope; each definition has its own. */
  variables: string[];
  /** How many `range` surround this place within its definition. */
  ranges: number;
  /** Parentheses and blocks that surround this place. */
  depth: number;
  /** Where the current action opened. */
  action: Token | undefined;
}

/** The next token, without taking it. */
export function peek(parsing: Parsing): Token {
  parsing.furthest = Math.max(parsing.furthest, parsing.next);
  return tokenAt(parsing, parsing.next);
}

/** The next token; it is taken. */
export function take(parsing: Parsing): Token {
  const token = peek(parsing);
  parsing.next++;
  return token;
}

/** The next token that is no white space, without taking it; the white space is taken. */
export function peekSolid(parsing: Parsing): Token {
  while (peek(parsing).kind === 'space') parsing.next++;
  return peek(parsing);
}

/** The next token that is no white space; it is taken. */
export function takeSolid(parsing: Parsing): Token {
  peekSolid(parsing);
  return take(parsing);
}

/** Takes a token of that kind, or fails. */
export function expect(parsing: Parsing, kind: TokenKind, context: string): Token {
  const token = takeSolid(parsing);
  return token.kind === kind ? token : unexpected(parsing, token, context);
}

/** Fails because of a token that does not belong there. */
export function unexpected(parsing: Parsing, token: Token, context: string): never {
  if (token.kind !== 'error') fail(parsing, `unexpected ${showToken(token)} in ${context}`);
  const started = parsing.action === undefined ? 0 : lineOf(parsing.source, parsing.action.pos);
  if (started === 0 || started === lineOf(parsing.source, token.pos)) fail(parsing, token.text);
  const noun = token.text.endsWith(' action') ? '' : ' in action';
  fail(parsing, `${token.text}${noun} started at ${parsing.name}:${started}`);
}

/** Bytes of a message: what the template says may be long. */
const MAX_REASON = 300;

/** Fails with a message (a binary string) at the current line. */
export function fail(parsing: Parsing, reason: string): never {
  const line = lineOf(parsing.source, tokenAt(parsing, parsing.furthest).pos);
  throw new TemplateError(
    'parse',
    fromGo(`template: ${parsing.name}:${line}: ${reason.slice(0, MAX_REASON)}`),
  );
}

/** Brings a variable into scope. Their number is bounded, since looking one up takes time in proportion to it. */
export function declare(parsing: Parsing, variable: string): void {
  if (parsing.variables.length >= LIMIT.variables) fail(parsing, `more than ${LIMIT.variables} variables`);
  parsing.variables.push(variable);
}

/** Parses something one level deeper, within the limit that keeps recursion off the stack's end. */
export function nested<T>(parsing: Parsing, parse: () => T): T {
  if (parsing.depth >= LIMIT.syntax) fail(parsing, 'max expression depth exceeded');
  parsing.depth++;
  const parsed = parse();
  parsing.depth--;
  return parsed;
}

function tokenAt(parsing: Parsing, index: number): Token {
  const token = parsing.tokens[Math.min(index, parsing.tokens.length - 1)];
  if (token === undefined) throw new Error('defect: the lexer made no token');
  return token;
}
