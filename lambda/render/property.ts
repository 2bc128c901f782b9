import { RelayError } from '../errors.ts';
import { get } from './gjson/get.ts';
import { PathLimitError } from './gjson/limits.ts';
import { MISSING, textOf } from './gjson/raw-value.ts';
import { isJson } from './json-text.ts';
import { fromBytes, toBytes, toGo } from './template/go-string.ts';

/**
 * Selects `remoteRef.property` from a secret as ESO does: with every dot escaped first, so that a key with dots in it is found, then as the gjson
 * path that it is. Like gjson, it also reads what is not quite JSON.
 *
 * @param where names the declaration and the secret for the error
 * @returns a string as it is, `null` as nothing, whole numbers as they are spelled, other numbers without an exponent, and objects, arrays
 *   and booleans as their JSON text
 * @throws RelayError PROPERTY_NOT_FOUND, PROPERTY_TOO_COSTLY, VALUE_NOT_JSON
 */
export function selectProperty(value: Uint8Array, property: string, where: string): Uint8Array {
  const document = fromBytes(value);
  const path = toGo(property);
  const found = select(document, path, where);
  if (found !== MISSING) return toBytes(textOf(found));
  if (!isJson(document)) throw notJson(where);
  throw new RelayError(
    'PROPERTY_NOT_FOUND',
    `${where}: key ${property} does not exist in the secret; correct 'property', or add the key to the secret`,
  );
}

/** The error for a value that is no JSON where JSON is needed. It cannot say where the syntax broke: that would quote the value. */
export function notJson(where: string): RelayError {
  return new RelayError(
    'VALUE_NOT_JSON',
    `${where}: the secret's value is not JSON, which 'property' and 'extract' need; store a JSON object, or read the whole value with 'data' and no 'property'`,
  );
}

function select(document: string, path: string, where: string): string {
  try {
    const escaped = path.includes('.') ? get(document, path.replaceAll('.', '\\.')) : MISSING;
    return escaped === MISSING ? get(document, path) : escaped;
  } catch (failure) {
    if (!(failure instanceof PathLimitError)) throw failure;
    throw new RelayError(
      'PROPERTY_TOO_COSTLY',
      `${where}: following the path of 'property' ${failure.message}, which is more than one may; select with a simpler path`,
    );
  }
}
