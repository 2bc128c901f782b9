/** Lines are folded where they are longer. */
export const WIDTH = 80;

/** Where the writing of a YAML document stands. */
export interface Emitter {
  readonly out: string[];
  /** Of characters, from 0. */
  column: number;
  /** The last character is white, so that no space is needed. */
  isWhite: boolean;
  /** Nothing but indentation stands in the line. */
  isIndented: boolean;
}

/** Writes one character, or several that are no line breaks. */
export function put(emitter: Emitter, text: string, width = text.length): void {
  emitter.out.push(text);
  emitter.column += width;
}

/** Ends the line. */
export function putBreak(emitter: Emitter, character = '\n'): void {
  emitter.out.push(character);
  emitter.column = 0;
}

/** Goes to an indentation, in a new line where this one is in use. */
export function indentTo(emitter: Emitter, indent: number): void {
  const { isIndented, isWhite, column } = emitter;
  if (!isIndented || column > indent || (column === indent && !isWhite)) putBreak(emitter);
  if (emitter.column < indent) put(emitter, ' '.repeat(indent - emitter.column));
  emitter.isWhite = true;
  emitter.isIndented = true;
}

/** Writes an indicator, such as `-`, with a space before it where one is needed. */
export function indicate(emitter: Emitter, indicator: string, kind: 'inline' | 'block'): void {
  separate(emitter);
  put(emitter, indicator);
  emitter.isWhite = false;
  emitter.isIndented = emitter.isIndented && kind === 'block';
}

/** A space, unless something white stands there. */
export function separate(emitter: Emitter): void {
  if (!emitter.isWhite) put(emitter, ' ');
}
