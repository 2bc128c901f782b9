import type { Deployment, Home } from '../../lambda/declarations/deployment.ts';
import type { Cluster, CompiledConfig } from '../../lambda/model/config.ts';

/** The clusters of one account and region, which one stack gives access to. */
export interface AccessPlace {
  /** 12 digits. */
  readonly account: string;
  readonly region: string;
  /** By the relay that serves them. */
  readonly groups: readonly AccessGroup[];
}

export interface AccessGroup {
  readonly home: Home;
  readonly clusters: readonly Cluster[];
  /** Whether the relay assumes a role here that the deployment makes. */
  readonly ownRole: boolean;
  /** The clusters whose manifests the deployment applies. */
  readonly installed: readonly Cluster[];
}

/** Which stacks give access to which clusters; a place where everything is left to others has none. Pure. */
export function accessPlaces(config: CompiledConfig, deployment: Deployment): readonly AccessPlace[] {
  const places = Map.groupBy(config.clusters, ({ account, region }) => `${account}/${region}`);
  return [...places]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([id, clusters]) => {
      const [account = '', region = ''] = id.split('/');
      const groups = deployment.homes.flatMap((home) => groupOf(home, clusters, deployment));
      return groups.length === 0 ? [] : [{ account, region, groups }];
    });
}

function groupOf(home: Home, clusters: readonly Cluster[], deployment: Deployment): readonly AccessGroup[] {
  const own = clusters.filter(({ name }) => deployment.clusters.get(name)?.home === home.name);
  const accessible = own.filter(({ name }) => deployment.clusters.get(name)?.access !== 'none');
  const ownRole = own.some(({ name }) => deployment.clusters.get(name)?.ownRole === true);
  if (accessible.length === 0 && !ownRole) return [];
  const installed = accessible.filter(({ name }) => deployment.clusters.get(name)?.install === 'deployment');
  return [{ home, clusters: accessible, ownRole, installed }];
}
