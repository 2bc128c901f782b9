import type { WorkloadStatus } from '../model/workload.ts';

/** How far a workload is with bringing its pods to its newest template. */
export type Progress =
  /** `stale`: pods that keep the previous value for good, because the workload says so. */
  | { readonly kind: 'complete'; readonly stale: number }
  /** `done` grows with every pod that is new, and with every one that is available. */
  | { readonly kind: 'running'; readonly done: number }
  | { readonly kind: 'failed'; readonly why: string }
  /** It waits for a person. */
  | { readonly kind: 'paused' }
  /** Its pods are new when somebody deletes them. */
  | { readonly kind: 'by-hand' };

/**
 * Reads a workload's status, as `kubectl rollout status` and the Argo Rollouts plugin do
 * (https://github.com/kubernetes/kubectl/blob/master/pkg/polymorphichelpers/rollout_status.go).
 */
export function progressOf(status: WorkloadStatus): Progress {
  if (status.paused) return { kind: 'paused' };
  switch (status.kind) {
    case 'Deployment':
      return ofDeployment(status);
    case 'StatefulSet':
      return ofStatefulSet(status);
    case 'DaemonSet':
      return ofDaemonSet(status);
    case 'Rollout':
      return ofRollout(status);
  }
}

type StatusOf<K> = Extract<WorkloadStatus, { kind: K }>;

/**
 * | what its controller says                            | then     |
 * |-----------------------------------------------------|----------|
 * | it has not seen the newest spec                     | running  |
 * | Progressing: ProgressDeadlineExceeded               | failed   |
 * | fewer new pods than desired                         | running  |
 * | pods of other templates                             | running  |
 * | new pods that are not available                     | running  |
 * | otherwise                                           | complete |
 */
function ofDeployment(status: StatusOf<'Deployment'>): Progress {
  const { current, desired, pods, updated, available } = status;
  const running: Progress = { kind: 'running', done: updated + available };
  if (!current) return running;
  if (status.deadlineExceeded) return { kind: 'failed', why: 'it missed its progress deadline' };
  return updated < desired || pods > updated || available < updated
    ? running
    : { kind: 'complete', stale: 0 };
}

/** Pods below the partition stay as they are, so that the others are all that can be waited for. */
function ofStatefulSet(status: StatusOf<'StatefulSet'>): Progress {
  const { current, strategy, desired, updated, available, partition } = status;
  if (strategy === 'OnDelete') return { kind: 'by-hand' };
  const running: Progress = { kind: 'running', done: updated + available };
  const stale = Math.min(partition, desired);
  if (!current || available < desired || updated < desired - stale) return running;
  return stale > 0 || status.uniform ? { kind: 'complete', stale } : running;
}

function ofDaemonSet({ current, strategy, desired, updated, available }: StatusOf<'DaemonSet'>): Progress {
  if (strategy === 'OnDelete') return { kind: 'by-hand' };
  if (current && updated >= desired && available >= desired) return { kind: 'complete', stale: 0 };
  return { kind: 'running', done: updated + available };
}

function ofRollout({ current, phase, updated, available }: StatusOf<'Rollout'>): Progress {
  const running: Progress = { kind: 'running', done: updated + available };
  if (!current) return running;
  switch (phase) {
    case 'Healthy':
      return { kind: 'complete', stale: 0 };
    case 'Degraded':
      return { kind: 'failed', why: 'Argo Rollouts calls it Degraded' };
    case 'Paused':
      return { kind: 'paused' };
    default:
      return running;
  }
}
