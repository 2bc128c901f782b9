/**
 * Finds where the values of a JSON text begin and end. It is as lenient as gjson, which reads secrets that are not quite JSON (a comma too
 * many, a missing bracket) and JSON Lines: what it does not know it steps over, and it ends on any text.
 *
 * All texts here are Go strings (a character is a byte), so that what is compared and cut is what gjson compares and cuts.
 */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** A value as the text that it has in its document, and the index after it. */
export interface Scanned {
  readonly raw: string;
  readonly end: number;
}

/** The value that begins at the index; undefined where the text or the value (a string) has no end there. */
export function valueAt(text: string, at: number): Scanned | undefined {
  if (at >= text.length) return undefined;
  const end = endOfValue(text, at);
  return end === undefined ? undefined : { raw: text.slice(at, end), end };
}

/** The index of the next character that can begin a value, or the text's length. */
export function nextValue(text: string, from: number): number {
  let at = from;
  while (at < text.length && !beginsValue(text.charAt(at))) at += 1;
  return at;
}

/** The next key of an object with its quotes, or undefined at the object's end, and the index after it. */
export function nextKey(
  text: string,
  from: number,
): { readonly raw: string | undefined; readonly end: number } {
  let start = from;
  while (start < text.length && text[start] !== '"' && text[start] !== '}') start += 1;
  if (text[start] !== '"') return { raw: undefined, end: start + 1 };
  const end = endOfString(text, start);
  if (end === undefined) return { raw: undefined, end: text.length + 1 };
  return { raw: text.slice(start, end), end };
}

/** Elements of an array, and the index after it. It is cut where a string has no end. */
export interface Elements {
  readonly raws: readonly string[];
  readonly end: number;
  readonly isCut: boolean;
}

/** The elements from the index to the end of their array. */
export function elementsFrom(text: string, from: number): Elements {
  const raws: string[] = [];
  let at = nextElement(text, from);
  while (at < text.length && text[at] !== ']') {
    const element = valueAt(text, at);
    if (element === undefined) return { raws, end: text.length + 1, isCut: true };
    raws.push(element.raw);
    at = nextElement(text, element.end);
  }
  return { raws, end: at + 1, isCut: at > text.length };
}

/** `nextValue` in an array, whose end counts too. */
export function nextElement(text: string, from: number): number {
  let at = from;
  while (at < text.length && text[at] !== ']' && !beginsValue(text.charAt(at))) at += 1;
  return at;
}

/** The index after the string that begins at the index; undefined where it does not end. */
export function endOfString(text: string, at: number): number | undefined {
  for (let next = at + 1; next < text.length; next += 1) {
    const code = text.charCodeAt(next);
    if (code === QUOTE) return next + 1;
    if (code === BACKSLASH) next += 1;
  }
  return undefined;
}

/**
 * The index after the bracket that closes the one at the index; brackets of any kind close each other. It counts, because the depth of a document
 * is its author's choice. Where a string has no end, the index is beyond the text's.
 */
export function endOfBrackets(text: string, at: number): number {
  let depth = 1;
  let next = at + 1;
  for (; next < text.length; next += 1) {
    switch (text.charAt(next)) {
      case '"':
        next = (endOfString(text, next) ?? text.length + 1) - 1;
        break;
      case '{':
      case '[':
      case '(':
        depth += 1;
        break;
      case '}':
      case ']':
      case ')':
        depth -= 1;
        if (depth === 0) return next + 1;
    }
  }
  return next;
}

/** Without the characters up to the space at both ends. */
export function trimmed(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && text.charAt(start) <= ' ') start += 1;
  while (end > start && text.charAt(end - 1) <= ' ') end -= 1;
  return text.slice(start, end);
}

function endOfValue(text: string, at: number): number | undefined {
  switch (text.charAt(at)) {
    case '"':
      return endOfString(text, at);
    case '{':
    case '[':
      return endOfBrackets(text, at);
    case 't':
    case 'f':
      return endOfLiteral(text, at);
    case 'n':
      return text[at + 1] === 'u' ? endOfLiteral(text, at) : endOfNumber(text, at);
    default:
      return endOfNumber(text, at);
  }
}

function endOfLiteral(text: string, at: number): number {
  let next = at + 1;
  while (next < text.length && text.charAt(next) >= 'a' && text.charAt(next) <= 'z') next += 1;
  return next;
}

function endOfNumber(text: string, at: number): number {
  let next = at + 1;
  while (next < text.length && text.charAt(next) > ' ' && !',]}'.includes(text.charAt(next))) next += 1;
  return next;
}

/** Numbers may also be spelled Inf, NaN and the like. */
function beginsValue(char: string): boolean {
  return (char >= '0' && char <= '9') || '"{[tfn-+iIN'.includes(char);
}
