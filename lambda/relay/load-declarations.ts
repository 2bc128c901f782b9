import { mapLimited } from '../concurrency.ts';
import { isConditional, selectFiled, withSelected } from '../declarations/filed-selection.ts';
import type { FiledSelection } from '../declarations/filed-selection.ts';
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
  /** By name of the cluster: what its labels make of ClusterExternalSecrets in files. */
  readonly selections: ReadonlyMap<string, FiledSelection>;
}

/** Where to look: everywhere, or in one cluster, or in some of its namespaces. */
export interface LoadScope {
  readonly cluster?: string;
  readonly namespaces?: readonly string[];
  /** Only what files declare with selectors for these clusters matters; for all where undefined. */
  readonly selecting?: ReadonlySet<string>;
}

/**
 * Reads the declarations that lie in the clusters, side by side. A cluster that cannot be read holds back no other; where no cluster declares
 * anything itself or has labels that files select by, nothing is asked. Never throws.
 */
export async function loadDeclarations(
  config: CompiledConfig,
  ports: Ports,
  signal: AbortSignal,
  { cluster: only, namespaces, selecting }: LoadScope = {},
): Promise<Loaded> {
  const conditional = config.declarations.filter(({ selectors }) => selectors !== undefined);
  const declaring = clustersToAsk(config, selecting).filter(
    ({ name }) => only === undefined || name === only,
  );
  if (declaring.length + conditional.length === 0)
    return { config, ports, unknown: new Map(), found: new Map(), selections: new Map() };
  const results = await mapLimited(declaring, declaring.length, (cluster) =>
    load(
      cluster,
      namespaces ?? cluster.namespaces,
      config.declarations.filter((declaration) => declaration.clusters.includes(cluster.name)),
      ports,
      signal,
    ),
  );
  const found = results.flatMap((item) =>
    'found' in item && item.found !== undefined ? [[item.cluster, item.found] as const] : [],
  );
  const selections = new Map(
    results.flatMap((item) => ('selection' in item ? [[item.cluster, item.selection] as const] : [])),
  );
  const unknown = results.flatMap((item) => ('error' in item ? [[item.cluster, item.error] as const] : []));
  const whole = withDeclarations(
    { ...config, declarations: withSelected(config.declarations, selections) },
    found.map(([, item]) => item),
  );
  return {
    config: whole,
    ports: found.length === 0 ? ports : { ...ports, source: ports.sourceOf(whole.stores) },
    unknown: new Map(unknown),
    found: new Map(found),
    selections,
  };
}

/** The clusters that declare something themselves, or whose labels decide about what files declare. */
export function clustersToAsk(
  { clusters, declarations }: CompiledConfig,
  selecting?: ReadonlySet<string>,
): readonly Cluster[] {
  return clusters.filter(
    (cluster) =>
      (cluster.declarations ?? 'files') !== 'files' ||
      ((selecting?.has(cluster.name) ?? true) &&
        declarations.some((item) => isConditional(item, cluster.name))),
  );
}

type Result =
  | {
      readonly cluster: string;
      readonly selection: FiledSelection;
      readonly found: FromCluster | undefined;
    }
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
    if ((cluster.declarations ?? 'files') === 'files') {
      const known = await tracing.step('namespaces', { cluster: name }, () =>
        declared.namespaces(name, signal),
      );
      return { cluster: name, selection: selectFiled(name, filed, known), found: undefined };
    }
    const objects = await tracing.step('declarations', { cluster: name }, () =>
      declared.list(name, namespaces, signal),
    );
    const selection = selectFiled(name, filed, objects.namespaces);
    const certain = filed.filter((item) => item.selectors === undefined || selection.selected.has(item));
    return { cluster: name, selection, found: declarationsOf(cluster, objects, certain, namespaces) };
  } catch (failure) {
    return { cluster: name, error: toRelayError(failure, `reading the declarations of ${name}`) };
  }
}
