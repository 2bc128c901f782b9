import { FIELD_MANAGER } from '../contract.ts';
import { isEso } from '../model/eso.ts';

/** An entry of `metadata.managedFields` (https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management). */
export interface ManagedFieldsEntry {
  readonly manager?: string | undefined;
  /** RFC 3339. */
  readonly time?: string | undefined;
  readonly fieldsV1?: unknown;
}

/** Which managers own which key of `data`: `fieldsV1` writes a key as `f:data` -> `f:KEY`. */
export function keyOwnersOf(
  entries: readonly ManagedFieldsEntry[],
): ReadonlyMap<string, ReadonlySet<string>> {
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

/** When the relay last wrote, to the second; undefined where it never did. */
export function writtenAtOf(entries: readonly ManagedFieldsEntry[]): Date | undefined {
  return lastWrite(entries, (manager) => manager === FIELD_MANAGER);
}

/** When External Secrets Operator last wrote, to the second; undefined where it never did. */
export function esoWrittenAtOf(entries: readonly ManagedFieldsEntry[]): Date | undefined {
  return lastWrite(entries, isEso);
}

function lastWrite(
  entries: readonly ManagedFieldsEntry[],
  by: (manager: string) => boolean,
): Date | undefined {
  const times = entries
    .filter(({ manager = '' }) => by(manager))
    .map(({ time }) => Date.parse(time ?? ''))
    .filter((time) => !Number.isNaN(time));
  return times.length === 0 ? undefined : new Date(Math.max(...times));
}

function memberOf(value: unknown, name: string): object | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const member: unknown = new Map<string, unknown>(Object.entries(value)).get(name);
  return typeof member === 'object' && member !== null ? member : undefined;
}
