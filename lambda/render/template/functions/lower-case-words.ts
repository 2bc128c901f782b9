import { RUNE_ERROR, decodeRune, encodeRune } from '../go-string.ts';
import { isLetter, isNumber, isPunct, isSpace, isUpper, mapRunes, toLower } from '../unicode.ts';

type Kind = 'invalid' | 'number' | 'upper' | 'letters' | 'connector' | 'punctuation' | 'other';

/** A part of the text: runs of one kind of character, where a capital may start a word. */
interface Word {
  readonly kind: Kind;
  readonly text: string;
  /** Where the next one starts. */
  readonly end: number;
}

/** What goes on after a word without a connector of its own. */
const TIGHT: ReadonlySet<Kind> = new Set(['connector', 'punctuation']);

/**
 * snakecase and kebabcase, as xstrings splits words: `HTTPServer` is `http_server`, `http2xx` is `http_2xx`, `Bld4Floor3rd` is
 * `bld4_floor_3rd`. A number belongs to the word before it unless lower case follows.
 */
export function lowerCaseWords(text: string, connector: '_' | '-'): string {
  const out: string[] = [];
  let word = wordAt(text, 0);
  while (word.end < text.length) {
    const previous = word;
    out.push(lowered(previous, connector));
    word = wordAt(text, previous.end);
    if (previous.kind === 'number') word = takeTail(text, word, { out, connector });
    else if (!TIGHT.has(previous.kind)) word = takeNumber(text, word, { out, connector });
  }
  return [...out, lowered(word, connector)].join('');
}

interface Output {
  readonly out: string[];
  readonly connector: string;
}

/** Letters and numbers that go on after a number; then the next word is set off. */
function takeTail(text: string, start: Word, { out, connector }: Output): Word {
  let word = start;
  for (; word.kind === 'letters' || word.kind === 'number'; word = wordAt(text, word.end))
    out.push(lowered(word, connector));
  if (word.kind !== 'invalid' && !TIGHT.has(word.kind)) out.push(connector);
  return word;
}

/** A number after a word: part of it, or the start of the next. */
function takeNumber(text: string, number: Word, { out, connector }: Output): Word {
  if (number.kind !== 'number') {
    if (!TIGHT.has(number.kind)) out.push(connector);
    return number;
  }
  if (number.end >= text.length) return number;
  const next = wordAt(text, number.end);
  if (next.kind === 'letters') {
    out.push(connector, number.text);
    return takeTail(text, next, { out, connector });
  }
  out.push(number.text);
  if (!TIGHT.has(next.kind)) out.push(connector);
  return next;
}

function lowered({ kind, text }: Word, connector: string): string {
  if (kind !== 'upper' && kind !== 'connector') return text;
  const code = connector.charCodeAt(0);
  return mapRunes(text, (rune) => (isConnector(rune) ? code : isUpper(rune) ? toLower(rune) : rune));
}

function wordAt(text: string, start: number): Word {
  const { rune, end } = validRuneAt(text, start, RUNE_ERROR);
  const kind = kindOf(rune);
  const wordEnd =
    kind === 'invalid' ? end : kind === 'upper' ? endOfCapitalized(text, end, rune) : endOfRun();
  return { kind, text: text.slice(start, wordEnd), end: wordEnd };

  function endOfRun(): number {
    return skipWhile(text, end, rune, (next) => kindOf(next) === kind).end;
  }
}

/** A capital with lower case after it, or several capitals, of which the last belongs to lower case that follows. */
function endOfCapitalized(text: string, start: number, capital: number): number {
  if (start >= text.length) return start;
  const { rune, end } = validRuneAt(text, start, capital);
  if (isAlphabet(rune) && !isUpper(rune))
    return skipWhile(text, end, rune, (next) => isAlphabet(next) && !isUpper(next)).end;
  if (!isUpper(rune)) return start;
  const run = skipWhile(text, start, capital, isUpper);
  return run.end < text.length && isAlphabet(run.next) ? run.lastStart : run.end;
}

interface Run {
  readonly end: number;
  /** Where the last code point of the run starts. */
  readonly lastStart: number;
  /** The code point that ended it. */
  readonly next: number;
}

function skipWhile(text: string, start: number, first: number, belongs: (rune: number) => boolean): Run {
  let end = start;
  let lastStart = start;
  let next = first;
  while (end < text.length) {
    const valid = validRuneAt(text, end, next);
    next = valid.rune;
    if (!belongs(next)) break;
    lastStart = end;
    end = valid.end;
  }
  return { end, lastStart, next };
}

/** The next code point that is valid, past any bytes that are none; the one before where there is none any more. */
function validRuneAt(
  text: string,
  start: number,
  before: number,
): { readonly rune: number; readonly end: number } {
  for (let end = start; end < text.length;) {
    const { rune, width } = decodeRune(text, end);
    end += width;
    if (rune !== RUNE_ERROR) return { rune, end };
  }
  return { rune: before, end: text.length };
}

/** What xstrings takes for the space between words. */
export function isConnector(rune: number): boolean {
  return encodeRune(rune) === '-' || encodeRune(rune) === '_' || isSpace(rune);
}

function kindOf(rune: number): Kind {
  if (rune === RUNE_ERROR) return 'invalid';
  if (isConnector(rune)) return 'connector';
  if (isPunct(rune)) return 'punctuation';
  if (isUpper(rune)) return 'upper';
  if (isAlphabet(rune)) return 'letters';
  return isNumber(rune) ? 'number' : 'other';
}

/** Letters, but not the common Chinese characters. */
function isAlphabet(rune: number): boolean {
  const isChinese =
    (rune >= 0x4e00 && rune <= 0x9fcc) ||
    (rune >= 0x3400 && rune <= 0x4d85) ||
    (rune >= 0x20000 && rune <= 0x2b81d);
  return isLetter(rune) && !isChinese;
}
