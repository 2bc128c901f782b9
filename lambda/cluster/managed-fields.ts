import { FIELD_MANAGER } from '../contract.ts';
import { isEso } from '../model/eso.ts';
import type { Observed, Owners } from '../model/target.ts';

/** An entry of `metadata.managedFields` (https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management). */
export interface ManagedFieldsEntry {
  readonly manager?: string | undefined;
  /** RFC 3339. */
  readonly time?: string | undefined;
  readonly fieldsV1?: unknown;
}

/** Which managers own which key of `data`: `fieldsV1` writes a key as `f:data` -> `f:KEY`. */
export function keyOwnersOf(entries: readonly ManagedFieldsEntry[]): Owners {
  return ownersOf(entries, (fields) => memberOf(fields, 'f:data'));
}

/** Which managers own which label and which annotation, written as `f:metadata` -> `f:labels` -> `f:NAME`. */
export function metadataOwnersOf(entries: readonly ManagedFieldsEntry[]): Observed['metadataOwners'] {
  const of = (member: string): Owners =>
    ownersOf(entries, (fields) => memberOf(memberOf(fields, 'f:metadata'), member));
  return { labels: of('f:labels'), annotations: of('f:annotations') };
}

function ownersOf(
  entries: readonly ManagedFieldsEntry[],
  pick: (fields: unknown) => object | undefined,
): Owners {
  const owners = new Map<string, Set<string>>();
  for (const { manager = 'unknown', fieldsV1 } of entries) {
    for (const name of fieldNames(pick(fieldsV1)))
      owners.set(name, (owners.get(name) ?? new Set()).add(manager));
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

/** Members that stand for the object itself, such as `.`, are left out. */
function fieldNames(fields: object | undefined): readonly string[] {
  return Object.keys(fields ?? {}).flatMap((field) => (field.startsWith('f:') ? [field.slice(2)] : []));
}

function memberOf(value: unknown, name: string): object | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const member: unknown = new Map<string, unknown>(Object.entries(value)).get(name);
  return typeof member === 'object' && member !== null ? member : undefined;
}
