import { createHash } from 'node:crypto';
import { toBytes } from '../go-string.ts';
import { checkTextLength } from '../limits.ts';
import { fn1, string } from '../signature.ts';
import type { TemplateFunction, Value } from '../value.ts';
import { decodeBase32, encodeBase32 } from './base32.ts';
import { decodeBase64 } from './base64.ts';
import type { Decoded } from './base64.ts';

/** Sprig's encodings and digests (https://masterminds.github.io/sprig/encoding.html, crypto.html). */
export const encodingFunctions: readonly (readonly [string, TemplateFunction])[] = [
  ['b64enc', fn1(string, (text) => Buffer.from(text, 'latin1').toString('base64'))],
  ['b64dec', fn1(string, (text) => shown(decodeBase64(text), 'base64'))],
  ['b32enc', fn1(string, base32)],
  ['b32dec', fn1(string, (text) => shown(decodeBase32(text), 'base32'))],
  ['sha1sum', hash('sha1')],
  ['sha256sum', hash('sha256')],
  ['sha512sum', hash('sha512')],
  ['adler32sum', fn1(string, (text) => adler32(text).toString())],
];

function hash(algorithm: string): TemplateFunction {
  return fn1(string, (text) => createHash(algorithm).update(toBytes(text)).digest('hex'));
}

/** Sprig gives the decoder's message in the place of a text that cannot be decoded. */
function shown(decoded: Decoded, encoding: string): Value {
  return decoded.kind === 'text' ? decoded.text : `illegal ${encoding} data at input byte ${decoded.at}`;
}

function base32(text: string): string {
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
