import { quote } from './quote.ts';

/** What the lexer makes of a template's source. */
export type TokenKind =
  | 'text'
  | 'open'
  | 'close'
  | 'space'
  | 'assign'
  | 'declare'
  | 'pipe'
  | 'char'
  | 'string'
  | 'variable'
  | 'field'
  | 'dot'
  | 'number'
  | 'charConstant'
  | 'complex'
  | 'identifier'
  | 'bool'
  | 'leftParen'
  | 'rightParen'
  | Keyword
  | 'error'
  | 'eof';

export type Keyword =
  'block' | 'break' | 'continue' | 'define' | 'else' | 'end' | 'if' | 'nil' | 'range' | 'template' | 'with';

/** A token: `text` is its source, or for an error the message. */
export interface Token {
  readonly kind: TokenKind;
  readonly pos: number;
  readonly text: string;
}

const KEYWORDS: ReadonlyMap<string, Keyword> = new Map(
  (
    ['block', 'break', 'continue', 'define', 'else', 'end', 'if', 'nil', 'range', 'template', 'with'] as const
  ).map((word) => [word, word]),
);

/** The keyword that a word is, or undefined. */
export function keywordOf(word: string): Keyword | undefined {
  return KEYWORDS.get(word);
}

/** The token as messages show it: quoted, keywords in angle brackets. */
export function showToken(token: Token): string {
  if (token.kind === 'eof') return 'EOF';
  if (token.kind === 'error') return token.text;
  if (KEYWORDS.has(token.kind) || token.kind === 'dot') return `<${token.text}>`;
  const quoted = quote(token.text.slice(0, 10));
  return token.text.length > 10 ? `${quoted}...` : quoted;
}

/** The line of a position, counted from 1. */
export function lineOf(source: string, pos: number): number {
  let line = 1;
  for (let at = source.indexOf('\n'); at >= 0 && at < pos; at = source.indexOf('\n', at + 1)) line++;
  return line;
}
