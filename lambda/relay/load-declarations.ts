import { mapLimited } from '../concurrency.ts';
import { declarationsOf, withDeclarations } from '../declarations/from-cluster.ts';
import type { FromCluster } from '../declarations/from-cluster.ts';
import { toRelayError } from '../errors.ts';
import type { RelayError } from '../errors.ts';
import type { Cluster, CompiledConfig } from '../model/config.ts';
import type { Declaration } from '../model/declaration.ts';
import type { Ports } from './ports.ts';

/** The configuration with what the clusters declare themselves, as of now. */
export interface Loaded {
  readonly config: CompiledConfig;
  /** With a source that knows the clusters' stores too. */
  readonly ports: Ports;
  /** By name of the cluster: those whose declarations could not be read. What they declare is unknown, not nothing. */
  readonly unknown: ReadonlyMap<string, RelayError>;
  /** By name of the cluster. */
  readonly found: ReadonlyMap<string, FromCluster>;
}

/** Where to look: everywhere, or in one cluster, or in some of its namespaces. */
export interface LoadScope {
  readonly cluster?: string;
  readonly namespaces?: readonly string[];
}

/**
 * Reads the declarations that lie in the clusters, side by side. A cluster that cannot be read holds back no other; where no cluster declares
 * anything itself, nothing is asked. Never throws.
 */
export async function loadDeclarations(
  config: CompiledConfig,
  ports: Ports,
  signal: AbortSignal,
  { cluster: only, namespaces }: LoadScope = {},
): Promise<Loaded> {
  const declaring = config.clusters.filter(
    ({ name, declarations = 'files' }) => declarations !== 'files' && (only === undefined || name === only),
  );
  if (declaring.length === 0) return { config, ports, unknown: new Map(), found: new Map() };
  const results = await mapLimited(declaring, declaring.length, (cluster) =>
    load(
      cluster,
      namespaces ?? cluster.namespaces,
      config.declarations.filter((declaration) => declaration.clusters.includes(cluster.name)),
      ports,
      signal,
    ),
  );
  const found = results.flatMap((item) => ('found' in item ? [[item.cluster, item.found] as const] : []));
  const unknown = results.flatMap((item) => ('error' in item ? [[item.cluster, item.error] as const] : []));
  const whole = withDeclarations(
    config,
    found.map(([, item]) => item),
  );
  return {
    config: whole,
    ports: { ...ports, source: ports.sourceOf(whole.stores) },
    unknown: new Map(unknown),
    found: new Map(found),
  };
}

type Result =
  | { readonly cluster: string; readonly found: FromCluster }
  | { readonly cluster: string; readonly error: RelayError };

async function load(
  cluster: Cluster,
  namespaces: readonly string[],
  filed: readonly Declaration[],
  { declared, tracing }: Ports,
  signal: AbortSignal,
): Promise<Result> {
  const { name } = cluster;
  try {
    const objects = await tracing.step('declarations', name, () => declared.list(name, namespaces, signal));
    return { cluster: name, found: declarationsOf(cluster, objects, filed, namespaces) };
  } catch (failure) {
    return { cluster: name, error: toRelayError(failure, `reading the declarations of ${name}`) };
  }
}
