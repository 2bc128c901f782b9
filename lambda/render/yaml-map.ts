import { isAlias, isMap, isScalar, parseDocument } from 'yaml';
import type { Document } from 'yaml';
import { formatFloat } from './template/float-text.ts';

/**
 * A YAML mapping of texts, read as ESO reads what a template with `templateAs: KeysAndValues` gives: by YAML 1.1, with numbers and booleans as
 * their texts and null as the empty text.
 *
 * @returns undefined where it is no such mapping
 */
export function parseTextMap(text: string): ReadonlyMap<string, string> | undefined {
  const document = parseDocument(text, { version: '1.1', intAsBigInt: true, logLevel: 'silent' });
  if (document.errors.length > 0) return undefined;
  const { contents } = document;
  if (contents === null || (isScalar(contents) && contents.value === null)) return new Map();
  if (!isMap(contents)) return undefined;
  const entries = new Map<string, string>();
  for (const { key, value } of contents.items) {
    const [name, plain] = [scalarText(key, document), scalarText(value, document)];
    if (name === undefined || plain === undefined) return undefined;
    entries.set(name, plain);
  }
  return entries;
}

function scalarText(node: unknown, document: Document): string | undefined {
  if (node === null || node === undefined) return '';
  const scalar = isAlias(node) ? node.resolve(document) : node;
  if (!isScalar(scalar)) return undefined;
  const { value, source } = scalar;
  if (typeof value === 'string') return value;
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return formatFloat(value, 'g', -1);
  return value === null ? '' : source; // what looks like a date stays the text that it is
}
