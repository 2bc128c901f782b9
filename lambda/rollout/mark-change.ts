import { changeAnnotations, changeMarks, isPending, keptAnnotations } from '../model/change-marks.ts';
import type { WriteReason } from '../model/action.ts';
import type { Cause } from '../model/change-marks.ts';
import { recordedVersions } from '../model/recorded-versions.ts';
import type { DesiredSecret, HeldSecret } from '../model/target.ts';
import { revisionOf } from './revision.ts';

/** A Secret to write, marked with what changes by it. */
export interface Marked {
  readonly desired: DesiredSecret;
  readonly changed: boolean;
}

export interface MarkOptions {
  readonly cause: Cause | undefined;
  readonly reason: WriteReason;
  /** Whether workloads are restarted for the change. */
  readonly restarts: boolean;
  readonly now: Date;
}

/**
 * Tells in the Secret's annotations whether the write changes its data and what asked for it, so that whoever comes later knows what is to be
 * restarted and what there is to tell, even if this function dies with the write.
 *
 * | the write              | annotations                                                                |
 * |------------------------|----------------------------------------------------------------------------|
 * | creates the Secret     | a new revision                                                             |
 * | changes its data       | a new revision                                                             |
 * | changes anything else  | the revision that is there, or none: nothing is restarted; and the write   |
 *
 * @param held the Secret as it is; undefined where there is none
 * @param removed keys that are taken out of it
 */
export function markChange(
  desired: DesiredSecret,
  held: HeldSecret | undefined,
  removed: readonly string[],
  { cause, reason, restarts, now }: MarkOptions,
): Marked {
  const changed = held === undefined || changesData(desired, held, removed);
  const write = { ...cause, reason, written: now };
  if (!changed)
    return { changed, desired: withAnnotations(desired, keptAnnotations(held.annotations, write)) };
  const before = changeMarks(held?.annotations ?? {});
  const since = isPending(before) ? before.change?.since : undefined;
  const change = {
    ...write,
    since: since ?? now,
    ...(restarts ? {} : { restarts: 'off' as const }),
  };
  const revision = revisionOf(recordedVersions(desired.annotations), before.revision);
  return { changed, desired: withAnnotations(desired, changeAnnotations(revision, change)) };
}

function changesData(desired: DesiredSecret, { data }: HeldSecret, removed: readonly string[]): boolean {
  if (removed.some((key) => data.has(key))) return true;
  return desired.data.entries().some(([key, value]) => {
    const before = data.get(key);
    return before === undefined || Buffer.compare(before.reveal(), value.reveal()) !== 0;
  });
}

function withAnnotations(
  desired: DesiredSecret,
  annotations: Readonly<Record<string, string>>,
): DesiredSecret {
  return { ...desired, annotations: { ...desired.annotations, ...annotations } };
}
