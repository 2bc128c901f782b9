import { createHmac, scryptSync } from 'node:crypto';
import { toBytes } from '../go-string.ts';
import { fn5, string, uint32 } from '../signature.ts';
import { HASH_STEPS } from './passwords.ts';
import type { NamedFunctions } from './names.ts';

/** The Master Password algorithm, version 3 (https://spectre.app/spectre-algorithm.pdf): passwords that follow from one. */
export const derivePasswordFunctions: NamedFunctions = [
  [
    'derivePassword',
    fn5(uint32, string, string, string, string, (counter, type, password, user, site, spend) => {
      spend(HASH_STEPS);
      return derive({ counter: Number(counter), type, password, user, site });
    }),
  ],
];

const SCOPE = 'com.lyndir.masterpassword';
/** More memory than node allows scrypt unasked. */
const SCRYPT = { N: 32_768, r: 8, p: 2, maxmem: 64 * 1024 * 1024 } as const;
const KEY_BYTES = 64;

/** Shapes by type of password; each letter is a class of characters. */
const SHAPES: ReadonlyMap<string, readonly string[]> = new Map([
  ['maximum', ['anoxxxxxxxxxxxxxxxxx', 'axxxxxxxxxxxxxxxxxno']],
  [
    'long',
    [
      'CvcvnoCvcvCvcv',
      'CvcvCvcvnoCvcv',
      'CvcvCvcvCvcvno',
      'CvccnoCvcvCvcv',
      'CvccCvcvnoCvcv',
      'CvccCvcvCvcvno',
      'CvcvnoCvccCvcv',
      'CvcvCvccnoCvcv',
      'CvcvCvccCvcvno',
      'CvcvnoCvcvCvcc',
      'CvcvCvcvnoCvcc',
      'CvcvCvcvCvccno',
      'CvccnoCvccCvcv',
      'CvccCvccnoCvcv',
      'CvccCvccCvcvno',
      'CvcvnoCvccCvcc',
      'CvcvCvccnoCvcc',
      'CvcvCvccCvccno',
      'CvccnoCvcvCvcc',
      'CvccCvcvnoCvcc',
      'CvccCvcvCvccno',
    ],
  ],
  ['medium', ['CvcnoCvc', 'CvcCvcno']],
  ['short', ['Cvcn']],
  ['basic', ['aaanaaan', 'aannaaan', 'aaannaaa']],
  ['pin', ['nnnn']],
]);

const LETTERS = 'AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz';
const CLASSES: ReadonlyMap<string, string> = new Map([
  ['V', 'AEIOU'],
  ['C', 'BCDFGHJKLMNPQRSTVWXYZ'],
  ['v', 'aeiou'],
  ['c', 'bcdfghjklmnpqrstvwxyz'],
  ['a', LETTERS],
  ['n', '0123456789'],
  ['o', "@&%?,=[]_:-+*$#!'^~;()/."],
  ['x', `${LETTERS}0123456789!@#$%^&*()`],
]);

interface Request {
  readonly counter: number;
  readonly type: string;
  readonly password: string;
  readonly user: string;
  readonly site: string;
}

/** Where sprig knows no such type, the text says so. */
function derive({ counter, type, password, user, site }: Request): string {
  const shapes = SHAPES.get(type);
  if (shapes === undefined) return `cannot find password template ${type}`;
  const key = scryptSync(
    toBytes(password),
    Buffer.from(SCOPE + number(user.length) + user, 'latin1'),
    KEY_BYTES,
    SCRYPT,
  );
  const message = SCOPE + number(site.length) + site + number(counter);
  const [first = 0, ...seed] = createHmac('sha256', key).update(toBytes(message)).digest();
  const shape = shapes[first % shapes.length] ?? '';
  return Array.from(shape, (letter, index) => {
    const characters = CLASSES.get(letter) ?? '';
    return characters.charAt((seed[index] ?? 0) % characters.length);
  }).join('');
}

/** Four bytes, the highest first. */
function number(value: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes.toString('latin1');
}
