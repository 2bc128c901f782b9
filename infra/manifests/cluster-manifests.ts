import type { Deployment } from '../../lambda/declarations/deployment.ts';
import type { Cluster, CompiledConfig } from '../../lambda/model/config.ts';
import { merges, templateObjectsOf } from '../../lambda/model/declaration.ts';
import type { Declaration } from '../../lambda/model/declaration.ts';
import { admissionPolicy } from './admission.ts';
import type { Manifest } from '../../lambda/model/manifest.ts';
import { crds } from './crds.ts';
import { clusterAccess, labelAccess, namespaceAccess } from './rbac.ts';
import { tokenGrants } from './token-grants.ts';
import { tokenPolicy } from './token-policy.ts';
import { workloadPolicy } from './workload-policy.ts';

/** Whether a cluster declares Secrets itself. */
export function declaresItself({ declarations = 'files' }: Pick<Cluster, 'declarations'>): boolean {
  return declarations !== 'files';
}

/** What the installer puts into a cluster: everything below and, where the cluster declares itself, the kinds for it to do so. */
export function installedManifests(...args: Parameters<typeof clusterManifests>): readonly Manifest[] {
  const [, , cluster] = args;
  return [...(declaresItself(cluster) ? crds() : []), ...clusterManifests(...args)];
}

/** Everything that lies in a cluster for the relay, derived from what is declared for it. Pure. */
export function clusterManifests(
  config: CompiledConfig,
  deployment: Deployment,
  cluster: Pick<Cluster, 'name' | 'namespaces' | 'declarations' | 'allow' | 'rollouts'>,
): readonly Manifest[] {
  const { name: group } = deployment;
  const access = deployment.clusters.get(cluster.name)?.access;
  const namespaces = cluster.namespaces.toSorted();
  const declares = declaresItself(cluster);
  const own = config.declarations.filter((declaration) => declaration.clusters.includes(cluster.name));
  const shared = own
    .filter((declaration) => declaration.takeOver || merges(declaration))
    .map(({ namespace, target }) => `${namespace}/${target.name}`);
  const policy = admissionPolicy({
    group,
    namespaces,
    shared: [...new Set(shared)].toSorted(),
    declaring: declares ? namespaces : [],
  });
  if (access === 'access-policy') return policy;
  const grants = tokenGrants(config, cluster);
  const restarts = cluster.rollouts !== undefined;
  const selects = own.some(({ selectors }) => selectors !== undefined);
  return [
    ...policy,
    ...tokenPolicy(group, grants),
    ...(restarts ? workloadPolicy(group, namespaces) : []),
    ...(declares ? clusterAccess(group) : selects ? labelAccess(group) : []),
    ...namespaces.flatMap((namespace) => {
      const here = own.filter((declaration) => declaration.namespace === namespace);
      const serviceAccounts = grants.filter((grant) => grant.namespace === namespace).map(({ name }) => name);
      return namespaceAccess(
        { group, declares, configMaps: configMapsOf(here), serviceAccounts, restarts },
        namespace,
      );
    }),
  ];
}

function configMapsOf(declarations: readonly Declaration[]): readonly string[] {
  const names = declarations
    .flatMap(templateObjectsOf)
    .flatMap(({ kind, name }) => (kind === 'ConfigMap' ? [name] : []));
  return [...new Set(names)].toSorted();
}
