import { RelayError } from '../errors.ts';
import type { DecodingStrategy } from '../model/value-options.ts';
import { decodeBase64 } from './base64.ts';

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
      return decoded(bytes, 'standard') ?? refuse(where, strategy, 'base64 with padding');
    case 'Base64URL':
      return decoded(bytes, 'url') ?? refuse(where, strategy, 'URL-safe base64 with padding');
    case 'Auto':
      return decoded(bytes, 'standard') ?? decoded(bytes, 'url') ?? bytes;
  }
}

function decoded(bytes: Uint8Array, alphabet: 'standard' | 'url'): Uint8Array | undefined {
  const result = decodeBase64(Buffer.from(bytes).toString('latin1'), alphabet);
  return result === undefined ? undefined : new Uint8Array(result);
}

function refuse(where: string, strategy: DecodingStrategy, expected: string): never {
  throw new RelayError(
    'DECODING_FAILED',
    `${where}: decodingStrategy ${strategy} needs ${expected}, and the value is something else; correct the value, or use decodingStrategy None or Auto`,
  );
}
