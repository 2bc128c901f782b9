import type { TemplateFunction } from '../value.ts';
import { certificateFunctions } from './certificates.ts';
import { encodingFunctions } from './encoding.ts';
import { jsonFunctions } from './json.ts';
import { defaultFunctions, listFunctions } from './lists.ts';
import { keyFunctions } from './keys.ts';
import { numberFunctions } from './numbers.ts';
import { pkcs12Functions } from './pkcs12.ts';
import { regexFunctions } from './regex.ts';
import { stringFunctions } from './strings.ts';
import { yamlFunctions } from './yaml.ts';

/** What templates may call besides Go's own functions (https://external-secrets.io/latest/guides/templating/#helper-functions). */
export const templateFunctions: ReadonlyMap<string, TemplateFunction> = new Map([
  ...stringFunctions,
  ...encodingFunctions,
  ...jsonFunctions,
  ...listFunctions,
  ...defaultFunctions,
  ...numberFunctions,
  ...regexFunctions,
  ...certificateFunctions,
  ...pkcs12Functions,
  ...keyFunctions,
  ...yamlFunctions,
]);
