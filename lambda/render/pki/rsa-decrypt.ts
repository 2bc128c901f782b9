import { constants, privateDecrypt } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { FunctionError } from '../template/template-error.ts';
import type { Spend } from '../template/value.ts';

/** Shorter keys are refused, as Go refuses them. */
const MIN_BITS = 1024;

/** What is computed with a private key of so many bits, in steps: the time grows with the third power of the length. */
export function stepsForRsa(bits: number): number {
  return 100 * (bits / 1024) ** 3;
}

/**
 * RSA-OAEP without a label.
 *
 * @throws FunctionError
 */
export function decryptOaep(key: KeyObject, hash: string, ciphertext: Uint8Array, spend: Spend): Buffer {
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (key.asymmetricKeyType !== 'rsa' || bits < MIN_BITS)
    throw new FunctionError(`an RSA key of at least ${MIN_BITS} bits is needed`);
  spend(stepsForRsa(bits));
  try {
    return privateDecrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: hash }, ciphertext);
  } catch {
    throw new FunctionError('the data cannot be decrypted with this key, scheme and hash');
  }
}
