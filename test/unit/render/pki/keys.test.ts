import { constants, createPrivateKey, generateKeyPairSync, publicEncrypt } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { jwkToPkcs8, jwkToSpki } from '../../../../lambda/render/pki/jwk.ts';
import { privateKeyOf } from '../../../../lambda/render/pki/private-key.ts';
import { decryptOaep } from '../../../../lambda/render/pki/rsa-decrypt.ts';
import { pemFile } from '../../../support/pki.ts';

const free = (): void => undefined;
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const rsaJwk = rsa.privateKey.export({ format: 'jwk' });
const publicJwk = rsa.publicKey.export({ format: 'jwk' });

function without(...names: readonly string[]): string {
  return JSON.stringify(Object.fromEntries(Object.entries(rsaJwk).filter(([name]) => !names.includes(name))));
}

describe('private keys', () => {
  test.each(['koblitz-key.pem', 'rsa-key-encrypted.pem', 'leaf.pem'])('%s is refused', (name) => {
    expect(() => privateKeyOf(pemFile(name))).toThrow('the private key cannot be parsed');
  });

  test('text without PEM is refused', () => {
    expect(() => privateKeyOf('no PEM')).toThrow('no PEM block');
  });
});

describe('JSON Web Keys', () => {
  test.each([
    ['RSA', rsa],
    ['P-256', generateKeyPairSync('ec', { namedCurve: 'P-256' })],
    ['P-384', generateKeyPairSync('ec', { namedCurve: 'P-384' })],
    ['P-521', generateKeyPairSync('ec', { namedCurve: 'P-521' })],
    ['Ed25519', generateKeyPairSync('ed25519')],
  ])('become keys in DER: %s', (_, { publicKey, privateKey }) => {
    const [open, secret] = [publicKey, privateKey].map((each) =>
      JSON.stringify(each.export({ format: 'jwk' })),
    );

    expect(jwkToSpki(open ?? '')).toEqual(publicKey.export({ type: 'spki', format: 'der' }));
    expect(jwkToPkcs8(secret ?? '', free)).toEqual(privateKey.export({ type: 'pkcs8', format: 'der' }));
  });

  test('what follows from the primes may be left out', () => {
    const key = createPrivateKey({
      key: jwkToPkcs8(without('dp', 'dq', 'qi'), free),
      format: 'der',
      type: 'pkcs8',
    });

    expect(key.equals(rsa.privateKey)).toBe(true);
  });

  test('numbers may be in the other alphabet of base64, and padded', () => {
    const n = Buffer.from(publicJwk.n ?? '', 'base64url').toString('base64');

    expect(jwkToSpki(JSON.stringify({ ...publicJwk, n }))).toEqual(jwkToSpki(JSON.stringify(publicJwk)));
  });

  test.each([
    ['no JSON', 'x', 'no JWK'],
    ['a list', '[]', 'no JWK'],
    ['no type', '{}', 'no text as its "kty"'],
    ['a symmetric key', '{"kty":"oct","k":"AAAA"}', 'RSA, EC and OKP'],
    ['a private key', JSON.stringify(rsaJwk), 'a public one is needed'],
    ['X25519', '{"kty":"OKP","crv":"X25519","x":"AAAA"}', 'curve other than Ed25519'],
    ['a point off the curve', '{"kty":"EC","crv":"P-256","x":"AAAA","y":"AAAA"}', 'no valid key'],
    ['wrong padding', '{"kty":"RSA","n":"AAAA","e":"AQAB=="}', 'no base64 as its "e"'],
    ['an enormous number', `{"kty":"RSA","n":"${'AAAA'.repeat(1000)}","e":"AQAB"}`, 'more than 2048 bytes'],
  ])('%s is no public key', (_, json, reason) => {
    expect(() => jwkToSpki(json)).toThrow(reason);
  });

  test.each([
    ['a public key', JSON.stringify(publicJwk), 'holds no private key'],
    ['a key without primes', without('p', 'q'), 'no text as its "p"'],
    ['primes of another key', JSON.stringify({ ...rsaJwk, q: rsaJwk.p }), 'do not belong together'],
    ['the modulus of another key', JSON.stringify({ ...rsaJwk, n: rsaJwk.d }), 'do not belong together'],
    ['another exponent', JSON.stringify({ ...rsaJwk, e: 'Aw' }), 'do not belong together'],
    ['another remainder', JSON.stringify({ ...rsaJwk, dp: rsaJwk.dq }), 'do not belong together'],
  ])('%s is no private key', (_, json, reason) => {
    expect(() => jwkToPkcs8(json, free)).toThrow(reason);
  });
});

describe('RSA-OAEP', () => {
  const encrypted = (oaepHash: string): Buffer =>
    publicEncrypt(
      { key: rsa.publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash },
      Buffer.from('fake plain text'),
    );

  test.each(['sha1', 'sha256', 'sha512'])('decrypts what was encrypted with %s', (hash) => {
    expect(decryptOaep(rsa.privateKey, hash, encrypted(hash), free).toString()).toBe('fake plain text');
  });

  test.each([
    ['another hash', rsa.privateKey, 'cannot be decrypted'],
    ['another kind of key', privateKeyOf(pemFile('ec-key.pem')), 'RSA key of at least 1024 bits'],
    ['a short key', generateKeyPairSync('rsa', { modulusLength: 512 }).privateKey, 'at least 1024 bits'],
  ])('fails for %s', (_, key, reason) => {
    expect(() => decryptOaep(key, 'sha256', encrypted('sha1'), free)).toThrow(reason);
  });

  test('costs steps by the length of the key', () => {
    const spent: number[] = [];
    decryptOaep(rsa.privateKey, 'sha1', encrypted('sha1'), (steps) => spent.push(steps));

    expect(spent).toEqual([800]);
  });
});
