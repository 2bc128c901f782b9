import { decodeRune } from './go-string.ts';
import { quote } from './quote.ts';
import { keywordOf } from './token.ts';
import type { Token, TokenKind } from './token.ts';

/** Reads tokens from inside one action; the position moves on as they are taken. */
interface Cursor {
  readonly source: string;
  readonly tokens: Token[];
  pos: number;
  parens: number;
}

/**
 * Pushes the tokens of one action, up to its closing delimiter.
 *
 * @returns the position of the delimiter (or of its trim marker), or what is wrong
 */
export function lexAction(source: string, start: number, tokens: Token[]): number | Token {
  const cursor: Cursor = { source, tokens, pos: start, parens: 0 };
  for (;;) {
    if (atClose(source, cursor.pos)) {
      return cursor.parens === 0 ? cursor.pos : error(cursor.pos, 'unclosed left paren');
    }
    const failed = lexToken(cursor);
    if (failed !== undefined) return failed;
  }
}

/** Whether `}}` or ` -}}` stands here. */
function atClose(source: string, pos: number): boolean {
  return source.startsWith('}}', pos) || (isSpace(source.charAt(pos)) && source.startsWith('-}}', pos + 1));
}

function lexToken(cursor: Cursor): Token | undefined {
  const { source, pos } = cursor;
  const char = source.charAt(pos);
  if (char === '') return error(pos, 'unclosed action');
  if (isSpace(char)) return take(cursor, 'space', endOfSpace(source, pos));
  if (char === '"') return quoted(cursor, 'string', 'unterminated quoted string');
  if (char === "'") return quoted(cursor, 'charConstant', 'unterminated character constant');
  if (char === '`') return rawString(cursor);
  if (char === '$') return word(cursor, 'variable');
  if (char === '.' && !isDigit(source.charAt(pos + 1))) return field(cursor);
  if (char === '.' || char === '+' || char === '-' || isDigit(char)) return number(cursor);
  if (char === '(' || char === ')') return paren(cursor, char);
  return isAlphaNumericAt(source, pos) ? identifier(cursor) : punctuation(cursor, char);
}

function punctuation(cursor: Cursor, char: string): Token | undefined {
  const { source, pos } = cursor;
  if (char === '=') return take(cursor, 'assign', pos + 1);
  if (char === '|') return take(cursor, 'pipe', pos + 1);
  if (char === ':') {
    return source.charAt(pos + 1) === '=' ? take(cursor, 'declare', pos + 2) : error(pos, 'expected :=');
  }
  if (char > ' ' && char <= '~') return take(cursor, 'char', pos + 1);
  return error(pos, `unrecognized character in action: ${showRune(source, pos)}`);
}

function paren(cursor: Cursor, char: '(' | ')'): Token | undefined {
  cursor.parens += char === '(' ? 1 : -1;
  if (cursor.parens < 0) return error(cursor.pos, 'unexpected right paren');
  return take(cursor, char === '(' ? 'leftParen' : 'rightParen', cursor.pos + 1);
}

/** The end of white space; the last of it belongs to a trim marker that follows. */
function endOfSpace(source: string, start: number): number {
  let end = start;
  while (isSpace(source.charAt(end))) end++;
  return source.startsWith('-}}', end) ? end - 1 : end;
}

function quoted(cursor: Cursor, kind: 'string' | 'charConstant', unterminated: string): Token | undefined {
  const { source, pos } = cursor;
  const quote = source.charAt(pos);
  for (let end = pos + 1; end < source.length; end++) {
    const char = source.charAt(end);
    if (char === quote) return take(cursor, kind, end + 1);
    if (char === '\\') end++;
    if (source.charAt(end) === '\n') break;
  }
  return error(pos, unterminated);
}

function rawString(cursor: Cursor): Token | undefined {
  const end = cursor.source.indexOf('`', cursor.pos + 1);
  if (end < 0) return error(cursor.pos, 'unterminated raw quoted string');
  return take(cursor, 'string', end + 1);
}

function field(cursor: Cursor): Token | undefined {
  if (atTerminator(cursor.source, cursor.pos + 1)) return take(cursor, 'dot', cursor.pos + 1);
  return word(cursor, 'field');
}

