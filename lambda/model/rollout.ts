import type { SyncWindows } from './declaration.ts';

/**
 * Which workloads are restarted when a Secret changes: none, those whose annotations ask for it, or all that consume it.
 */
export type RolloutPolicy = 'off' | 'annotated' | 'auto';

/** How rollouts go in one cluster. */
export interface ClusterRollouts {
  readonly policy: Exclude<RolloutPolicy, 'off'>;
  /** Nothing is restarted until it is taken away. */
  readonly paused?: true;
  /** When workloads may be restarted; any time where undefined. */
  readonly windows?: SyncWindows;
  /**
   * What is known of Stakater Reloader in the cluster: `present` leaves to it what its annotations ask for, `absent` never looks for it, and
   * `detect` sees on each workload whether it was there first.
   */
  readonly reloader: 'detect' | 'present' | 'absent';
}

/** How they go where a visit looks: they may have been switched off since the change, and what was pending is then over. */
export type VisitedRollouts = Omit<ClusterRollouts, 'policy'> & { readonly policy: RolloutPolicy };

export const ROLLOUTS_OFF: VisitedRollouts = { policy: 'off', reloader: 'absent' };

export interface RolloutSettings {
  /** So long nothing may have changed in a namespace before its workloads are restarted: the secrets of one rotation change together. */
  readonly debounceSeconds: number;
  /** How many workloads of one namespace restart at once. */
  readonly maxPerNamespace: number;
  /** How many workloads of one cluster restart at once. */
  readonly maxPerCluster: number;
  /** A workload without progress for so long has failed, where its own deadline is not longer. */
  readonly deadlineSeconds: number;
}

/** Where the configuration says nothing. A Deployment's own deadline is 600 s by default too. */
export const ROLLOUT_SETTINGS: RolloutSettings = {
  debounceSeconds: 10,
  maxPerNamespace: 5,
  maxPerCluster: 20,
  deadlineSeconds: 600,
};
