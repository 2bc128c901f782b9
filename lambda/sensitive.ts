import { inspect } from 'node:util';

const REDACTED = '[redacted]';

/**
 * Carries a secret value through the program (guarantee 5: silent). Whatever prints it (string conversion, JSON, inspect, a logger)
 * gets `[redacted]`; only `reveal()` gives the value, so that every use of one is found by searching for that word.
 */
export class Sensitive<T> {
  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  /** The value itself. Call it where a value is parsed, or written to a cluster, and nowhere else. */
  reveal(): T {
    return this.#value;
  }

  toString(): string {
    return REDACTED;
  }

  toJSON(): string {
    return REDACTED;
  }

  [inspect.custom](): string {
    return REDACTED;
  }
}
