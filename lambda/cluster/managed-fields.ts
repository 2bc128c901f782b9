import { FIELD_MANAGER } from '../contract.ts';
import { isEso } from '../model/eso.ts';
import type { Observed } from '../model/target.ts';

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
    for (const key of fieldNames(memberOf(fieldsV1, 'f:data')))
      owners.set(key, (owners.get(key) ?? new Set()).add(manager));
  }
  return owners;
}

/** The labels and annotations that the relay owns, written as `f:metadata` -> `f:labels` -> `f:NAME`. */
export function ownMetadataOf(entries: readonly ManagedFieldsEntry[]): Observed['ownMetadata'] {
  const own = entries.filter(({ manager }) => manager === FIELD_MANAGER);
  const namesOf = (member: string): readonly string[] =>
    own.flatMap(({ fieldsV1 }) => fieldNames(memberOf(memberOf(fieldsV1, 'f:metadata'), member)));
  return { labels: namesOf('f:labels'), annotations: namesOf('f:annotations') };
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

/** Members that stand for the object itself, such as `.`, are left out. */
function fieldNames(fields: object | undefined): readonly string[] {
  return Object.keys(fields ?? {}).flatMap((field) => (field.startsWith('f:') ? [field.slice(2)] : []));
}

function memberOf(value: unknown, name: string): object | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const member: unknown = new Map<string, unknown>(Object.entries(value)).get(name);
  return typeof member === 'object' && member !== null ? member : undefined;
}
