import { RelayError } from '../errors.ts';

/** Kubernetes' rule for the keys of a Secret (https://kubernetes.io/docs/concepts/configuration/secret/#restriction-names-data). */
const VALID_KEY = /^[-._a-zA-Z0-9]{1,253}$/u;

/** Whether the API server would take the key; `.` and `..` are the two names that it refuses in spite of the pattern. */
export function isValidKey(key: string): boolean {
  return VALID_KEY.test(key) && key !== '.' && !key.startsWith('..');
}

/** ESO's conversionStrategy Default: every character that is neither a letter, a number nor one of `-._` becomes `_`. */
export function convertKey(key: string): string {
  return key.replaceAll(/[^\p{L}\p{N}\-._]/gu, '_');
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
