import { createCipheriv, createHash, createHmac, hkdfSync, pbkdf2Sync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { Spend } from '../template/value.ts';
import type { Certificate } from './certificate.ts';
import { TAG, implicitTag } from './der.ts';
import { element, explicit, integer, objectId, octetString, sequence, set } from './der-writer.ts';
import { ID } from './object-ids.ts';
import { PURPOSE, derive, passwordOf } from './pkcs12-password.ts';
import type { Password } from './pkcs12-password.ts';
import { toPkcs8 } from './private-key.ts';
import { nameText } from './subject-name.ts';

/** What ESO's library writes: PBES2 with AES-256 and HMAC-SHA-256, and a MAC with SHA-256 (its encoder "Modern2023"). */
const ITERATIONS = 2048;
const SALT_LENGTH = 16;

/**
 * A key, its certificate, and those of authorities as a PKCS#12 archive (RFC 7292).
 *
 * Nothing of it is random: salts and initialization vectors are derived from what the archive holds, so that the same content gives the same
 * archive, and a Secret changes only when its sources do. Nobody can compute them ahead who does not know the private key.
 *
 * @throws FunctionError
 */
export function writePkcs12(
  key: KeyObject,
  certificates: readonly Certificate[],
  password: string,
  spend: Spend,
): Buffer {
  const pkcs8 = toPkcs8(key);
  const seal = sealer(pkcs8, certificates, passwordOf(password), spend);
  const [own, ...authorities] = certificates;
  const keyId = attribute(
    ID.localKeyId,
    octetString(
      createHash('sha1')
        .update(own?.der ?? '')
        .digest(),
    ),
  );
  const bags = [own, ...authorities].flatMap((certificate) =>
    certificate === undefined ? [] : [certificateBag(certificate, certificate === own ? [keyId] : [])],
  );
  const keyBag = bag(ID.shroudedKeyBag, seal.shroud(pkcs8), [keyId]);
  return seal.archive([seal.encrypted(sequence(...bags)), contentInfo(sequence(keyBag))]);
}

/**
 * Certificates as a trust store that Java reads: each under its subject's name, trusted for everything. Its salts are derived from the
 * certificates alone, which are public: a password must not be guessed from them.
 *
 * @throws FunctionError
 */
export function writeTrustStore(
  certificates: readonly Certificate[],
  password: string,
  spend: Spend,
): Buffer {
  const seal = sealer(Buffer.alloc(0), certificates, passwordOf(password), spend);
  const trusted = attribute(ID.javaTrustStore, objectId(ID.anyExtendedKeyUsage));
  const bags = certificates.map((certificate) => {
    const { wide } = passwordOf(nameText(certificate.subject));
    const name = element(TAG.bmpString, wide.subarray(0, -2));
    return certificateBag(certificate, [trusted, attribute(ID.friendlyName, name)]);
  });
  return seal.archive([seal.encrypted(sequence(...bags))]);
}

interface Sealer {
  /** A key as an EncryptedPrivateKeyInfo. */
  readonly shroud: (key: Buffer) => Buffer;
  /** Bags as a ContentInfo with EncryptedData. */
  readonly encrypted: (bags: Buffer) => Buffer;
  /** The parts as an archive with its MAC. */
  readonly archive: (parts: readonly Buffer[]) => Buffer;
}

function sealer(
  secret: Buffer,
  certificates: readonly Certificate[],
  password: Password,
  spend: Spend,
): Sealer {
  const seed = createHmac('sha256', secret)
    .update(sequence(...certificates.map(({ der }) => der)))
    .digest();
  const fresh = (purpose: string): Buffer => Buffer.from(hkdfSync('sha256', seed, '', purpose, SALT_LENGTH));
  const encrypt = (data: Buffer, purpose: string): Encrypted => {
    spend(ITERATIONS * 2);
    return encryptPbes2(data, { password, salt: fresh(`${purpose} salt`), iv: fresh(`${purpose} iv`) });
  };
  return {
    shroud: (key) => {
      const { algorithm, data } = encrypt(key, 'key');
      return sequence(algorithm, octetString(data));
    },
    encrypted: (bags) => {
      const { algorithm, data } = encrypt(bags, 'certificates');
      const info = sequence(objectId(ID.data), algorithm, element(implicitTag(0), data));
      return sequence(objectId(ID.encryptedData), explicit(0, sequence(integer(0), info)));
    },
    archive: (parts) => {
      const safe = sequence(...parts);
      const mac = macOf(safe, password, fresh('mac salt'), spend);
      return sequence(integer(3), contentInfo(safe), mac);
    },
  };
}

interface Encrypted {
  readonly algorithm: Buffer;
  readonly data: Buffer;
}

function encryptPbes2(
  plain: Buffer,
  { password, salt, iv }: { readonly password: Password; readonly salt: Buffer; readonly iv: Buffer },
): Encrypted {
  const key = pbkdf2Sync(password.utf8, salt, ITERATIONS, 32, 'sha256');
  const cipher = createCipheriv('aes-256-cbc', key, iv);
  const derivation = sequence(octetString(salt), integer(ITERATIONS), sequence(objectId(ID.hmacSha256)));
  const parameters = sequence(
    sequence(objectId(ID.pbkdf2), derivation),
    sequence(objectId(ID.aes256Cbc), octetString(iv)),
  );
  return {
    algorithm: sequence(objectId(ID.pbes2), parameters),
    data: Buffer.concat([cipher.update(plain), cipher.final()]),
  };
}

function macOf(content: Buffer, { wide }: Password, salt: Buffer, spend: Spend): Buffer {
  const from = { digest: 'sha256', purpose: PURPOSE.mac, salt, iterations: ITERATIONS, length: 32 } as const;
  const mac = createHmac('sha256', derive(wide, from, spend))
    .update(content)
    .digest();
  const info = sequence(sequence(objectId(ID.sha256)), octetString(mac));
  return sequence(info, octetString(salt), integer(ITERATIONS));
}

function contentInfo(content: Buffer): Buffer {
  return sequence(objectId(ID.data), explicit(0, octetString(content)));
}

function certificateBag({ der }: Certificate, attributes: readonly Buffer[]): Buffer {
  const value = sequence(objectId(ID.x509Certificate), explicit(0, octetString(der)));
  return bag(ID.certificateBag, value, attributes);
}

function bag(id: string, value: Buffer, attributes: readonly Buffer[]): Buffer {
  return sequence(objectId(id), explicit(0, value), set(...attributes));
}

function attribute(id: string, value: Buffer): Buffer {
  return sequence(objectId(id), set(value));
}
