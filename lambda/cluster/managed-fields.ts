import { FIELD_MANAGER } from '../contract.ts';

/** An entry of `metadata.managedFields` (https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management). */
export interface ManagedFieldsEntry {
  readonly manager?: string | undefined;
  readonly time?: Date | undefined;
  readonly fieldsV1?: unknown;
}

/** Which managers own which key of `data`: `fieldsV1` writes a key as `f:data` -> `f:KEY`. */
export function keyOwnersOf(entries: readonly ManagedFieldsEntry[]): ReadonlyMap<string, ReadonlySet<string>> {
  const owners = new Map<string, Set<string>>();
  for (const { manager = 'unknown', fieldsV1 } of entries) {
    for (const field of Object.keys(memberOf(fieldsV1, 'f:data') ?? {})) {
      if (!field.startsWith('f:')) continue;
      const key = field.slice('f:'.length);
      owners.set(key, (owners.get(key) ?? new Set()).add(manager));
    }
  }
  return owners;
}

/** When the relay last wrote, to the second. */
export function writtenAtOf(entries: readonly ManagedFieldsEntry[]): Date | undefined {
  const times = entries.flatMap(({ manager, time }) => (manager === FIELD_MANAGER && time !== undefined ? [time] : []));
  return times.toSorted((a, b) => a.getTime() - b.getTime()).at(-1);
}

function memberOf(value: unknown, name: string): object | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const member = new Map(Object.entries(value)).get(name);
  return typeof member === 'object' && member !== null ? member : undefined;
}
