import type { ClusterEvent } from './cluster-event.ts';
import type { TemplateObjectRef } from './declaration.ts';
import type { ObjectRef, ObjectStatus } from './declared-object.ts';
import type { TemplateObjects } from './source.ts';
import type {
  DesiredSecret,
  HeldSecret,
  ListedSecret,
  Observed,
  Precondition,
  Removal,
  Target,
} from './target.ts';
import type { Workload } from './workload.ts';

/** What a write left behind. */
export interface Written {
  readonly uid: string;
  readonly resourceVersion: string;
}

/**
 * The Secrets of one cluster. Every method throws a RelayError that names the target: CLUSTER_* for the cluster's troubles,
 * NAMESPACE_NOT_FOUND, TARGET_CONTENDED (409) where the object is no longer the one that was observed, and WRITE_UNCERTAIN where a write may or
 * may not have been done.
 */
export interface ClusterSecrets {
  /** The Secret's metadata, read with quorum; undefined where there is no such Secret. */
  observe(target: Target, signal: AbortSignal): Promise<Observed | undefined>;
  /**
   * Every Secret of the namespace that carries the relay's label, metadata only. Complete or an error: a page that failed fails the whole,
   * so that nothing is deleted because of a partial list.
   */
  listManaged(cluster: string, namespace: string, signal: AbortSignal): Promise<readonly ListedSecret[]>;
  /** The Secret as it is under the precondition, whole. Asked for right before an update of it, and at no other time. */
  hold(target: Target, precondition: Precondition, signal: AbortSignal): Promise<HeldSecret>;
  /** Every Secret of the namespace that the relay writes to, as a whole or in part: metadata only, complete or an error. */
  listWritten(cluster: string, namespace: string, signal: AbortSignal): Promise<readonly ListedSecret[]>;
  /** Records how a rollout ended, under the precondition: server-side apply of one annotation by field manager `keyrelay-rollouts`. */
  record(target: Target, rollout: string, precondition: Precondition, signal: AbortSignal): Promise<Written>;
  /** Creates with POST: TARGET_CONTENDED where the Secret exists by now. */
  create(desired: DesiredSecret, signal: AbortSignal): Promise<Written>;
  /** Server-side apply with field manager `keyrelay`, forced, under the precondition. Keys of other managers stay. */
  apply(desired: DesiredSecret, precondition: Precondition, signal: AbortSignal): Promise<Written>;
  /** Removes what it is told, whoever owns it, under the precondition; what is absent is no error (JSON merge patch with nulls). */
  prune(target: Target, removal: Removal, precondition: Precondition, signal: AbortSignal): Promise<Written>;
  /** Deletes under the precondition; a Secret that is gone already is no error. */
  remove(target: Target, precondition: Precondition, signal: AbortSignal): Promise<void>;
}

/** The workloads of a cluster: as with `ClusterSecrets`, every method throws a RelayError. */
export interface ClusterWorkloads {
  /** Every workload of the namespace that has a pod template: complete or an error. */
  list(cluster: string, namespace: string, signal: AbortSignal): Promise<readonly Workload[]>;
  /** Whether somebody paused the rollouts of the namespace. */
  isPaused(cluster: string, namespace: string, signal: AbortSignal): Promise<boolean>;
  /** Annotates the pod template of a workload, as it was observed and not otherwise. */
  restart(
    workload: Workload,
    annotations: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<void>;
}

/** What a cluster's API returned: items of lists, as they are. */
export interface ClusterObjects {
  readonly externalSecrets: readonly unknown[];
  readonly clusterExternalSecrets: readonly unknown[];
  readonly secretStores: readonly unknown[];
  readonly clusterSecretStores: readonly unknown[];
  /** Every namespace of the cluster that is not being deleted: what selectors of namespaces select from. */
  readonly namespaces: readonly Namespace[];
}

/** A namespace, as far as selectors look at it. */
export interface Namespace {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** The objects with which teams declare Secrets in a cluster itself. */
export interface DeclaredObjects {
  /**
   * Those of the namespaces, and the cluster-scoped ones. Complete or an error, so that nothing is deleted because of a partial list.
   *
   * @throws RelayError
   */
  list(cluster: string, namespaces: readonly string[], signal: AbortSignal): Promise<ClusterObjects>;
  /**
   * Every namespace of the cluster that is not being deleted; all of them or an error.
   *
   * @throws RelayError
   */
  namespaces(cluster: string, signal: AbortSignal): Promise<readonly Namespace[]>;
}

/** The objects of a cluster that hold templates. */
export interface ClusterTemplates {
  /** Reads each afresh. One that is missing or cannot be read is a failure in its own entry. */
  read(
    cluster: string,
    namespace: string,
    refs: readonly TemplateObjectRef[],
    signal: AbortSignal,
  ): Promise<TemplateObjects>;
}

/** What a write of a status may be done under. */
export interface StatusTarget extends Precondition {
  readonly ref: ObjectRef;
}

/** What people see in a cluster of the relay's work. Every method throws a RelayError that names the object. */
export interface ClusterReports {
  /**
   * Applies the whole status, under the precondition: TARGET_CONTENDED where the object has changed since. One that is gone is no error: there is
   * nobody to tell.
   */
  writeStatus(target: StatusTarget, status: ObjectStatus, signal: AbortSignal): Promise<void>;
  /** The object as it is now, as the API server returns it; undefined where there is none. */
  read(ref: ObjectRef, signal: AbortSignal): Promise<unknown>;
  /** Makes an Event, or counts up and renews the one that is there about the same object, reason and topic. */
  tell(event: ClusterEvent, now: Date, signal: AbortSignal): Promise<void>;
}

/** Time as the relay sees it; tests pass their own. */
export interface Clock {
  now(): Date;
  /** Resolves after `ms`; rejects with DEADLINE when the signal aborts first. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** What a step is about: each can be searched for. Never a value. */
export interface StepSubject {
  readonly cluster?: string;
  readonly namespace?: string;
  readonly name?: string;
  /** What else tells one step from its neighbours. */
  readonly what?: string;
}

/** Records how long a step took and what came of it; the run time sends it to X-Ray, tests ignore it. */
export interface Tracing {
  /** @param outcomeOf in a word; `done` where there is none, and the code of the error where it failed */
  step<T>(
    name: string,
    about: StepSubject,
    run: () => Promise<T>,
    outcomeOf?: (result: T) => string,
  ): Promise<T>;
  /** The trace and the step of it that is running, as the header X-Amzn-Trace-Id has it; undefined where nothing is traced. */
  header(): string | undefined;
}
