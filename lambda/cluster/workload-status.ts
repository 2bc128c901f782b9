import * as z from 'zod/mini';
import type { WorkloadKind, WorkloadStatus } from '../model/workload.ts';

const count = z._default(z.nullable(z.number()), 0);

/** The parts of the spec that say how a workload brings its pods up to date; each kind has some of them. */
export const UpdateSpec = z.object({
  replicas: z.nullish(z.number()),
  paused: z.nullish(z.boolean()),
  progressDeadlineSeconds: z.nullish(z.number()),
  updateStrategy: z.nullish(
    z.object({
      type: z.nullish(z.string()),
      rollingUpdate: z.nullish(z.object({ partition: z.nullish(z.number()) })),
    }),
  ),
});

/** What a controller writes about its workload. */
export const ControllerStatus = z.object({
  /** A number; Argo Rollouts writes it as a text. */
  observedGeneration: z.nullish(z.union([z.number(), z.string()])),
  replicas: count,
  updatedReplicas: count,
  readyReplicas: count,
  availableReplicas: count,
  currentRevision: z.nullish(z.string()),
  updateRevision: z.nullish(z.string()),
  desiredNumberScheduled: count,
  updatedNumberScheduled: count,
  numberAvailable: count,
  phase: z.nullish(z.string()),
  conditions: z.nullish(z.array(z.object({ type: z.string(), reason: z.nullish(z.string()) }))),
});

/** `progressDeadlineSeconds` of a Deployment that has none (https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#progress-deadline-seconds). */
const NO_DEADLINE = 2_147_483_647;

/** One controller's words as the relay's. */
export function workloadStatus(
  kind: WorkloadKind,
  generation: number,
  spec: z.infer<typeof UpdateSpec>,
  status: z.infer<typeof ControllerStatus>,
): WorkloadStatus {
  const deadline = spec.progressDeadlineSeconds ?? NO_DEADLINE;
  const shared = {
    current: Number(status.observedGeneration ?? 0) >= generation,
    paused: spec.paused === true,
    deadlineSeconds: deadline >= NO_DEADLINE ? undefined : deadline,
  };
  const updated = status.updatedReplicas ?? 0;
  const available = status.availableReplicas ?? 0;
  const strategy = spec.updateStrategy?.type === 'OnDelete' ? 'OnDelete' : 'RollingUpdate';
  switch (kind) {
    case 'Deployment':
      return {
        ...shared,
        kind,
        desired: spec.replicas ?? 1,
        pods: status.replicas ?? 0,
        updated,
        available,
        deadlineExceeded: status.conditions?.some(isDeadlineExceeded) ?? false,
      };
    case 'StatefulSet':
      return {
        ...shared,
        kind,
        strategy,
        partition: spec.updateStrategy?.rollingUpdate?.partition ?? 0,
        desired: spec.replicas ?? 1,
        updated,
        available,
        uniform: status.updateRevision === status.currentRevision,
      };
    case 'DaemonSet':
      return {
        ...shared,
        kind,
        strategy,
        desired: status.desiredNumberScheduled ?? 0,
        updated: status.updatedNumberScheduled ?? 0,
        available: status.numberAvailable ?? 0,
      };
    case 'Rollout':
      return { ...shared, kind, phase: status.phase ?? '', updated, available };
  }
}

function isDeadlineExceeded({ type, reason }: { readonly type: string; readonly reason?: unknown }): boolean {
  return type === 'Progressing' && reason === 'ProgressDeadlineExceeded';
}
