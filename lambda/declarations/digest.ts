import { createHash } from 'node:crypto';
import type { Store } from '../model/config.ts';
import { findsOf, sourcesOf } from '../model/declaration.ts';
import type { Declaration } from '../model/declaration.ts';

/**
 * SHA-256 of what decides the rendered Secret: sources, keys, template, the stores' places and what is restarted for it. Independent of the order of fields and of `data`, whose
 * keys are distinct, of the place in a file and of the clusters, so that none of these causes a write.
 */
export function digestOf(declaration: Omit<Declaration, 'digest'>, stores: readonly Store[]): string {
  const { dataFrom, target, rollout } = declaration;
  const data = declaration.data.toSorted((a, b) => compare(a.secretKey, b.secretKey));
  const used = new Set([...sourcesOf(declaration), ...findsOf(declaration)].map(({ store }) => store));
  const places = stores.filter(({ name }) => used.has(name)).toSorted((a, b) => compare(a.name, b.name));
  return createHash('sha256').update(canonical({ dataFrom, data, target, places, rollout })).digest('hex');
}

/** JSON with sorted members; a member that is undefined is absent. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .toSorted(([a], [b]) => compare(a, b));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`;
}

/** By code units: the same on every machine, whatever its language is. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
