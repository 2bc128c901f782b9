import { RelayError } from '../errors.ts';
import type { ConversionStrategy } from '../model/value-options.ts';

/** Kubernetes' rule for the keys of a Secret (https://kubernetes.io/docs/concepts/configuration/secret/#restriction-names-data). */
const VALID_KEY = /^[-._a-zA-Z0-9]{1,253}$/u;

/** Whether the API server would take the key; `.` and `..` are the two names that it refuses in spite of the pattern. */
export function isValidKey(key: string): boolean {
  return VALID_KEY.test(key) && key !== '.' && !key.startsWith('..');
}

/**
 * A key with what no key may have converted, as ESO's conversionStrategy does: to `_`, or to `_U` and the code point in hexadecimal. Letters and
 * numbers of every script count as valid there, so that some keys still have to be refused.
 */
export function convertKey(strategy: ConversionStrategy, key: string): string {
  return key.replaceAll(/[^\p{L}\p{N}\-._]/gu, (character) => {
    if (strategy === 'Default') return '_';
    const number = character.codePointAt(0) ?? 0;
    return `_U${number.toString(16).padStart(4, '0')}_`;
  });
}

/**
 * All keys converted.
 *
 * @throws RelayError KEY_CONFLICT where two become one
 */
export function convertKeys<T>(
  strategy: ConversionStrategy,
  data: ReadonlyMap<string, T>,
  where: string,
): Map<string, T> {
  return renameKeys(data, (key) => convertKey(strategy, key), where);
}

/**
 * A map with other keys, of which empty ones are dropped later. ESO lets either of two that become one win, by chance, where it rewrites: here that is an error.
 *
 * @throws RelayError KEY_CONFLICT
 */
export function renameKeys<T>(
  data: ReadonlyMap<string, T>,
  rename: (key: string) => string,
  where: string,
): Map<string, T> {
  const renamed = new Map<string, T>();
  const origin = new Map<string, string>();
  for (const [name, value] of data) {
    const key = rename(name);
    const other = origin.get(key);
    if (other !== undefined && key !== '') {
      throw new RelayError(
        'KEY_CONFLICT',
        `${where}: keys ${JSON.stringify(other)} and ${JSON.stringify(name)} both become ${JSON.stringify(key)}; rename one in the secret, or rewrite them to different keys`,
      );
    }
    origin.set(key, name);
    renamed.set(key, value);
  }
  return renamed;
}

/**
 * Refuses keys that no Secret can hold, all at once.
 *
 * @throws RelayError KEY_INVALID
 */
export function checkKeys(keys: Iterable<string>, where: string): void {
  const invalid = [...keys].filter((key) => !isValidKey(key));
  if (invalid.length === 0) return;
  const shown = invalid.slice(0, 5).map((key) => JSON.stringify(key.slice(0, 64)));
  throw new RelayError(
    'KEY_INVALID',
    `${where}: ${invalid.length} invalid secret key${invalid.length === 1 ? '' : 's'} (${shown.join(', ')}); keys hold letters, digits, '-', '_', '.' and at most 253 characters: name them with 'data[].secretKey', or change them in the secret`,
  );
}