function identifier(cursor: Cursor): Token | undefined {
  const text = cursor.source.slice(cursor.pos, endOfWord(cursor.source, cursor.pos));
  if (text === 'true' || text === 'false') return word(cursor, 'bool');
  return word(cursor, keywordOf(text) ?? 'identifier');
}

/** A name, after the character that says what it names (`$`, `.`, or its own first letter). */
function word(cursor: Cursor, kind: TokenKind): Token | undefined {
  const { source, pos } = cursor;
  const skip = kind === 'variable' || kind === 'field' ? 1 : 0;
  const end = endOfWord(source, pos + skip);
  if (!atTerminator(source, end)) return error(pos, `bad character ${showRune(source, end)}`);
  return take(cursor, kind, end);
}

/** A number, or two of which the second is imaginary. */
function number(cursor: Cursor): Token | undefined {
  const { source, pos } = cursor;
  const end = endOfNumber(source, pos);
  const sign = source.charAt(end);
  if (isAlphaNumericAt(source, end)) return error(pos, `bad number syntax: ${showWord(source, pos, end)}`);
  if (sign !== '+' && sign !== '-') return take(cursor, 'number', end);
  const second = endOfNumber(source, end);
  if (source.charAt(second - 1) !== 'i' || isAlphaNumericAt(source, second))
    return error(pos, `bad number syntax: ${showWord(source, pos, second)}`);
  return take(cursor, 'complex', second);
}

const NUMBER =
  /[+-]?(?:0[xX][0-9a-fA-F_]*(?:\.[0-9a-fA-F_]*)?(?:[pP][+-]?[0-9_]*)?|0[oO][0-7_]*(?:\.[0-7_]*)?|0[bB][01_]*(?:\.[01_]*)?|[0-9_]*(?:\.[0-9_]*)?(?:[eE][+-]?[0-9_]*)?)i?/y;

/** The end of what looks like a number; whether it is one is for constant.ts. */
function endOfNumber(source: string, start: number): number {
  NUMBER.lastIndex = start;
  NUMBER.exec(source);
  return Math.max(start, NUMBER.lastIndex);
}

function endOfWord(source: string, start: number): number {
  let end = start;
  while (isAlphaNumericAt(source, end)) end += decodeRune(source, end).width;
  return end;
}

/** Whether a name may end here. */
function atTerminator(source: string, pos: number): boolean {
  const char = source.charAt(pos);
  return char === '' || isSpace(char) || '.,|:)('.includes(char) || source.startsWith('}}', pos);
}

function isAlphaNumericAt(source: string, pos: number): boolean {
  if (pos >= source.length) return false;
  const { rune } = decodeRune(source, pos);
  return rune < 0x80
    ? /\w/.test(String.fromCharCode(rune))
    : /[\p{L}\p{Nd}]/u.test(String.fromCodePoint(rune));
}

function isSpace(char: string): boolean {
  return char === ' ' || char === '\t' || char === '\r' || char === '\n';
}

function isDigit(char: string): boolean {
  return char >= '0' && char <= '9';
}

/** Pushes the token up to that position; nothing is wrong with it. */
function take(cursor: Cursor, kind: TokenKind, end: number): Token | undefined {
  cursor.tokens.push({ kind, pos: cursor.pos, text: cursor.source.slice(cursor.pos, end) });
  cursor.pos = end;
  return undefined;
}

function error(pos: number, text: string): Token {
  return { kind: 'error', pos, text };
}

/** A character as Go's %#U: `U+0021 '!'`. */
function showRune(source: string, pos: number): string {
  if (pos >= source.length) return 'EOF';
  const { rune, width } = decodeRune(source, pos);
  const code = `U+${rune.toString(16).toUpperCase().padStart(4, '0')}`;
  return rune < 0x20 || rune === 0x7f ? code : `${code} '${source.slice(pos, pos + width)}'`;
}

/** The number, quoted, with the letter that spoils it. */
function showWord(source: string, start: number, end: number): string {
  return quote(
    source.slice(start, isAlphaNumericAt(source, end) ? end + decodeRune(source, end).width : end),
  );
}
