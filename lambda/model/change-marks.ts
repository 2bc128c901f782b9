import { ANNOTATION } from '../contract.ts';
import { WRITE_REASONS } from './action.ts';
import type { WriteReason } from './action.ts';
import type { RolloutPolicy } from './rollout.ts';

/** What made the relay write a Secret, as far as it is known. */
export interface Cause {
  /** The id of the event: what all logs of the change have in common. Undefined for what a sweep found. */
  readonly event?: string | undefined;
  /** The id of the message that had it swept, where no event caused it: a message that is delivered again has the same. */
  readonly sweep?: string | undefined;
  /** When the source changed, by AWS's clock. */
  readonly rotated?: Date | undefined;
  /** When the relay learned of it. */
  readonly received?: Date | undefined;
}

/** A write of a Secret. */
export interface Write extends Cause {
  readonly written: Date;
  /** Undefined where an earlier version of the relay wrote it. */
  readonly reason?: WriteReason | undefined;
}

/** The last change of a Secret's data. */
export interface Change extends Write {
  /** The write of the oldest change that was not rolled out yet. */
  readonly since: Date;
  /** `off` where nothing was to be restarted for it: a policy that is switched on later is for later changes. */
  readonly restarts?: 'off' | undefined;
}

/** How the rollout of a revision ended. */
export interface RolloutRecord {
  readonly revision: string;
  readonly state: 'complete' | 'failed';
  readonly at: Date;
  /** Workloads of which every pod has the new value. */
  readonly restarted: number;
  /** Workloads that are left to somebody else: to Reloader, or to whoever deletes their pods. */
  readonly left: number;
  /** Workloads that were not restarted, because another had failed. */
  readonly stopped: number;
  /** `Kind/name` of those that failed. */
  readonly failed: readonly string[];
}

/** What a Secret's annotations say of its last change and of what became of it. */
export interface ChangeMarks {
  readonly revision: string | undefined;
  readonly change: Change | undefined;
  /** The last write, where that left the data as it was. */
  readonly write: Write | undefined;
  readonly rollout: RolloutRecord | undefined;
  /** What the declaration asks for; undefined: what the cluster's configuration says. */
  readonly policy: RolloutPolicy | undefined;
}

type Annotations = Readonly<Record<string, string>>;

/** Reads the annotations back. What somebody broke counts as absent. */
export function changeMarks(annotations: Annotations): ChangeMarks {
  const policy = annotations[ANNOTATION.rolloutPolicy];
  return {
    revision: annotations[ANNOTATION.revision],
    change: changeOf(annotations),
    write: writeOf(annotations),
    rollout: recordOf(annotations[ANNOTATION.rollout]),
    policy: policy === 'off' || policy === 'annotated' || policy === 'auto' ? policy : undefined,
  };
}

/**
 * Whether the revision that the Secret holds is still to be rolled out. After a rollback, the record may tell of the same revision from before:
 * what was restarted in between holds another.
 */
export function isPending({ revision, change, rollout }: ChangeMarks): boolean {
  if (revision === undefined || change?.restarts === 'off') return false;
  return rollout?.revision !== revision || (change !== undefined && rollout.at < change.written);
}

/** The annotations that tell a change. */
export function changeAnnotations(revision: string, change: Change): Annotations {
  return {
    [ANNOTATION.revision]: revision,
    [ANNOTATION.changedAt]: change.written.toISOString(),
    [ANNOTATION.change]: JSON.stringify(change),
  };
}

/** The same annotations as they are, and the write that leaves the data alone: an apply takes away what it does not name. */
export function keptAnnotations(annotations: Annotations, write: Write): Annotations {
  const names: readonly string[] = [ANNOTATION.revision, ANNOTATION.changedAt, ANNOTATION.change];
  const kept = Object.entries(annotations).filter(([name]) => names.includes(name));
  return { ...Object.fromEntries(kept), [ANNOTATION.write]: JSON.stringify(write) };
}

/** The value of the annotation that tells how a rollout ended. */
export function serializeRecord(record: RolloutRecord): string {
  return JSON.stringify(record);
}

function changeOf(annotations: Annotations): Change | undefined {
  const found = parseObject(annotations[ANNOTATION.change]);
  const written = dateOf(annotations[ANNOTATION.changedAt]) ?? dateOf(found['written']);
  if (written === undefined) return undefined;
  return {
    written,
    since: dateOf(found['since']) ?? written,
    ...causeOf(found),
    reason: reasonOf(found),
    restarts: found['restarts'] === 'off' ? 'off' : undefined,
  };
}

function writeOf(annotations: Annotations): Write | undefined {
  const found = parseObject(annotations[ANNOTATION.write]);
  const written = dateOf(found['written']);
  return written === undefined ? undefined : { written, ...causeOf(found), reason: reasonOf(found) };
}

function causeOf({ event, sweep, rotated, received }: Readonly<Record<string, unknown>>): Cause {
  return {
    event: typeof event === 'string' ? event : undefined,
    sweep: typeof sweep === 'string' ? sweep : undefined,
    rotated: dateOf(rotated),
    received: dateOf(received),
  };
}

function reasonOf({ reason }: Readonly<Record<string, unknown>>): WriteReason | undefined {
  return WRITE_REASONS.find((known) => known === reason);
}

function recordOf(text: string | undefined): RolloutRecord | undefined {
  const { revision, state, at, restarted, left, stopped, failed } = parseObject(text);
  const date = dateOf(at);
  if (typeof revision !== 'string' || date === undefined || (state !== 'complete' && state !== 'failed'))
    return undefined;
  return {
    revision,
    state,
    at: date,
    restarted: countOf(restarted),
    left: countOf(left),
    stopped: countOf(stopped),
    failed: Array.isArray(failed) ? failed.filter((name) => typeof name === 'string') : [],
  };
}

function parseObject(text = '{}'): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
  } catch {
    return {};
  }
}

function countOf(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

function dateOf(value: unknown): Date | undefined {
  const date = new Date(typeof value === 'string' ? value : Number.NaN);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
