import type { DesiredSecret, ListedSecret, Observed, Precondition, Target } from './target.ts';

/** What a write left behind. */
export interface Written {
  readonly uid: string;
  readonly resourceVersion: string;
}

/**
 * The Secrets of one cluster. Every method throws a RelayError that names the target: CLUSTER_* for the cluster's troubles,
 * NAMESPACE_NOT_FOUND, and TARGET_CONTENDED (409) where the object is no longer the one that was observed.
 */
export interface ClusterSecrets {
  /** The Secret's metadata, read with quorum; undefined where there is no such Secret. */
  observe(target: Target, signal: AbortSignal): Promise<Observed | undefined>;
  /**
   * Every Secret of the namespace that carries the relay's label, metadata only. Complete or an error: a page that failed fails the whole,
   * so that nothing is deleted because of a partial list.
   */
  listManaged(cluster: string, namespace: string, signal: AbortSignal): Promise<readonly ListedSecret[]>;
  /** Creates with POST: TARGET_CONTENDED where the Secret exists by now. */
  create(desired: DesiredSecret, signal: AbortSignal): Promise<Written>;
  /** Server-side apply with field manager `keyrelay`, forced, under the precondition. Keys of other managers stay. */
  apply(desired: DesiredSecret, precondition: Precondition, signal: AbortSignal): Promise<Written>;
  /** Removes keys of `data`, under the precondition. A key that is absent fails the write as TARGET_CONTENDED. */
  prune(target: Target, keys: readonly string[], precondition: Precondition, signal: AbortSignal): Promise<Written>;
  /** Deletes under the precondition; a Secret that is gone already is no error. */
  remove(target: Target, precondition: Precondition, signal: AbortSignal): Promise<void>;
}

/** Time as the relay sees it; tests pass their own. */
export interface Clock {
  now(): Date;
  /** Resolves after `ms`; rejects with DEADLINE when the signal aborts first. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}
