import { lexAction } from './lex-action.ts';
import type { Token } from './token.ts';

const OPEN = '{{';
const CLOSE = '}}';
const COMMENT_START = '/*';
const COMMENT_END = '*/';
const SPACE = ' \t\r\n';

/**
 * The tokens of a template, in one pass over its source. The list ends with `eof` or, at the first thing that is no template, `error`.
 * Comments leave no token. A trim marker (`{{- ` or ` -}}`) takes the white space on its side away.
 */
export function lex(source: string): readonly Token[] {
  const tokens: Token[] = [];
  let pos = 0;
  for (;;) {
    const open = source.indexOf(OPEN, pos);
    const end = open < 0 ? source.length : open;
    const text = source.slice(pos, hasLeftMarker(source, open) ? trimmedEnd(source, pos, end) : end);
    if (text !== '') tokens.push({ kind: 'text', pos, text });
    if (open < 0) return [...tokens, { kind: 'eof', pos: end, text: '' }];
    const inside = open + OPEN.length + (hasLeftMarker(source, open) ? 1 + 1 : 0);
    const next = source.startsWith(COMMENT_START, inside)
      ? skipComment(source, inside)
      : lexDelimited(source, open, inside, tokens);
    if (typeof next !== 'number') return [...tokens, next];
    pos = next;
  }
}

/** `{{ ... }}` after its opening: pushes the tokens, gives the position after it or the error. */
function lexDelimited(source: string, open: number, inside: number, tokens: Token[]): number | Token {
  tokens.push({ kind: 'open', pos: open, text: OPEN });
  const end = lexAction(source, inside, tokens);
  if (typeof end !== 'number') return end;
  const trims = hasRightMarker(source, end);
  const close = end + (trims ? 1 + 1 : 0);
  tokens.push({ kind: 'close', pos: close, text: CLOSE });
  return afterClose(source, close, trims);
}

function skipComment(source: string, start: number): number | Token {
  const end = source.indexOf(COMMENT_END, start + COMMENT_START.length);
  if (end < 0) return { kind: 'error', pos: start, text: 'unclosed comment' };
  const after = end + COMMENT_END.length;
  const trims = hasRightMarker(source, after);
  const close = after + (trims ? 1 + 1 : 0);
  if (!source.startsWith(CLOSE, close))
    return { kind: 'error', pos: start, text: 'comment ends before closing delimiter' };
  return afterClose(source, close, trims);
}

/** Where the text goes on after `}}`. */
function afterClose(source: string, close: number, trims: boolean): number {
  let pos = close + CLOSE.length;
  while (trims && pos < source.length && SPACE.includes(source.charAt(pos))) pos++;
  return pos;
}

/** Whether the action that opens here starts with `{{- `. */
function hasLeftMarker(source: string, open: number): boolean {
  const at = open + OPEN.length;
  return (
    open >= 0 && source.charAt(at) === '-' && at + 1 < source.length && SPACE.includes(source.charAt(at + 1))
  );
}

/** Whether ` -}}` stands here. */
function hasRightMarker(source: string, pos: number): boolean {
  return pos < source.length && SPACE.includes(source.charAt(pos)) && source.startsWith(`-${CLOSE}`, pos + 1);
}

function trimmedEnd(source: string, start: number, end: number): number {
  let pos = end;
  while (pos > start && SPACE.includes(source.charAt(pos - 1))) pos--;
  return pos;
}
