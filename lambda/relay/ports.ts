import type { ExpectedVersion } from '../plan/confirmation.ts';
import type { Cause } from '../model/change-marks.ts';
import type { Declaration } from '../model/declaration.ts';
import type { Store } from '../model/config.ts';
import type {
  Clock,
  ClusterReports,
  ClusterSecrets,
  ClusterTemplates,
  DeclaredObjects,
  Tracing,
} from '../model/ports.ts';
import type { SecretSource } from '../model/source.ts';
import type { Observed } from '../model/target.ts';

/** One declaration to bring about in one cluster. */
export interface Work {
  readonly declaration: Declaration;
  readonly cluster: string;
  /** By `sourceId`: the versions that events named, so that a stale read is noticed. */
  readonly expected: ReadonlyMap<string, readonly ExpectedVersion[]>;
  /** The target as a list showed it, before any value was read: the first observation. Nothing was in the list where `observed` is undefined. */
  readonly seen?: { readonly observed: Observed | undefined };
  /** What asked for it, the earliest first; the Secret says that it was changed for that one. */
  readonly causes?: readonly Cause[];
  /** Whether workloads are restarted when the data changes. */
  readonly restarts?: boolean;
}

/** Every effect that the relay has on the world. */
export interface Ports {
  readonly secrets: ClusterSecrets;
  readonly source: SecretSource;
  /** The source of a longer list of stores, where clusters declare some themselves. */
  readonly sourceOf: (stores: readonly Store[]) => SecretSource;
  readonly declared: DeclaredObjects;
  readonly templates: ClusterTemplates;
  readonly reports: ClusterReports;
  readonly clock: Clock;
  readonly tracing: Tracing;
  /** A number from 0 up to 1, for jitter. */
  readonly random: () => number;
  /** How many requests to one cluster run at once. */
  readonly concurrency: number;
}
