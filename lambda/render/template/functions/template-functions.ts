import type { TemplateFunction } from '../value.ts';
import { encodingFunctions } from './encoding.ts';
import { jsonFunctions } from './json.ts';
import { defaultFunctions, listFunctions } from './lists.ts';
import { numberFunctions } from './numbers.ts';
import { regexFunctions } from './regex.ts';
import { stringFunctions } from './strings.ts';

/** What templates may call besides Go's own functions (https://external-secrets.io/latest/guides/templating/#helper-functions). */
export const templateFunctions: ReadonlyMap<string, TemplateFunction> = new Map([
  ...stringFunctions,
  ...encodingFunctions,
  ...jsonFunctions,
  ...listFunctions,
  ...defaultFunctions,
  ...numberFunctions,
  ...regexFunctions,
]);
