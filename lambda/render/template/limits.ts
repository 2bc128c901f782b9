import { FunctionError } from './template-error.ts';

/** Templates come from tenants: what one execution may use. */
export const LIMIT = {
  /** Bytes of output: what a Secret holds (https://kubernetes.io/docs/concepts/configuration/secret/#restriction-data-size). */
  output: 1_048_576,
  /** Bytes of any string on the way there; more than the output, for values that are encoded and decoded again. */
  text: 4_194_304,
  /** Items of a list or dict that a function makes. */
  items: 100_000,
  /** Evaluation steps: actions, commands, arguments; large strings and walks through lists count as several. */
  steps: 1_000_000,
  /** Blocks, parentheses and templates within each other while executing. */
  depth: 300,
  /** `template` within `template`. Go allows 100000, more than the stack of JS has room for. */
  templates: 100,
  /** Lists within dicts within lists, where a function walks through them. */
  nesting: 200,
  /** Parentheses and blocks within each other. */
  syntax: 200,
  /** Variables in scope within one definition. */
  variables: 500,
  /** Bytes of a template's source. */
  source: 1_048_576,
} as const;

/** Fails before a function makes a string that is too long: call it with the length where arguments decide about it. */
export function checkTextLength(length: number): void {
  if (length > LIMIT.text) throw new FunctionError(`the result is longer than ${LIMIT.text} bytes`);
}

/** Fails before a function makes a list or dict that is too long. */
export function checkItemCount(count: number): void {
  if (count > LIMIT.items) throw new FunctionError(`the result has more than ${LIMIT.items} items`);
}
