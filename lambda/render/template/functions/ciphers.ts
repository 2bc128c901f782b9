import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';
import { decodeBase64 } from '../../base64.ts';
import { fromBytes, toBytes } from '../go-string.ts';
import { fn2, string } from '../signature.ts';
import { FunctionError } from '../template-error.ts';
import type { NamedFunctions } from './names.ts';

/** Sprig's AES: 256 bits, CBC, base64 of initialization vector and text (https://masterminds.github.io/sprig/crypto.html). */
export const cipherFunctions: NamedFunctions = [
  ['encryptAES', fn2(string, string, encrypt)],
  ['decryptAES', fn2(string, string, decrypt)],
];

const ALGORITHM = 'aes-256-cbc';
const KEY_BYTES = 32;
const BLOCK_BYTES = 16;

/** The password's first bytes, filled up with zeros. */
function keyOf(password: string): Uint8Array {
  return toBytes(password.slice(0, KEY_BYTES).padEnd(KEY_BYTES, '\0'));
}

/** Key and text decide the vector, so that a Secret comes out the same each time (docs/decisions/0007-repeatable-templates.md). */
function encrypt(password: string, text: string): string {
  if (text === '') return '';
  const key = keyOf(password);
  const vector = createHmac('sha256', key)
    .update('keyrelay encryptAES')
    .update(toBytes(text))
    .digest()
    .subarray(0, BLOCK_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, vector);
  return Buffer.concat([vector, cipher.update(toBytes(text)), cipher.final()]).toString('base64');
}

function decrypt(password: string, text: string): string {
  if (text === '') return '';
  const encrypted = decodeBase64(text, 'standard');
  if (encrypted === undefined) throw new FunctionError('the text is no base64');
  if (encrypted.length <= BLOCK_BYTES || encrypted.length % BLOCK_BYTES !== 0)
    throw new FunctionError('the text is too short, or does not end with a block');
  const decipher = createDecipheriv(ALGORITHM, keyOf(password), encrypted.subarray(0, BLOCK_BYTES));
  decipher.setAutoPadding(false);
  const padded = fromBytes(
    Buffer.concat([decipher.update(encrypted.subarray(BLOCK_BYTES)), decipher.final()]),
  );
  return withoutPadding(padded);
}

/** The last byte says how many to cut, which is all that sprig looks at. */
function withoutPadding(text: string): string {
  const count = text.charCodeAt(text.length - 1);
  if (count > text.length)
    throw new FunctionError('the padding is longer than the text: the password is another one');
  return text.slice(0, text.length - count);
}
