import { formatFloat } from '../template/float-text.ts';
import { shortestFloat32 } from './float32.ts';
import { isMapping, readYaml } from './read.ts';
import type { Yaml } from './read.ts';

/**
 * A YAML mapping of texts, read as ESO reads what a template with `templateAs: KeysAndValues` gives: numbers and booleans as their texts, and
 * null as the empty text.
 *
 * @returns undefined where it is no such mapping
 */
export function parseTextMap(text: string): ReadonlyMap<string, string> | undefined {
  const document = readYaml(text);
  if (document === null) return new Map();
  if (!isMapping(document)) return undefined;
  const texts = new Map<string, string>();
  for (const [name, value] of document.members) {
    const plain = textOf(value);
    if (plain === undefined) return undefined;
    texts.set(name, plain);
  }
  return texts;
}

function textOf(value: Yaml): string | undefined {
  if (value === null) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  return typeof value === 'number' ? formatFloat(shortestFloat32(value), 'g', -1) : undefined;
}
