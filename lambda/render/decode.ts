import { RelayError } from '../errors.ts';
import type { DecodingStrategy } from '../model/value-options.ts';

/** What Go's decoders take: whole quanta of four, padded (https://pkg.go.dev/encoding/base64). */
const STANDARD = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/u;
const URL_SAFE = /^(?:[A-Za-z0-9_-]{4})*(?:[A-Za-z0-9_-]{2}==|[A-Za-z0-9_-]{3}=)?$/u;

/**
 * A value decoded as `decodingStrategy` says (https://external-secrets.io/latest/guides/decoding-strategy/). `Auto` tries Base64, then
 * Base64URL, and takes what is neither as it is.
 *
 * @throws RelayError DECODING_FAILED; its message holds nothing of the value
 */
export function decode(strategy: DecodingStrategy, bytes: Uint8Array, where: string): Uint8Array {
  switch (strategy) {
    case 'None':
      return bytes;
    case 'Base64':
      return decoded(bytes, STANDARD) ?? refuse(where, strategy, 'base64 with padding');
    case 'Base64URL':
      return decoded(bytes, URL_SAFE) ?? refuse(where, strategy, 'URL-safe base64 with padding');
    case 'Auto':
      return decoded(bytes, STANDARD) ?? decoded(bytes, URL_SAFE) ?? bytes;
  }
}

/** Line breaks do not count, wherever they are; every other character outside the alphabet makes it something else. */
function decoded(bytes: Uint8Array, form: RegExp): Uint8Array | undefined {
  const text = Buffer.from(bytes)
    .toString('latin1')
    .replaceAll(/[\r\n]/gu, '');
  return form.test(text) ? new Uint8Array(Buffer.from(text, 'base64')) : undefined;
}

function refuse(where: string, strategy: DecodingStrategy, expected: string): never {
  throw new RelayError(
    'DECODING_FAILED',
    `${where}: decodingStrategy ${strategy} needs ${expected}, and the value is something else; correct the value, or use decodingStrategy None or Auto`,
  );
}
