/**
 * Reads members of a JSON document as the text that they have there. `JSON.parse` alone will not do: ESO renders nested values and numbers
 * with their own spacing and spelling (`1.0`, integers over 2^53), so the text of each value must survive.
 *
 * Every function expects a well-formed document: call `isJson` first.
 */

/** Whether the text is one JSON value. The parser's message is dropped, because V8 quotes the text in it. */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Whether the (well-formed) text is an object, an array or something else. */
export function kindOf(text: string): 'object' | 'array' | 'scalar' {
  const first = text[skipSpace(text, 0)];
  return first === '{' ? 'object' : first === '[' ? 'array' : 'scalar';
}

/** The members of an object in the order of the text, duplicates included, each value as its own text. */
export function membersOf(text: string): readonly (readonly [key: string, value: string])[] {
  const members: [string, string][] = [];
  let at = skipSpace(text, skipSpace(text, 0) + 1);
  while (text[at] !== '}') {
    const keyEnd = endOfString(text, at);
    const start = skipSpace(text, skipSpace(text, keyEnd) + 1); // past the colon
    const end = endOfValue(text, start);
    members.push([parseString(text.slice(at, keyEnd)), text.slice(start, end)]);
    at = afterComma(text, end);
  }
  return members;
}

/** The string that a JSON string token stands for. */
export function parseString(token: string): string {
  const value: unknown = JSON.parse(token);
  return String(value);
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') at += 1;
  return at;
}

function afterComma(text: string, from: number): number {
  const at = skipSpace(text, from);
  return text[at] === ',' ? skipSpace(text, at + 1) : at;
}

function endOfString(text: string, from: number): number {
  let at = from + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

/** Counts brackets instead of recursing: the depth of a document is its author's choice. */
function endOfValue(text: string, from: number): number {
  let depth = 0;
  let at = from;
  for (;;) {
    const char = text[at];
    if (char === '"') at = endOfString(text, at);
    else if (char === '{' || char === '[') [depth, at] = [depth + 1, at + 1];
    else if (char === '}' || char === ']') [depth, at] = [depth - 1, at + 1];
    else if (depth > 0) at += 1;
    else return endOfScalar(text, at);
    if (depth === 0 && char !== undefined) return at;
  }
}

function endOfScalar(text: string, from: number): number {
  let at = from;
  while (at < text.length && !',]} \n\r\t'.includes(text.charAt(at))) at += 1;
  return at;
}
