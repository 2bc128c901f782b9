import { encodeRune, runesOf } from '../go-string.ts';
import { fn1, string } from '../signature.ts';
import { isDigit, isLetter, isLower, isSpace, isTitle, isUpper } from '../unicode.ts';
import { mapRunes, toLower, toTitle, toUpper } from '../unicode.ts';
import { isConnector, lowerCaseWords } from './lower-case-words.ts';
import type { NamedFunctions } from './names.ts';

/** Sprig's functions of upper and lower case (https://masterminds.github.io/sprig/strings.html). */
export const caseFunctions: NamedFunctions = [
  ['upper', fn1(string, (text) => mapRunes(text, toUpper))],
  ['lower', fn1(string, (text) => mapRunes(text, toLower))],
  ['title', fn1(string, title)],
  ['untitle', fn1(string, untitle)],
  ['swapcase', fn1(string, swapCase)],
  ['initials', fn1(string, initials)],
  ['nospace', fn1(string, withoutSpace)],
  ['camelcase', fn1(string, pascalCase)],
  ['snakecase', fn1(string, (text) => lowerCaseWords(text, '_'))],
  ['kebabcase', fn1(string, (text) => lowerCaseWords(text, '-'))],
];

/** strings.Title: of characters beyond ASCII only spaces end a word. */
function title(text: string): string {
  let previous = ' '.charCodeAt(0);
  return mapRunes(text, (rune) => {
    const mapped = endsWord(previous) ? toTitle(rune) : rune;
    previous = rune;
    return mapped;
  });
}

function endsWord(rune: number): boolean {
  if (rune < 0x80) return !/\w/u.test(String.fromCharCode(rune));
  return !isLetter(rune) && !isDigit(rune) && isSpace(rune);
}

function untitle(text: string): string {
  let startsWord = true;
  return mapRunes(text, (rune) => {
    const mapped = startsWord ? toLower(rune) : rune;
    startsWord = isSpace(rune);
    return mapped;
  });
}

function swapCase(text: string): string {
  let startsWord = true;
  return mapRunes(text, (rune) => {
    const starts = startsWord;
    startsWord = false;
    if (isUpper(rune) || isTitle(rune)) return toLower(rune);
    if (isLower(rune)) return starts ? toTitle(rune) : toUpper(rune);
    startsWord = isSpace(rune);
    return rune;
  });
}

/** The first *byte* of each word, as a code point: what goutils makes of `é` is `Ã`. */
function initials(text: string): string {
  let startsWord = true;
  const letters: string[] = [];
  for (const rune of bytesAsRunes(text)) {
    if (startsWord && !isSpace(rune)) letters.push(encodeRune(rune));
    startsWord = isSpace(rune);
  }
  return letters.join('');
}

/** Byte by byte too, unless nothing is to be removed. */
function withoutSpace(text: string): string {
  const kept = bytesAsRunes(text).filter((rune) => !isSpace(rune));
  return kept.length === text.length ? text : kept.map(encodeRune).join('');
}

function bytesAsRunes(text: string): readonly number[] {
  return Array.from(text, (char) => char.charCodeAt(0));
}

/** Words end at connectors, which go; those at the start stay, and of several in a row all but one. */
function pascalCase(text: string): string {
  const runes = runesOf(text);
  const start = runes.findIndex((rune) => !isConnector(rune));
  if (start === -1) return doubledEnd(text);
  const out = runes.slice(0, start);
  let current = toUpper(runes[start] ?? 0);
  let wordIsUpper = isUpper(runes[start] ?? 0);
  for (const rune of runes.slice(start + 1)) {
    const previous = current;
    current = rune;
    if (isConnector(previous) && isConnector(rune)) {
      out.push(previous);
    } else if (isConnector(previous)) {
      wordIsUpper = isUpper(rune);
      current = toUpper(rune);
    } else {
      if (wordIsUpper && isUpper(rune)) current = toLower(rune);
      else wordIsUpper = false;
      out.push(previous);
    }
  }
  return [...out, current].map(encodeRune).join('');
}

/** Where there are but connectors, xstrings gives the last of them twice. */
function doubledEnd(text: string): string {
  const runes = runesOf(text);
  const last = runes.at(-1);
  return [...runes, ...(last === undefined ? [] : [last])].map(encodeRune).join('');
}
