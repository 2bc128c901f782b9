import { createSecureContext } from 'node:tls';
import { describe, expect, test } from '@jest/globals';
import { readPkcs12 } from '../../../../lambda/render/pki/pkcs12-read.ts';
import { writePkcs12, writeTrustStore } from '../../../../lambda/render/pki/pkcs12-write.ts';
import { privateKeyOf, toPkcs8 } from '../../../../lambda/render/pki/private-key.ts';
import { FAKE_PASSWORD, certificatesIn, pemFile, pkiFile } from '../../../support/pki.ts';

const free = (): void => undefined;
const chain = [...certificatesIn('leaf.pem'), ...certificatesIn('intermediate.pem')];
const key = privateKeyOf(pemFile('rsa-key.pem'));

/** Ends after so many steps, as a template does. */
function limited(steps: number): (taken: number) => void {
  let rest = steps;
  return (taken) => {
    rest -= taken;
    if (rest < 0) throw new Error('out of steps');
  };
}

describe('reading PKCS#12', () => {
  test.each([
    { archive: 'modern', password: FAKE_PASSWORD },
    { archive: 'modern-empty-password', password: '' },
    { archive: 'aes-128', password: FAKE_PASSWORD },
    { archive: 'aes-192', password: FAKE_PASSWORD },
    { archive: 'legacy-rc2-40', password: FAKE_PASSWORD },
    { archive: 'legacy-rc2-128', password: FAKE_PASSWORD },
    { archive: 'legacy-3des', password: FAKE_PASSWORD },
    { archive: 'no-encryption', password: '' },
  ])('gives key and certificates of an archive of OpenSSL: $archive', ({ archive, password }) => {
    const read = readPkcs12(pkiFile(`${archive}.p12`), password, free);

    expect(toPkcs8(read.key).equals(toPkcs8(key))).toBe(true);
    expect(read.certificates.map(({ der }) => der)).toEqual(
      ['leaf.pem', 'root.pem', 'intermediate.pem'].flatMap(certificatesIn).map(({ der }) => der),
    );
  });

  test('takes passwords beyond ASCII, and keys of elliptic curves', () => {
    const read = readPkcs12(pkiFile('umlaut.p12'), 'fälschung', free);

    expect(read.key.asymmetricKeyType).toBe('ec');
  });

  test.each([
    { archive: 'modern', password: 'wrong', reason: 'password of the PKCS#12 archive is incorrect' },
    { archive: 'modern', password: '', reason: 'password of the PKCS#12 archive is incorrect' },
    { archive: 'legacy-3des', password: 'wrong', reason: 'password of the PKCS#12 archive is incorrect' },
    { archive: 'modern', password: '😀', reason: 'characters that PKCS#12 has no place for' },
    { archive: 'no-mac', password: FAKE_PASSWORD, reason: 'has no MAC' },
    { archive: 'no-mac', password: '', reason: 'cannot be decrypted' },
    { archive: 'no-key', password: FAKE_PASSWORD, reason: 'holds no private key' },
    { archive: 'no-certificate', password: FAKE_PASSWORD, reason: 'holds no certificate' },
    { archive: 'legacy-rc4', password: FAKE_PASSWORD, reason: 'an unsupported encryption' },
    { archive: 'mac-md5', password: FAKE_PASSWORD, reason: 'an unsupported digest' },
  ])('fails for $archive under "$password": $reason', ({ archive, password, reason }) => {
    expect(() => readPkcs12(pkiFile(`${archive}.p12`), password, free)).toThrow(reason);
  });

  test.each([
    ['nothing', Buffer.alloc(0)],
    ['text', Buffer.from('no archive')],
    ['an archive that was cut', pkiFile('modern.p12').subarray(0, -1)],
    ['a certificate', chain[0]?.der ?? Buffer.alloc(0)],
  ])('fails for %s', (_, bytes) => {
    expect(() => readPkcs12(bytes, FAKE_PASSWORD, free)).toThrow('no PKCS#12 archive');
  });

  test('spends a step for each round of a key derivation, before it is done', () => {
    const archive = pkiFile('modern.p12');
    const rounds = Buffer.from('02020800', 'hex'); // an INTEGER of 2048, of which the last one belongs to the MAC
    const hostile = Buffer.from(archive);
    Buffer.from('02027fff', 'hex').copy(hostile, archive.lastIndexOf(rounds));

    expect(() => readPkcs12(hostile, FAKE_PASSWORD, limited(30_000))).toThrow('out of steps');
    expect(() => readPkcs12(archive, FAKE_PASSWORD, limited(1_000))).toThrow('out of steps');
    expect(() => readPkcs12(archive, FAKE_PASSWORD, limited(30_000))).not.toThrow();
  });
});

describe('writing PKCS#12', () => {
  test.each([
    'rsa-key.pem',
    'rsa-key-pkcs1.pem',
    'ec-key.pem',
    'ec-key-sec1.pem',
    'ed25519-key.pem',
    'x25519-key.pem',
  ])('keeps the key of %s, and the certificates in their order', (name) => {
    const written = privateKeyOf(pemFile(name));
    const read = readPkcs12(writePkcs12(written, chain, 'fake-ü', free), 'fake-ü', free);

    expect(toPkcs8(read.key).equals(toPkcs8(written))).toBe(true);
    expect(read.certificates.map(({ der }) => der)).toEqual(chain.map(({ der }) => der));
  });

  test.each(['fake-password', ''])('makes an archive that OpenSSL reads, under "%s"', (passphrase) => {
    const pfx = writePkcs12(key, chain, passphrase, free);

    expect(() => createSecureContext({ pfx, passphrase })).not.toThrow();
    expect(() => createSecureContext({ pfx, passphrase: 'wrong' })).toThrow();
  });

  test('makes the same archive of the same content, and others of other content', () => {
    const made = writePkcs12(key, chain, FAKE_PASSWORD, free);
    const others = [
      writePkcs12(key, chain, 'other', free),
      writePkcs12(key, chain.slice(0, 1), FAKE_PASSWORD, free),
      writePkcs12(privateKeyOf(pemFile('ec-key.pem')), chain, FAKE_PASSWORD, free),
    ];

    expect(writePkcs12(key, chain, FAKE_PASSWORD, free).equals(made)).toBe(true);
    expect(others.some((other) => other.equals(made))).toBe(false);
  });

  test('shows nothing that a password could be guessed from: the salts are the same under another one', () => {
    const salts = ['one', 'two'].map((password) => saltOfMac(writeTrustStore(chain, password, free)));

    expect(salts[0]).toEqual(salts[1]);
  });

  test('makes a trust store without a key, each certificate under the name of its subject', () => {
    const store = writeTrustStore(chain, FAKE_PASSWORD, free);

    expect(() => readPkcs12(store, FAKE_PASSWORD, free)).toThrow('holds no private key');
    expect(() => readPkcs12(store, 'wrong', free)).toThrow('incorrect');
    expect(() => createSecureContext({ pfx: store, passphrase: FAKE_PASSWORD })).toThrow(/private key/u);
  });
});

/** The 16 octets before the count of rounds, with which an archive ends. */
function saltOfMac(archive: Buffer): string {
  return archive.subarray(-4 - 16, -4).toString('hex');
}
