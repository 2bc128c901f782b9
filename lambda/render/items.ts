import { RelayError } from '../errors.ts';
import type { DataItem, ExtractItem, FindItem, KeyOptions, ValueOptions } from '../model/declaration.ts';
import type { Payload, SourceValue } from '../model/source.ts';
import { decode } from './decode.ts';
import { isJson, kindOf, membersOf, parseString } from './json-text.ts';
import { checkKeys, convertKeys } from './keys.ts';
import { checkNullBytes } from './null-bytes.ts';
import { notJson, selectProperty } from './property.ts';
import { rewrite } from './rewrite.ts';

type Data = ReadonlyMap<string, Uint8Array>;

/**
 * What each kind of item makes of its values. The order of the steps is ESO's: property, rewrite or conversion of the keys, decoding, null bytes.
 *
 * @throws RelayError, one of those that docs/errors.md lists for values
 */
export function valueOf(item: DataItem, payload: Payload, where: string): Uint8Array {
  const selected =
    item.property === undefined ? bytesOf(payload) : selectProperty(bytesOf(payload), item.property, where);
  const value = decode(item.decoding ?? 'None', selected, where);
  checkNullBytes(item.nullBytes ?? 'Ignore', new Map([[item.secretKey, value]]), where);
  return value;
}

/** Members of an object: texts as they are, `null` as the empty text, every other value as its JSON text. */
export function extracted(item: ExtractItem, payload: Payload, where: string): Data {
  const whole = bytesOf(payload);
  const text = new TextDecoder().decode(
    item.property === undefined ? whole : selectProperty(whole, item.property, where),
  );
  if (!isJson(text)) throw notJson(where);
  if (kindOf(text) !== 'object') {
    throw new RelayError(
      'VALUE_NOT_OBJECT',
      `${where}: the value is JSON but no object; 'extract' turns the members of an object into keys`,
    );
  }
  const members = membersOf(text).map(([name, raw]): [string, Uint8Array] => [name, memberBytes(raw)]);
  return finished(item, new Map(members), where);
}

/** Secrets that were found, each under its whole name. */
export function found(item: FindItem, values: readonly SourceValue[], where: string): Data {
  const members = values.map(({ ref, payload }): [string, Uint8Array] => [ref.key, bytesOf(payload)]);
  return finished(item, new Map(members), where);
}

function finished(item: KeyOptions & ValueOptions, data: Data, where: string): Data {
  const renamed =
    item.rewrite === undefined
      ? convertKeys(item.conversion ?? 'Default', data, where)
      : rewrite(item.rewrite, data, where);
  const named = [...renamed].filter(([key]) => key !== '');
  checkKeys(
    named.map(([key]) => key),
    where,
  );
  const decoded = named.map(([key, value]): [string, Uint8Array] => [
    key,
    decode(item.decoding ?? 'None', value, `${where} key ${key}`),
  ]);
  const result = new Map(decoded);
  checkNullBytes(item.nullBytes ?? 'Ignore', result, where);
  return result;
}

function memberBytes(raw: string): Uint8Array {
  return Buffer.from(raw === 'null' ? '' : raw.startsWith('"') ? parseString(raw) : raw);
}

function bytesOf(payload: Payload): Uint8Array {
  return payload.kind === 'text' ? Buffer.from(payload.text.reveal()) : payload.bytes.reveal();
}
