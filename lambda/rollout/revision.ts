import { createHash } from 'node:crypto';
import type { RecordedVersions } from '../model/recorded-versions.ts';

/** Characters of a digest: enough that two sets of versions of one Secret never share it. */
const DIGEST_LENGTH = 16;

/**
 * The name of what a Secret holds after its data changed: made of version ids alone, never of values, so that it can stand on workloads.
 *
 * | sources                                | previous revision      | revision                           |
 * |----------------------------------------|------------------------|------------------------------------|
 * | one                                    | of other versions      | its version id                     |
 * | several                                | of other versions      | a digest of references and ids     |
 * | any, with the versions that were there | of the same versions   | the same, with a counter           |
 *
 * The last is for data that changed while the versions did not: the declaration asks for another part of them, or somebody had changed the Secret.
 * A Secret that is deleted and created again with the same versions has the revision that it had: nothing is restarted twice.
 */
export function revisionOf(versions: RecordedVersions, previous: string | undefined): string {
  const base = baseOf(versions);
  if (previous === base) return `${base}.2`;
  if (previous?.startsWith(`${base}.`) !== true) return base;
  const counted = Number(previous.slice(base.length + 1));
  return Number.isSafeInteger(counted) ? `${base}.${counted + 1}` : base;
}

function baseOf(versions: RecordedVersions): string {
  const [first, ...others] = versions.values();
  if (first !== undefined && others.length === 0) return first.id;
  const pairs = [...versions].map(([source, { id }]) => [source, id]).toSorted(bySource);
  return createHash('sha256').update(JSON.stringify(pairs)).digest('hex').slice(0, DIGEST_LENGTH);
}

function bySource([a = '']: readonly string[], [b = '']: readonly string[]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
