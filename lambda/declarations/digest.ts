import { createHash } from 'node:crypto';
import type { Store } from '../model/config.ts';
import type { Declaration } from '../model/declaration.ts';

/**
 * SHA-256 of what decides the rendered Secret: sources, keys, template and the stores' places. Independent of the order of fields, of the place in a
 * file and of the clusters, so that none of these causes a write.
 */
export function digestOf(declaration: Omit<Declaration, 'digest'>, stores: readonly Store[]): string {
  const { extracts, data, target } = declaration;
  const used = new Set([...extracts, ...data].map((item) => item.ref.store));
  const places = stores.filter(({ name }) => used.has(name)).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return createHash('sha256').update(canonical({ extracts, data, target, places })).digest('hex');
}

/** JSON with sorted members. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`;
}
