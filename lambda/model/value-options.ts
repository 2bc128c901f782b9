/** What a declaration says about its values besides where they are (https://external-secrets.io/latest/api/spec/). */

/** How a value is decoded before it is written; `Auto` takes what is no base64 as it is. */
export type DecodingStrategy = 'None' | 'Base64' | 'Base64URL' | 'Auto';

/** What becomes of characters that no key may have: `_`, or `_U` and their number in hexadecimal. */
export type ConversionStrategy = 'Default' | 'Unicode';

/** What becomes of a value that holds a null byte. */
export type NullBytePolicy = 'Ignore' | 'Fail';

/** Whether the value is read, or the tags of the secret. */
export type MetadataPolicy = 'None' | 'Fetch';

/** One step of `dataFrom[].rewrite`, which renames keys, or merges the values of several secrets. */
export type Rewrite =
  | { readonly kind: 'regexp'; readonly source: string; readonly target: string }
  | { readonly kind: 'transform'; readonly template: string }
  | RewriteMerge;

/** Parses the values as JSON objects and merges their members, into the keys themselves or into one key. */
export interface RewriteMerge {
  readonly kind: 'merge';
  /** The key that takes the result of the strategy JSON. */
  readonly into: string;
  /** Keys whose values win over others, the last one most. */
  readonly priority: readonly string[];
  readonly priorityPolicy: 'Strict' | 'IgnoreNotFound';
  readonly conflictPolicy: 'Error' | 'Ignore';
  readonly strategy: 'Extract' | 'JSON';
}
