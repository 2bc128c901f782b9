import { createPrivateKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { FunctionError } from '../template/template-error.ts';
import { nextBlock } from './pem.ts';

/** The forms in which a key may stand, tried in ESO's order. */
const FORMS = ['pkcs1', 'pkcs8', 'sec1'] as const;
/** The curves that Go knows. */
const CURVES = ['secp224r1', 'prime256v1', 'secp384r1', 'secp521r1'];

/**
 * A private key in PKCS#1, PKCS#8 or SEC 1, of a kind that Go takes: RSA, NIST's curves, Ed25519, X25519.
 *
 * @throws FunctionError
 */
export function parsePrivateKey(der: Buffer): KeyObject {
  const key = FORMS.values()
    .map((type) => parsed(der, type))
    .find((each) => each !== undefined);
  if (key === undefined || !isKnown(key)) throw new FunctionError('the private key cannot be parsed');
  return key;
}

/**
 * The private key in the first block of PEM, whatever its type says.
 *
 * @throws FunctionError
 */
export function privateKeyOf(pem: string): KeyObject {
  const next = nextBlock(pem);
  if (next === undefined) throw new FunctionError('there is no PEM block with a private key');
  return parsePrivateKey(next.block.bytes);
}

/** The key as PKCS#8, which is what Go writes, byte for byte. */
export function toPkcs8(key: KeyObject): Buffer {
  return key.export({ type: 'pkcs8', format: 'der' });
}

/** OpenSSL's message is dropped: it says nothing that would help, and it is about a key. */
function parsed(der: Buffer, type: (typeof FORMS)[number]): KeyObject | undefined {
  try {
    return createPrivateKey({ key: der, format: 'der', type });
  } catch {
    return undefined;
  }
}

function isKnown({ asymmetricKeyType: type, asymmetricKeyDetails: details }: KeyObject): boolean {
  if (type === 'ec') return CURVES.includes(details?.namedCurve ?? '');
  return type === 'rsa' || type === 'ed25519' || type === 'x25519';
}
