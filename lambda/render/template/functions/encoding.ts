import { createHash } from 'node:crypto';
import { decodeBase64 } from '../../base64.ts';
import { fromBytes, toBytes } from '../go-string.ts';
import { checkTextLength } from '../limits.ts';
import { fn1, string } from '../signature.ts';
import type { TemplateFunction } from '../value.ts';
import { decodeBase32, encodeBase32 } from './base32.ts';
import { base64ProblemAt } from './base64-problem.ts';
import type { NamedFunctions } from './names.ts';

/** Sprig's encodings and digests (https://masterminds.github.io/sprig/encoding.html, crypto.html). */
export const encodingFunctions: NamedFunctions = [
  ['b64enc', fn1(string, (text) => Buffer.from(text, 'latin1').toString('base64'))],
  ['b64dec', fn1(string, base64)],
  ['b32enc', fn1(string, toBase32)],
  ['b32dec', fn1(string, base32)],
  ['sha1sum', hash('sha1')],
  ['sha256sum', hash('sha256')],
  ['sha512sum', hash('sha512')],
  ['adler32sum', fn1(string, (text) => adler32(text).toString())],
];

function hash(algorithm: string): TemplateFunction {
  return fn1(string, (text) => createHash(algorithm).update(toBytes(text)).digest('hex'));
}

/** Sprig gives the decoder's message in the place of a text that cannot be decoded. */
function base64(text: string): string {
  const bytes = decodeBase64(text, 'standard');
  return bytes === undefined
    ? `illegal base64 data at input byte ${base64ProblemAt(text)}`
    : fromBytes(bytes);
}

function base32(text: string): string {
  const decoded = decodeBase32(text);
  return decoded.kind === 'text' ? decoded.text : `illegal base32 data at input byte ${decoded.at}`;
}

function toBase32(text: string): string {
  checkTextLength(text.length * 2);
  return encodeBase32(text);
}

/** https://www.rfc-editor.org/rfc/rfc1950#section-8.2 */
function adler32(text: string): number {
  let a = 1;
  let b = 0;
  for (const char of text) {
    a = (a + char.charCodeAt(0)) % 65521;
    b = (b + a) % 65521;
  }
  return b * 65536 + a;
}
