import { fn1, string } from '../signature.ts';
import { fromGo, toGo } from '../go-string.ts';
import type { TemplateFunction } from '../value.ts';

/** What templates may call besides Go's own functions (https://external-secrets.io/latest/guides/templating/#helper-functions). */
export const templateFunctions: ReadonlyMap<string, TemplateFunction> = new Map([
  ['upper', fn1(string, (text) => toGo(fromGo(text).toUpperCase()))],
  ['lower', fn1(string, (text) => toGo(fromGo(text).toLowerCase()))],
]);
