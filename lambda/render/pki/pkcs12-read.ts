import { createHmac, timingSafeEqual } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { FunctionError } from '../template/template-error.ts';
import type { Spend } from '../template/value.ts';
import { parseCertificate } from './certificate.ts';
import type { Certificate } from './certificate.ts';
import {
  DerError,
  contextTag,
  implicitTag,
  itemsOf,
  numberOf,
  objectIdOf,
  octetsOf,
  readDer,
  tagged,
} from './der.ts';
import type { Der } from './der.ts';
import { ID } from './object-ids.ts';
import { decryptWithPassword, digestOf, keyLengthOf, pbkdf2Of } from './pbe.ts';
import { NO_PASSWORD, PURPOSE, derive, passwordOf } from './pkcs12-password.ts';
import type { Digest, Password } from './pkcs12-password.ts';
import { parsePrivateKey } from './private-key.ts';

/** What an archive holds: one key, its certificate, and those of authorities. */
export interface Archive {
  readonly key: KeyObject;
  readonly certificates: readonly Certificate[];
}

/**
 * Reads a PKCS#12 archive (RFC 7292) as ESO's library does: DER, version 3, one or two parts, exactly one key, at least one certificate.
 *
 * @throws FunctionError
 */
export function readPkcs12(bytes: Buffer, password: string, spend: Spend): Archive {
  try {
    const { parts, secret } = open(bytes, passwordOf(password), spend);
    return collect(
      parts.flatMap((part) => bagsOf(part, secret, spend)),
      secret,
      spend,
    );
  } catch (failure) {
    if (!(failure instanceof DerError)) throw failure;
    throw new FunctionError('the value is no PKCS#12 archive in DER, or a damaged one');
  }
}

interface Opened {
  readonly parts: readonly Der[];
  readonly secret: Password;
}

/** Checks the integrity of the archive, and with it the password. */
function open(bytes: Buffer, password: Password, spend: Spend): Opened {
  const [version, safe, mac] = itemsOf(readDer(bytes));
  if (numberOf(version) !== 3) throw new FunctionError('the PKCS#12 archive is of another version than 3');
  const content = dataOf(safe);
  const secret = passwordFor(mac, content, password, spend);
  const parts = itemsOf(readDer(content));
  if (parts.length < 1 || parts.length > 2)
    throw new FunctionError('the PKCS#12 archive has more than two parts, or none');
  return { parts, secret };
}

/** The form of the password that fits; an archive without a MAC can have none. */
function passwordFor(mac: Der | undefined, content: Buffer, password: Password, spend: Spend): Password {
  const isEmpty = password.utf8.length === 0;
  if (mac === undefined) {
    if (isEmpty) return password;
    throw new FunctionError('the PKCS#12 archive has no MAC, and so no password');
  }
  const forms = isEmpty ? [password, NO_PASSWORD] : [password];
  const right = forms.find((form) => isIntact(mac, content, form, spend));
  if (right === undefined) throw new FunctionError('the password of the PKCS#12 archive is incorrect');
  return right;
}

function isIntact(mac: Der, content: Buffer, password: Password, spend: Spend): boolean {
  const [info, salt, iterations] = itemsOf(mac);
  const [algorithm, expected] = itemsOf(info);
  const { digest, key } = macKeyOf(algorithm, password, spend, () => ({
    salt: octetsOf(salt),
    iterations: iterations === undefined ? 1 : numberOf(iterations),
  }));
  const made = createHmac(digest, key).update(content).digest();
  const wanted = octetsOf(expected);
  return made.length === wanted.length && timingSafeEqual(made, wanted);
}

function macKeyOf(
  algorithm: Der | undefined,
  password: Password,
  spend: Spend,
  own: () => { readonly salt: Buffer; readonly iterations: number },
): { readonly digest: Digest; readonly key: Buffer } {
  const [id, parameters] = itemsOf(algorithm);
  if (objectIdOf(id) === ID.pbmac1) {
    const [derivation, scheme] = itemsOf(parameters);
    const key = pbkdf2Of(derivation, keyLengthOf(derivation), password, spend);
    return { digest: digestOf(scheme), key };
  }
  const digest = digestOf(algorithm);
  const length = { sha1: 20, sha256: 32, sha512: 64 }[digest];
  return { digest, key: derive(password.wide, { digest, purpose: PURPOSE.mac, length, ...own() }, spend) };
}

/** The octets of a ContentInfo that holds data. */
function dataOf(info: Der | undefined): Buffer {
  const [id, content] = itemsOf(info);
  if (objectIdOf(id) !== ID.data)
    throw new FunctionError('the PKCS#12 archive is protected by keys, not by a password');
  return octetsOf(readDer(tagged(content, contextTag(0)).content));
}

function bagsOf(part: Der, password: Password, spend: Spend): readonly Der[] {
  const [id, content] = itemsOf(part);
  if (objectIdOf(id) !== ID.encryptedData) return itemsOf(readDer(dataOf(part)));
  const [, info] = itemsOf(readDer(tagged(content, contextTag(0)).content));
  const [, algorithm, encrypted] = itemsOf(info);
  const data = tagged(encrypted, implicitTag(0)).content;
  return itemsOf(readDer(decryptWithPassword(algorithm, data, password, spend)));
}

function collect(bags: readonly Der[], password: Password, spend: Spend): Archive {
  const keys: KeyObject[] = [];
  const certificates: Certificate[] = [];
  for (const bag of bags) {
    const [id, value] = itemsOf(bag);
    const content = readDer(tagged(value, contextTag(0)).content);
    switch (objectIdOf(id)) {
      case ID.certificateBag:
        certificates.push(certificateIn(content));
        break;
      case ID.keyBag:
        keys.push(parsePrivateKey(content.raw));
        break;
      case ID.shroudedKeyBag: {
        const [algorithm, data] = itemsOf(content);
        keys.push(parsePrivateKey(decryptWithPassword(algorithm, octetsOf(data), password, spend)));
        break;
      }
    }
  }
  const [key, second] = keys;
  if (second !== undefined) throw new FunctionError('the PKCS#12 archive holds more than one private key');
  if (certificates.length === 0) throw new FunctionError('the PKCS#12 archive holds no certificate');
  if (key === undefined) throw new FunctionError('the PKCS#12 archive holds no private key');
  return { key, certificates };
}

function certificateIn(bag: Der): Certificate {
  const [type, value] = itemsOf(bag);
  if (objectIdOf(type) !== ID.x509Certificate)
    throw new FunctionError('the PKCS#12 archive holds a certificate that is no X.509 certificate');
  return parseCertificate(octetsOf(readDer(tagged(value, contextTag(0)).content)));
}
