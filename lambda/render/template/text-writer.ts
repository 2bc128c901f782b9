import { LIMIT } from './limits.ts';
import { FunctionError } from './template-error.ts';

/** Collects text up to the limit for one string, so that a small template cannot fill the memory. */
export class TextWriter {
  readonly #parts: string[] = [];
  #length = 0;

  write(text: string): void {
    this.#length += text.length;
    if (this.#length > LIMIT.text) throw new FunctionError(`the result is longer than ${LIMIT.text} bytes`);
    this.#parts.push(text);
  }

  toString(): string {
    return this.#parts.join('');
  }
}
