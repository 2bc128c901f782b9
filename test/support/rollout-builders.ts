import { ANNOTATION } from '../../lambda/contract.ts';
import { changeAnnotations, serializeRecord } from '../../lambda/model/change-marks.ts';
import type { Change, RolloutRecord } from '../../lambda/model/change-marks.ts';
import { ROLLOUT_SETTINGS } from '../../lambda/model/rollout.ts';
import type { ListedSecret } from '../../lambda/model/target.ts';
import type { Workload, WorkloadRef, WorkloadStatus } from '../../lambda/model/workload.ts';
import { NO_MEMORY } from '../../lambda/model/rollout-memory.ts';
import { templateAnnotation } from '../../lambda/rollout/template-annotation.ts';
import type { RolloutView } from '../../lambda/rollout/view.ts';
import { aManagedSecret } from './builders.ts';

/** The time of all rollouts under test, and times before and after it. */
export const NOW = new Date('2026-02-01T12:00:00Z');

export function secondsAgo(seconds: number): Date {
  return new Date(NOW.getTime() - seconds * 1000);
}

/** A Deployment of three pods, all of its newest template and available. */
export function aStatus(
  changes: Partial<Extract<WorkloadStatus, { kind: 'Deployment' }>> = {},
): WorkloadStatus {
  return {
    kind: 'Deployment',
    current: true,
    paused: false,
    deadlineSeconds: 600,
    desired: 3,
    pods: 3,
    updated: 3,
    available: 3,
    deadlineExceeded: false,
    ...changes,
  };
}

/** The same while one of three pods is new. */
export function aRollingStatus(updated = 1): WorkloadStatus {
  return aStatus({ updated, pods: 4 });
}

/** The Deployment `web`, which consumes the Secret `db` and says nothing about restarts. */
export function aWorkload({
  ref,
  ...changes
}: Partial<Omit<Workload, 'ref'>> & { ref?: Partial<WorkloadRef> } = {}): Workload {
  return {
    ref: { kind: 'Deployment', cluster: 'dev', namespace: 'shop', name: 'web', ...ref },
    uid: 'uid-web',
    resourceVersion: '7',
    created: new Date('2026-01-01T00:00:00Z'),
    annotations: {},
    templateAnnotations: {},
    secrets: new Set(['db']),
    reloadedAt: undefined,
    status: aStatus(),
    ...changes,
  };
}

/** Pod template annotations of a workload that was restarted for revisions, by name of the Secret. */
export function restartedFor(revisions: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(revisions).map(([name, revision]) => [templateAnnotation(name), revision]),
  );
}

interface SecretChanges {
  readonly name?: string;
  readonly namespace?: string;
  readonly revision?: string;
  readonly change?: Partial<Change>;
  readonly rollout?: RolloutRecord;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** The Secret `db`, whose data the relay changed a minute ago to revision `v2`. */
export function aChangedSecret({
  name = 'db',
  namespace = 'shop',
  revision = 'v2',
  change = {},
  rollout,
  annotations = {},
}: SecretChanges = {}): ListedSecret {
  const written = change.written ?? secondsAgo(60);
  const observed = aManagedSecret();
  return {
    target: { cluster: 'dev', namespace, name },
    observed: {
      ...observed,
      annotations: {
        ...observed.annotations,
        ...changeAnnotations(revision, { since: written, written, ...change }),
        ...(rollout === undefined ? {} : { [ANNOTATION.rollout]: serializeRecord(rollout) }),
        ...annotations,
      },
    },
  };
}

export function aRecord(changes: Partial<RolloutRecord> = {}): RolloutRecord {
  return {
    revision: 'v2',
    state: 'complete',
    at: secondsAgo(30),
    restarted: 1,
    left: 0,
    stopped: 0,
    failed: [],
    ...changes,
  };
}

/** One changed Secret, one workload that consumes it, and policy auto. */
export function aView(changes: Partial<RolloutView> = {}): RolloutView {
  return {
    rollouts: { policy: 'auto', reloader: 'detect' },
    settings: ROLLOUT_SETTINGS,
    secrets: [aChangedSecret()],
    workloads: [aWorkload()],
    pausedNamespaces: new Set(),
    memory: NO_MEMORY,
    now: NOW,
    ...changes,
  };
}
