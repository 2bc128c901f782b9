import { readCharConstant, readNumber } from './constant.ts';
import { quote } from './quote.ts';
import type { Command, Operand, Pipe } from './syntax.ts';
import { show } from './syntax.ts';
import {
  declare,
  expect,
  fail,
  nested,
  peek,
  peekSolid,
  take,
  takeSolid,
  unexpected,
} from './token-reader.ts';
import type { Parsing } from './token-reader.ts';
import type { Token, TokenKind } from './token.ts';
import { unquote } from './unquote.ts';

const OPERAND_STARTS: ReadonlySet<TokenKind> = new Set<TokenKind>([
  'bool',
  'charConstant',
  'complex',
  'dot',
  'field',
  'identifier',
  'number',
  'nil',
  'string',
  'variable',
  'leftParen',
]);

/** Values that a pipeline cannot pass anything on to. */
const CONSTANTS: ReadonlySet<Operand['kind']> = new Set<Operand['kind']>([
  'bool',
  'dot',
  'nil',
  'number',
  'string',
]);

/** `$x := a b | c`, up to and including the token that ends it. */
export function parsePipeline(parsing: Parsing, context: string, end: 'close' | 'rightParen'): Pipe {
  const { pos } = peekSolid(parsing);
  const declaration = parseDeclaration(parsing, context);
  const commands: Command[] = [];
  for (;;) {
    const token = peekSolid(parsing);
    if (token.kind === end) break;
    if (!OPERAND_STARTS.has(token.kind)) unexpected(parsing, takeSolid(parsing), context);
    commands.push(parseCommand(parsing));
  }
  expect(parsing, end, context);
  if (commands.length === 0) fail(parsing, `missing value for ${context}`);
  const stage = commands.findIndex(({ first }, index) => index > 0 && CONSTANTS.has(first.kind));
  if (stage > 0) fail(parsing, `non executable command in pipeline stage ${stage + 1}`);
  return { kind: 'pipe', pos, ...declaration, commands };
}

/** `$x :=`, `$x =` or, for range, `$i, $x :=`; nothing is taken where there is none. */
function parseDeclaration(parsing: Parsing, context: string): Pick<Pipe, 'variables' | 'assigns'> {
  const variables: string[] = [];
  while (peekSolid(parsing).kind === 'variable') {
    const start = parsing.next;
    const name = take(parsing).text;
    const after = peekSolid(parsing);
    const ends = after.kind === 'assign' || after.kind === 'declare';
    if (!ends && !(after.kind === 'char' && after.text === ',')) {
      parsing.next = start;
      break;
    }
    takeSolid(parsing);
    variables.push(name);
    declare(parsing, name);
    if (ends) return { variables, assigns: after.kind === 'assign' };
    if (context !== 'range' || variables.length > 1) fail(parsing, `too many declarations in ${context}`);
    if (!['variable', 'close', 'rightParen'].includes(peekSolid(parsing).kind))
      fail(parsing, 'range can only initialize variables');
  }
  return { variables, assigns: false };
}

/** Operands separated by spaces, and the `|` after them. */
function parseCommand(parsing: Parsing): Command {
  const { pos } = peekSolid(parsing);
  const operands: Operand[] = [];
  for (;;) {
    peekSolid(parsing);
    const operand = parseOperand(parsing);
    if (operand !== undefined) operands.push(operand);
    const token = peek(parsing);
    if (token.kind === 'close' || token.kind === 'rightParen') break;
    take(parsing);
    if (token.kind === 'pipe') break;
    if (token.kind !== 'space') unexpected(parsing, token, 'operand');
  }
  const [first, ...args] = operands;
  if (first === undefined) fail(parsing, 'empty command');
  return { kind: 'command', pos, first, args };
}

/** A term and the fields behind it: `$x.a`, `(f).b`. */
function parseOperand(parsing: Parsing): Operand | undefined {
  const term = parseTerm(parsing);
  if (term === undefined || peek(parsing).kind !== 'field') return term;
  const { pos } = peek(parsing);
  const names: string[] = [];
  while (peek(parsing).kind === 'field') names.push(take(parsing).text.slice(1));
  switch (term.kind) {
    case 'field':
    case 'variable':
      return { ...term, pos, names: [...term.names, ...names] };
    case 'bool':
    case 'string':
    case 'number':
    case 'nil':
    case 'dot':
      return fail(parsing, `unexpected . after term ${quote(show(term))}`);
    case 'identifier':
    case 'chain':
    case 'pipe':
      return { kind: 'chain', pos, of: term, names };
  }
}

function parseTerm(parsing: Parsing): Operand | undefined {
  const token = peek(parsing);
  if (!OPERAND_STARTS.has(token.kind)) return undefined;
  take(parsing);
  const { kind, pos, text } = token;
  if (kind === 'identifier') {
    const fn = parsing.functionOf(text);
    if (fn === undefined) fail(parsing, `function ${quote(text)} not defined`);
    if (fn.refused !== undefined) fail(parsing, `function ${quote(text)} is refused: ${fn.refused}`);
    return { kind, pos, name: text };
  }
  if (kind === 'variable') {
    if (!parsing.variables.includes(text)) fail(parsing, `undefined variable ${quote(text)}`);
    return { kind, pos, name: text, names: [] };
  }
  if (kind === 'field') return { kind, pos, names: [text.slice(1)] };
  if (kind !== 'leftParen') return parseConstant(parsing, token);
  return nested(parsing, () => parsePipeline(parsing, 'parenthesized pipeline', 'rightParen'));
}

function parseConstant(parsing: Parsing, token: Token): Operand {
  const { kind, pos, text } = token;
  if (kind === 'dot' || kind === 'nil') return { kind, pos };
  if (kind === 'bool') return { kind, pos, value: text === 'true' };
  if (kind === 'string') return { kind, pos, value: parseString(parsing, token), source: text };
  if (kind === 'complex' || text.endsWith('i')) fail(parsing, `complex numbers are not supported: ${text}`);
  const number = kind === 'charConstant' ? readCharConstant(text, pos) : readNumber(text, pos);
  return typeof number === 'string' ? fail(parsing, number) : number;
}

/** What a string literal stands for. */
export function parseString(parsing: Parsing, token: Token): string {
  const value = unquote(token.text);
  if (value === undefined) fail(parsing, 'invalid syntax');
  parsing.literals.add(value);
  return value;
}
