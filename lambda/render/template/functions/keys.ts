import { jwkToPkcs8, jwkToSpki } from '../../pki/jwk.ts';
import { encodePem } from '../../pki/pem.ts';
import { privateKeyOf } from '../../pki/private-key.ts';
import { decryptOaep } from '../../pki/rsa-decrypt.ts';
import { fromBytes, fromGo, toBytes } from '../go-string.ts';
import { fn1, fn4, string } from '../signature.ts';
import { FunctionError } from '../template-error.ts';
import type { Spend, TemplateFunction } from '../value.ts';

/** ESO's functions of JSON Web Keys and RSA (https://external-secrets.io/latest/guides/templating/#extract-from-jwk). */
export const keyFunctions: readonly (readonly [string, TemplateFunction])[] = [
  ['jwkPublicKeyPem', fn1(string, (jwk) => encodePem({ type: 'PUBLIC KEY', bytes: jwkToSpki(fromGo(jwk)) }))],
  [
    'jwkPrivateKeyPem',
    fn1(string, (jwk, spend) => encodePem({ type: 'PRIVATE KEY', bytes: jwkToPkcs8(fromGo(jwk), spend) })),
  ],
  ['rsaDecrypt', fn4(string, string, string, string, rsaDecrypt)],
];

function rsaDecrypt(scheme: string, hash: string, ciphertext: string, pem: string, spend: Spend): string {
  if (scheme === 'None') return ciphertext;
  if (scheme !== 'RSA-OAEP')
    throw new FunctionError('the decryption scheme is not supported: None and RSA-OAEP are');
  return fromBytes(decryptOaep(privateKeyOf(pem), digestFor(hash), toBytes(ciphertext), spend));
}

/** ESO takes every other word for SHA256. */
function digestFor(hash: string): string {
  return hash === 'SHA1' || hash === 'SHA512' ? hash.toLowerCase() : 'sha256';
}
