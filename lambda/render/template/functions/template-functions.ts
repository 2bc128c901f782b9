import type { TemplateFunction } from '../value.ts';
import { caseFunctions } from './cases.ts';
import { certificateFunctions } from './certificates.ts';
import { cipherFunctions } from './ciphers.ts';
import { customCertFunctions } from './custom-cert.ts';
import { dateFunctions } from './dates.ts';
import { defaultFunctions, reflectionFunctions } from './defaults.ts';
import { derivePasswordFunctions } from './derive-password.ts';
import { dictFunctions } from './dicts.ts';
import { encodingFunctions } from './encoding.ts';
import { floatFunctions } from './floats.ts';
import { integerFunctions } from './integers.ts';
import { joiningFunctions } from './joining.ts';
import { hexFunctions } from './hex.ts';
import { jsonFunctions } from './json.ts';
import { keyFunctions } from './keys.ts';
import { listFunctions } from './lists.ts';
import { passwordFunctions } from './passwords.ts';
import { pathFunctions } from './paths.ts';
import { pkcs12Functions } from './pkcs12.ts';
import { refusedFunctions } from './refused.ts';
import { regexFunctions } from './regex.ts';
import { stringFunctions } from './strings.ts';
import { urlFunctions } from './urls.ts';
import { versionFunctions } from './versions.ts';
import { wrappingFunctions } from './wrapping.ts';
import { yamlFunctions } from './yaml.ts';

/** What templates may call besides Go's own functions (https://external-secrets.io/latest/guides/templating/#helper-functions). */
export const templateFunctions: ReadonlyMap<string, TemplateFunction> = new Map([
  ...stringFunctions,
  ...caseFunctions,
  ...joiningFunctions,
  ...wrappingFunctions,
  ...encodingFunctions,
  ...jsonFunctions,
  ...listFunctions,
  ...dictFunctions,
  ...defaultFunctions,
  ...reflectionFunctions,
  ...integerFunctions,
  ...floatFunctions,
  ...regexFunctions,
  ...certificateFunctions,
  ...pkcs12Functions,
  ...keyFunctions,
  ...hexFunctions,

  ...yamlFunctions,
  ...pathFunctions,
  ...urlFunctions,
  ...versionFunctions,
  ...dateFunctions,
  ...passwordFunctions(''),
  ...derivePasswordFunctions,
  ...cipherFunctions,
  ...customCertFunctions,
  ...refusedFunctions,
]);

/** The same for one declaration: what is salted is salted for it. */
export function templateFunctionsFor(declaration: string): ReadonlyMap<string, TemplateFunction> {
  return new Map([...templateFunctions, ...passwordFunctions(declaration)]);
}
