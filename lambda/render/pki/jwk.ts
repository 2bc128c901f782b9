import { createPrivateKey, createPublicKey } from 'node:crypto';
import type { JsonWebKey } from 'node:crypto';
import { decodeBase64 } from '../base64.ts';
import { parseObject } from '../go-json.ts';
import type { Json } from '../go-json.ts';
import { FunctionError } from '../template/template-error.ts';
import type { Spend } from '../template/value.ts';
import { stepsForRsa } from './rsa-decrypt.ts';

/** Of 16384 bits: OpenSSL takes no longer ones, and what is computed with them takes its time. */
const MAX_BYTES = 2048;
/** The curves of RFC 7518 and 8037 that ESO makes PEM of; it reads X25519, but cannot write it. */
const CURVES = { EC: ['P-256', 'P-384', 'P-521'], OKP: ['Ed25519'] } as const;

/**
 * The public key of a JWK as a SubjectPublicKeyInfo.
 *
 * @throws FunctionError also where the JWK holds a private key, as in ESO
 */
export function jwkToSpki(json: string): Buffer {
  const jwk = parse(json);
  if (jwk.has('d')) throw new FunctionError('the JWK holds a private key, and a public one is needed');
  return made(() =>
    createPublicKey({ key: publicPart(jwk), format: 'jwk' }).export({ type: 'spki', format: 'der' }),
  );
}

/**
 * The private key of a JWK as PKCS#8.
 *
 * @throws FunctionError
 */
export function jwkToPkcs8(json: string, spend: Spend): Buffer {
  const jwk = parse(json);
  if (!jwk.has('d')) throw new FunctionError('the JWK holds no private key');
  const secret = textOf(jwk, 'kty') === 'RSA' ? privateRsa(jwk, spend) : { d: numberOf(jwk, 'd') };
  return made(() =>
    createPrivateKey({ key: { ...publicPart(jwk), ...secret }, format: 'jwk' }).export({
      type: 'pkcs8',
      format: 'der',
    }),
  );
}

type Jwk = ReadonlyMap<string, Json>;

function parse(json: string): Jwk {
  const jwk = parseObject(json);
  if (jwk === undefined) throw new FunctionError('the text is no JWK');
  return jwk;
}

function textOf(jwk: Jwk, name: string): string {
  const value = jwk.get(name);
  if (typeof value !== 'string') throw new FunctionError(`the JWK has no text as its "${name}"`);
  return value;
}

/** A number as base64url without padding; both alphabets are taken, padded or not. */
function numberOf(jwk: Jwk, name: string): string {
  const text = textOf(jwk, name);
  const padded = text.includes('=') ? text : text.padEnd(Math.ceil(text.length / 4) * 4, '=');
  const bytes = decodeBase64(padded, /[+/]/u.test(text) ? 'standard' : 'url');
  if (bytes === undefined) throw new FunctionError(`the JWK has no base64 as its "${name}"`);
  if (bytes.length > MAX_BYTES)
    throw new FunctionError(`the JWK has more than ${MAX_BYTES} bytes as its "${name}"`);
  return bytes.toString('base64url');
}

function publicPart(jwk: Jwk): JsonWebKey {
  const kty = textOf(jwk, 'kty');
  switch (kty) {
    case 'RSA':
      return { kty, n: numberOf(jwk, 'n'), e: numberOf(jwk, 'e') };
    case 'EC':
      return { kty, crv: curveOf(jwk, kty), x: numberOf(jwk, 'x'), y: numberOf(jwk, 'y') };
    case 'OKP':
      return { kty, crv: curveOf(jwk, kty), x: numberOf(jwk, 'x') };
    default:
      throw new FunctionError('the JWK is of a type that has no PEM: RSA, EC and OKP have one');
  }
}

function curveOf(jwk: Jwk, kty: keyof typeof CURVES): string {
  const curve = textOf(jwk, 'crv');
  const known: readonly string[] = CURVES[kty];
  if (!known.includes(curve)) throw new FunctionError(`the JWK is on a curve other than ${known.join(', ')}`);
  return curve;
}

/** What follows from the primes may be left out of a JWK, but not for node:crypto: it is made, and has to be right where it is there. */
function privateRsa(jwk: Jwk, spend: Spend): JsonWebKey {
  spend(stepsForRsa(Buffer.byteLength(numberOf(jwk, 'n'), 'base64url') * 8));
  const [n, e, d, p, q] = [
    bigOf(jwk, 'n'),
    bigOf(jwk, 'e'),
    bigOf(jwk, 'd'),
    bigOf(jwk, 'p'),
    bigOf(jwk, 'q'),
  ];
  if (p < 2n || q < 2n || p * q !== n) throw inconsistent();
  const [dp, dq] = [d % (p - 1n), d % (q - 1n)];
  if ((e * dp) % (p - 1n) !== 1n || (e * dq) % (q - 1n) !== 1n) throw inconsistent();
  const derived = { dp: base64Of(dp), dq: base64Of(dq), qi: base64Of(inverse(q, p)) };
  for (const [name, value] of Object.entries(derived))
    if (jwk.has(name) && bigOf(jwk, name) !== toBig(value)) throw inconsistent();
  return { d: numberOf(jwk, 'd'), p: numberOf(jwk, 'p'), q: numberOf(jwk, 'q'), ...derived };
}

function inconsistent(): FunctionError {
  return new FunctionError('the numbers of the JWK do not belong together');
}

function bigOf(jwk: Jwk, name: string): bigint {
  return toBig(numberOf(jwk, name));
}

function toBig(base64: string): bigint {
  return BigInt(`0x0${Buffer.from(base64, 'base64url').toString('hex')}`);
}

function base64Of(number: bigint): string {
  const digits = number.toString(16);
  return Buffer.from(digits.padStart(digits.length + (digits.length % 2), '0'), 'hex').toString('base64url');
}

/** `value` times it is 1 modulo `modulus`, by Euclid's algorithm. */
function inverse(value: bigint, modulus: bigint): bigint {
  let [rest, next, factor, nextFactor] = [modulus, value % modulus, 0n, 1n];
  while (next !== 0n) {
    const quotient = rest / next;
    [rest, next] = [next, rest - quotient * next];
    [factor, nextFactor] = [nextFactor, factor - quotient * nextFactor];
  }
  return factor < 0n ? factor + modulus : factor;
}

function made(make: () => Buffer): Buffer {
  try {
    return make();
  } catch (failure) {
    if (failure instanceof FunctionError) throw failure;
    throw new FunctionError('the JWK holds no valid key');
  }
}
