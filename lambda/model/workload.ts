/** The kinds of workload that bring their pods up to date by themselves. */
export type WorkloadKind = 'Deployment' | 'StatefulSet' | 'DaemonSet' | 'Rollout';

/**
 * Kinds that consume Secrets and are neither restarted nor looked at: their next run has the new value. To name those in a namespace would take two more
 * lists after each change, of which that of Jobs has no bound, and a permission for them.
 */
export const NOT_LOOKED_AT = ['CronJob', 'Job'] as const;

/** One workload in one cluster. */
export interface WorkloadRef {
  readonly kind: WorkloadKind;
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
}

/** `cluster/namespace/Kind/name`, for messages and map keys. */
export function workloadId({ cluster, namespace, kind, name }: WorkloadRef): string {
  return `${cluster}/${namespace}/${kind}/${name}`;
}

/** A workload as it was observed, as far as rollouts go. */
export interface Workload {
  readonly ref: WorkloadRef;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly created: Date;
  readonly annotations: Readonly<Record<string, string>>;
  /** Of its pod template. */
  readonly templateAnnotations: Readonly<Record<string, string>>;
  /** Names of the Secrets that its containers get as variables or files. */
  readonly secrets: ReadonlySet<string>;
  /** When Stakater Reloader last restarted it, to the second; undefined where it never did. */
  readonly reloadedAt: Date | undefined;
  readonly status: WorkloadStatus;
}

/** What its controller says. Numbers are of pods. */
export type WorkloadStatus = {
  /** Whether the controller has seen the newest spec: until then the rest speaks of an older one. */
  readonly current: boolean;
  /** Whether the workload itself holds back its rollouts. */
  readonly paused: boolean;
  /** How long the controller waits for progress before it speaks of a failure; undefined where it never does. */
  readonly deadlineSeconds: number | undefined;
} & (
  | {
      readonly kind: 'Deployment';
      readonly desired: number;
      /** Of any template. */
      readonly pods: number;
      readonly updated: number;
      readonly available: number;
      readonly deadlineExceeded: boolean;
    }
  | {
      readonly kind: 'StatefulSet';
      readonly strategy: 'RollingUpdate' | 'OnDelete';
      /** Pods below this ordinal stay as they are. */
      readonly partition: number;
      readonly desired: number;
      readonly updated: number;
      readonly available: number;
      /** Whether every pod is of the newest revision. */
      readonly uniform: boolean;
    }
  | {
      readonly kind: 'DaemonSet';
      readonly strategy: 'RollingUpdate' | 'OnDelete';
      readonly desired: number;
      readonly updated: number;
      readonly available: number;
    }
  | {
      readonly kind: 'Rollout';
      /** `Healthy`, `Progressing`, `Paused` or `Degraded` (https://argo-rollouts.readthedocs.io/en/stable/features/specification/). */
      readonly phase: string;
      readonly updated: number;
      readonly available: number;
    }
);
