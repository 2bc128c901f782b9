import { createDecipheriv, pbkdf2Sync } from 'node:crypto';
import { FunctionError } from '../template/template-error.ts';
import type { Spend } from '../template/value.ts';
import { TAG, itemsOf, numberOf, objectIdOf, octetsOf } from './der.ts';
import type { Der } from './der.ts';
import { AES, DIGESTS, ID, LEGACY, lookUp } from './object-ids.ts';
import { PURPOSE, derive } from './pkcs12-password.ts';
import type { Digest, Password } from './pkcs12-password.ts';
import { decryptRc2 } from './rc2.ts';

/**
 * Decrypts what a password protects, under the algorithm that is named next to it.
 *
 * @throws FunctionError where the algorithm is unknown or the password wrong; DerError
 */
export function decryptWithPassword(
  algorithm: Der | undefined,
  data: Buffer,
  password: Password,
  spend: Spend,
): Buffer {
  spend(data.length);
  const [id, parameters] = itemsOf(algorithm);
  const plain =
    objectIdOf(id) === ID.pbes2
      ? decryptPbes2(parameters, data, password, spend)
      : decryptLegacy(objectIdOf(id), parameters, data, { password, spend });
  if (plain === undefined) throw new FunctionError('the PKCS#12 archive cannot be decrypted');
  return plain;
}

/** A key by PBKDF2 (RFC 8018), its length being the one asked for whatever the parameters say. */
export function pbkdf2Of(
  derivation: Der | undefined,
  length: number,
  password: Password,
  spend: Spend,
): Buffer {
  const [id, parameters] = itemsOf(derivation);
  if (objectIdOf(id) !== ID.pbkdf2) throw unknown('key derivation');
  const [salt, iterations, ...optional] = itemsOf(parameters);
  const rounds = numberOf(iterations);
  spend(rounds * Math.ceil(length / 20));
  return pbkdf2Sync(password.utf8, octetsOf(salt), rounds, length, prfOf(optional));
}

/** The length that the parameters of PBKDF2 name. */
export function keyLengthOf(derivation: Der | undefined): number {
  const [, parameters] = itemsOf(derivation);
  const [, , length] = itemsOf(parameters);
  return numberOf(length);
}

/** The digest of an AlgorithmIdentifier. */
export function digestOf(algorithm: Der | undefined): Digest {
  const [id] = itemsOf(algorithm);
  return lookUp(DIGESTS, objectIdOf(id)) ?? fail(unknown('digest'));
}

function prfOf(optional: readonly Der[]): Digest {
  const prf = optional.find(({ tag }) => tag === TAG.sequence);
  return prf === undefined ? 'sha1' : digestOf(prf);
}

function decryptPbes2(
  parameters: Der | undefined,
  data: Buffer,
  password: Password,
  spend: Spend,
): Buffer | undefined {
  const [derivation, scheme] = itemsOf(parameters);
  const [id, iv] = itemsOf(scheme);
  const { cipher, keyLength } = lookUp(AES, objectIdOf(id)) ?? fail(unknown('cipher'));
  const key = pbkdf2Of(derivation, keyLength, password, spend);
  return decipher(cipher, { key, iv: octetsOf(iv) }, data);
}

function decryptLegacy(
  id: string,
  parameters: Der | undefined,
  data: Buffer,
  { password, spend }: { readonly password: Password; readonly spend: Spend },
): Buffer | undefined {
  const { cipher, keyLength } = lookUp(LEGACY, id) ?? fail(unknown('encryption'));
  const [salt, iterations] = itemsOf(parameters);
  const from = { digest: 'sha1', salt: octetsOf(salt), iterations: numberOf(iterations) } as const;
  const key = derive(password.wide, { ...from, purpose: PURPOSE.key, length: keyLength }, spend);
  const iv = derive(password.wide, { ...from, purpose: PURPOSE.iv, length: 8 }, spend);
  return cipher === 'rc2' ? decryptRc2(key, iv, data) : decipher(cipher, { key, iv }, data);
}

/** Undefined where the padding is wrong, as it is after a wrong key. */
function decipher(
  cipher: string,
  { key, iv }: { readonly key: Buffer; readonly iv: Buffer },
  data: Buffer,
): Buffer | undefined {
  try {
    const stream = createDecipheriv(cipher, key, iv);
    return Buffer.concat([stream.update(data), stream.final()]);
  } catch {
    return undefined;
  }
}

function unknown(what: string): FunctionError {
  return new FunctionError(`the PKCS#12 archive uses an unsupported ${what}`);
}

function fail(error: Error): never {
  throw error;
}
