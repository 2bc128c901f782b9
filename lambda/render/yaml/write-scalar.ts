import { WIDTH, indentTo, indicate, put, putBreak, separate } from './emitter.ts';
import type { Emitter } from './emitter.ts';
import { isBreak, isPrintable } from './scalar-style.ts';
import type { Style } from './scalar-style.ts';

/** How a text is to be written: with which indentation in lines after the first, and whether it may have such. */
export interface Writing {
  readonly style: Style;
  readonly indent: number;
  readonly mayFold: boolean;
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\0', '0'],
  ['\x07', 'a'],
  ['\b', 'b'],
  ['\t', 't'],
  ['\n', 'n'],
  ['\v', 'v'],
  ['\f', 'f'],
  ['\r', 'r'],
  ['\x1b', 'e'],
  ['"', '"'],
  ['\\', '\\'],
  ['\x85', 'N'],
  ['\xa0', '_'],
  ['\u2028', 'L'],
  ['\u2029', 'P'],
]);
const BYTE_ORDER_MARK = '\ufeff';

/** Writes a text in a style that is fit for it. */
export function writeScalar(emitter: Emitter, text: string, writing: Writing): void {
  const characters = Array.from(text);
  switch (writing.style) {
    case 'plain':
      separate(emitter);
      writeLines(emitter, characters, writing);
      break;
    case 'single':
      indicate(emitter, "'", 'inline');
      writeLines(emitter, characters, writing);
      put(emitter, "'");
      break;
    case 'double':
      indicate(emitter, '"', 'inline');
      writeEscaped(emitter, characters, writing);
      put(emitter, '"');
      break;
    case 'literal':
      writeLiteral(emitter, characters, writing.indent);
      return;
  }
  emitter.isWhite = false;
  emitter.isIndented = false;
}

/** Plain or within single quotes: a line that is too long is folded at a space that stands alone. */
function writeLines(emitter: Emitter, characters: readonly string[], writing: Writing): void {
  let previous = '';
  for (const [index, character] of characters.entries()) {
    const isFold =
      character === ' ' &&
      previous !== ' ' &&
      characters[index + 1] !== ' ' &&
      isLong(emitter, writing) &&
      isInner(characters, index);
    if (isFold) indentTo(emitter, writing.indent);
    else if (isBreak(character)) {
      putBreak(emitter, character);
      emitter.isIndented = true;
    } else {
      if (isBreak(previous)) indentTo(emitter, writing.indent);
      put(emitter, character === "'" && writing.style === 'single' ? "''" : character);
      emitter.isIndented = false;
    }
    previous = character;
  }
}

function writeEscaped(emitter: Emitter, characters: readonly string[], writing: Writing): void {
  const isMarked = characters[0] === BYTE_ORDER_MARK; // then go-yaml escapes everything
  let previous = '';
  for (const [index, character] of characters.entries()) {
    if (isMarked || isEscaped(character)) {
      put(emitter, `\\${escapeOf(character)}`);
      previous = '';
    } else if (
      character === ' ' &&
      previous !== ' ' &&
      isLong(emitter, writing) &&
      isInner(characters, index)
    ) {
      indentTo(emitter, writing.indent);
      if (characters[index + 1] === ' ') put(emitter, '\\');
      previous = ' ';
    } else {
      put(emitter, character, 1);
      previous = character;
    }
  }
}

function isEscaped(character: string): boolean {
  return !isPrintable(character) || isBreak(character) || character === '"' || character === '\\';
}

function escapeOf(character: string): string {
  const short = ESCAPES.get(character);
  if (short !== undefined) return short;
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase();
  if (code.length <= 2) return `x${code.padStart(2, '0')}`;
  return code.length <= 4 ? `u${code.padStart(4, '0')}` : `U${code.padStart(8, '0')}`;
}

/** `|` with hints: how far it is indented, where a line begins with something white, and what becomes of the breaks at the end. */
function writeLiteral(emitter: Emitter, characters: readonly string[], indent: number): void {
  indicate(emitter, `|${indentHint(characters)}${chompHint(characters)}`, 'inline');
  putBreak(emitter);
  emitter.isIndented = true;
  emitter.isWhite = true;
  let previous = '\n';
  for (const character of characters) {
    if (isBreak(character)) {
      putBreak(emitter, character);
      emitter.isIndented = true;
    } else {
      if (isBreak(previous)) indentTo(emitter, indent);
      put(emitter, character, 1);
      emitter.isIndented = false;
    }
    previous = character;
  }
}

function indentHint(characters: readonly string[]): string {
  const first = characters[0] ?? '';
  return first === ' ' || isBreak(first) ? '2' : '';
}

function chompHint(characters: readonly string[]): string {
  const [last = '', before = '\n'] = [characters.at(-1), characters.at(-2)];
  if (!isBreak(last)) return '-';
  return isBreak(before) ? '+' : '';
}

function isLong({ column }: Emitter, { mayFold }: Writing): boolean {
  return mayFold && column > WIDTH;
}

function isInner(characters: readonly string[], index: number): boolean {
  return index > 0 && index < characters.length - 1;
}
