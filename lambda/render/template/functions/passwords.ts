import { createHash, scryptSync } from 'node:crypto';
import { encodeBase64, hashSync } from 'bcryptjs';
import { fromGo, isUtf8, toBytes } from '../go-string.ts';
import { fn1, fn3, string } from '../signature.ts';
import { FunctionError } from '../template-error.ts';
import type { Spend } from '../value.ts';
import type { NamedFunctions } from './names.ts';

/** What a hash of a password takes, in steps: slowness is what it is for, and a template must not be slow a hundred times. */
export const HASH_STEPS = 50_000;
/** The cost that Go's bcrypt takes by default, and the bytes that it takes at most. */
const BCRYPT = { cost: 10, bytes: 72 } as const;
/** More memory than node allows scrypt unasked: 128 * N * r, and a little. */
const SCRYPT = { N: 32_768, r: 8, p: 1, maxmem: 64 * 1024 * 1024 } as const;

/** A string type of its own: a literal fits, and no text that a value or a function gives. */
const hashAlgorithm = { ...string, type: 'sprig.HashAlgorithm', accepts: () => false };

/**
 * Sprig's hashes of passwords (https://masterminds.github.io/sprig/crypto.html).
 *
 * @param context whom the hashes are for: no two contexts give one password the same hash
 */
export function passwordFunctions(context: string): NamedFunctions {
  return [
    ['bcrypt', fn1(string, (password, spend) => bcrypt(password, context, spend))],
    [
      'htpasswd',
      fn3(string, string, hashAlgorithm, (user, password, algorithm, spend) => {
        if (user.includes(':')) return `invalid username: ${user}`;
        const hash = algorithm === 'sha' ? sha(password) : bcrypt(password, `${context} ${user}`, spend);
        return `${user}:${hash}`;
      }),
    ],
  ];
}

/** Where sprig cannot hash, the text says so. */
function bcrypt(password: string, context: string, spend: Spend): string {
  if (password.length > BCRYPT.bytes)
    return `failed to encrypt string with bcrypt: bcrypt: password length exceeds ${BCRYPT.bytes} bytes`;
  if (!isUtf8(password)) throw new FunctionError('the password is no UTF-8');
  spend(HASH_STEPS);
  const salt = encodeBase64(saltFor(password, context), 16);
  return hashSync(fromGo(password), `$2a$${BCRYPT.cost}$${salt}`);
}

/**
 * Not random, so that a Secret comes out the same each time (docs/decisions/0007-repeatable-templates.md). The salt stands in the hash, so
 * it must not be a quicker way to try passwords than the hash is: scrypt at this cost takes as long as bcrypt.
 */
function saltFor(password: string, context: string): Uint8Array {
  return scryptSync(toBytes(password), `keyrelay bcrypt ${context}`, 16, SCRYPT);
}

function sha(password: string): string {
  return `{SHA}${createHash('sha1').update(toBytes(password)).digest('base64')}`;
}
