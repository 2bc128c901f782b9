import type { Deployment } from '../../lambda/declarations/deployment.ts';
import type { Cluster, CompiledConfig } from '../../lambda/model/config.ts';
import { merges } from '../../lambda/model/declaration.ts';
import { admissionPolicy } from './admission.ts';
import type { Manifest } from '../../lambda/model/manifest.ts';
import { namespaceAccess } from './rbac.ts';

/** Everything that lies in a cluster for the relay, derived from what is declared for it. Pure. */
export function clusterManifests(
  config: CompiledConfig,
  deployment: Deployment,
  { name, namespaces }: Pick<Cluster, 'name' | 'namespaces'>,
): readonly Manifest[] {
  const access = deployment.clusters.get(name)?.access;
  const sorted = namespaces.toSorted();
  const shared = config.declarations
    .filter((declaration) => declaration.clusters.includes(name))
    .filter((declaration) => declaration.takeOver || merges(declaration))
    .map(({ namespace, target }) => `${namespace}/${target.name}`);
  return [
    ...admissionPolicy({
      group: deployment.name,
      namespaces: sorted,
      shared: [...new Set(shared)].toSorted(),
    }),
    ...(access === 'access-policy'
      ? []
      : sorted.flatMap((namespace) => namespaceAccess(deployment.name, namespace))),
  ];
}
