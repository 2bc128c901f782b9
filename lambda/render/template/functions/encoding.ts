import { createHash } from 'node:crypto';
import { toBytes } from '../go-string.ts';
import { fn1, string } from '../signature.ts';
import type { TemplateFunction } from '../value.ts';

const hash = (algorithm: string): TemplateFunction =>
  fn1(string, (text) => createHash(algorithm).update(toBytes(text)).digest('hex'));

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/u;

/** Sprig's encodings and digests (https://masterminds.github.io/sprig/encoding.html, crypto.html). */
export const encodingFunctions: readonly (readonly [string, TemplateFunction])[] = [
  ['b64enc', fn1(string, (text) => Buffer.from(text, 'latin1').toString('base64'))],
  ['b64dec', fn1(string, decodeBase64)],
  ['sha1sum', hash('sha1')],
  ['sha256sum', hash('sha256')],
  ['sha512sum', hash('sha512')],
];

/** Sprig gives the decoder's message in the place of a text that is no base64. It names a position, which is not known here. */
function decodeBase64(text: string): string {
  const compact = text.replaceAll(/[\r\n]/gu, '');
  return BASE64.test(compact) ? Buffer.from(compact, 'base64').toString('latin1') : 'illegal base64 data';
}
