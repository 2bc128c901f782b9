import type { Condition, DeclaredObject, ObjectStatus } from '../model/declared-object.ts';
import type { Verdict } from './verdict.ts';

/** What the status of an ExternalSecret is made from. */
export interface StatusInput {
  /** As it was read: what stands there, and the version that was acted upon. */
  readonly object: DeclaredObject;
  readonly verdict: Verdict;
  /** Name of the Secret. */
  readonly target: string;
  /** Whether it follows its sources; otherwise it is synced once for each state of the object, as in ESO. */
  readonly periodic: boolean;
  readonly now: Date;
}

/** The refresh time of a Secret that stays right is renewed once in this time, at an hour of its own: between half of it and all. */
const RENEWED_WITHIN_MS = 24 * 3600_000;

/**
 * The status to apply, complete, or undefined where the one that stands there says it already. Pure.
 *
 * | member                | changes when                                                                                          |
 * |-----------------------|-------------------------------------------------------------------------------------------------------|
 * | conditions            | the Ready condition says something else                                                               |
 * | lastTransitionTime    | Ready becomes True or False; under another refresh policy than Periodic also with refreshTime         |
 * | syncedResourceVersion | this state of the object was brought about                                                            |
 * | refreshTime           | the Secret was written; or found right for the first time, after a failure, or for a day (see below)   |
 * | binding               | the Secret is there, or no longer                                                                     |
 *
 * A sweep that finds ten thousand Secrets right must not write ten thousand statuses, so that a refresh time that says nothing new is renewed
 * once a day. Argo CD (some of its versions) takes an object with OnChange for unhealthy while its refreshTime is later than the
 * lastTransitionTime, so that there the two move together.
 */
export function nextStatus(input: StatusInput): ObjectStatus | undefined {
  const { object, verdict, target, periodic, now } = input;
  const before = object.status;
  const refreshed = isRefreshed(input);
  const { reason, message } = verdict;
  const told = { status: verdict.ready ? 'True' : 'False', reason, message };
  const done = verdict.synced !== 'no';
  const binding = verdict.bound ? { name: target } : undefined;
  const next: ObjectStatus = {
    conditions: withReady(before, told, now, refreshed && !periodic ? 'now' : 'on-change'),
    refreshTime: refreshed ? timestamp(now) : before.refreshTime,
    syncedResourceVersion: done ? object.version : before.syncedResourceVersion,
    binding: done ? binding : before.binding,
  };
  return saysTheSame(before, next) ? undefined : next;
}

function isRefreshed({ object, verdict, periodic, now }: StatusInput): boolean {
  const { refreshTime, syncedResourceVersion, conditions } = object.status;
  switch (verdict.synced) {
    case 'written':
      return true;
    case 'no':
      return false;
    case 'confirmed': {
      if (refreshTime === undefined || syncedResourceVersion !== object.version) return true;
      const age = now.getTime() - Date.parse(refreshTime);
      const failed = readyOf(conditions)?.status !== 'True';
      return periodic && (failed || !(age < renewalAge(object.uid)));
    }
  }
}

/** Different for each object, so that those that were written together are not renewed together. */
function renewalAge(uid: string): number {
  const hash = Buffer.from(uid).reduce((sum, byte) => (sum * 31 + byte) % 1009, 0);
  return (RENEWED_WITHIN_MS * (1 + hash / 1009)) / 2;
}

/** What a Ready condition says besides when it came to say it. */
type Told = Pick<Condition, 'status' | 'reason' | 'message'>;

/**
 * The conditions with that of type Ready, whose transition is now where its status changes. The list is replaced as a whole (it is atomic in
 * ESO's CRDs), so that the others go along.
 */
export function withReady(
  { conditions }: ObjectStatus,
  told: Told,
  now: Date,
  transition: 'on-change' | 'now' = 'on-change',
): readonly Condition[] {
  const old = readyOf(conditions);
  const since = transition === 'now' || old?.status !== told.status ? undefined : old.lastTransitionTime;
  const ready = { type: 'Ready', ...told, lastTransitionTime: since ?? timestamp(now) };
  return [...conditions.filter(({ type }) => type !== 'Ready'), ready];
}

function readyOf(conditions: readonly Condition[]): Condition | undefined {
  return conditions.find(({ type }) => type === 'Ready');
}

/** Whether two statuses are the same to a reader; the order of members does not matter. */
export function saysTheSame(a: ObjectStatus, b: ObjectStatus): boolean {
  return canonical(a) === canonical(b);
}

function canonical({ conditions, ...status }: ObjectStatus): string {
  const told = conditions.map((condition) => [
    condition.type,
    condition.status,
    condition.reason,
    condition.message,
    condition.lastTransitionTime,
  ]);
  const { provisionedNamespaces = [], failedNamespaces = [] } = status;
  return JSON.stringify([
    told.toSorted(),
    ...[status.refreshTime, status.syncedResourceVersion, status.binding?.name, status.capabilities],
    ...[status.externalSecretName, provisionedNamespaces],
    failedNamespaces.map(({ namespace, reason }) => [namespace, reason]),
  ]);
}

/** As Kubernetes writes times: to the second. */
function timestamp(time: Date): string {
  return time.toISOString().replace(/\.\d+Z$/u, 'Z');
}
