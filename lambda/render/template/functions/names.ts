import type { TemplateFunction } from '../value.ts';

/** Functions under the names that templates call them by. */
export type NamedFunctions = readonly (readonly [string, TemplateFunction])[];

/** One function under several names. */
export function under(names: readonly string[], fn: TemplateFunction): NamedFunctions {
  return names.map((name) => [name, fn] as const);
}

/** Under its name and under `mustName`: a template cannot tell the panic of one from the error of the other. */
export function withMust(name: string, fn: TemplateFunction): NamedFunctions {
  return under([name, prefixed('must', name)], fn);
}

/** `osBase` of `os` and `base`. */
export function prefixed(prefix: string, name: string): string {
  return `${prefix}${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}
