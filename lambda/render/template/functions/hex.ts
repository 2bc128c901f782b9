import { sprintf } from '../format.ts';
import { fn1, string } from '../signature.ts';
import { int } from '../value.ts';
import type { TemplateFunction } from '../value.ts';

/** What ESO adds to sprig's encodings (https://external-secrets.io/latest/guides/templating/#helper-functions). */
export const hexFunctions: readonly (readonly [string, TemplateFunction])[] = [
  ['hexdec', fn1(string, decodeHex)],
];

/** Like sprig's other decoders, it gives Go's message in the place of a text that it cannot decode: the first wrong byte, or that one is missing. */
function decodeHex(text: string): string {
  const wrong = /[^0-9a-fA-F]/u.exec(text)?.[0];
  if (wrong !== undefined) return sprintf('encoding/hex: invalid byte: %#U', [int(wrong.charCodeAt(0))]);
  if (text.length % 2 !== 0) return 'encoding/hex: odd length hex string';
  return Buffer.from(text, 'hex').toString('latin1');
}
