import type { Declaration } from '../model/declaration.ts';
import { problemAt } from './check.ts';
import type { Checked } from './check.ts';
import { digestOf } from './digest.ts';
import type { ExternalSecret } from './external-secret-schema.ts';
import { itemsOf } from './items.ts';
import { clustersOf, takeOverOf } from './own-annotations.ts';
import type { Report } from './own-annotations.ts';
import { quote } from './problems.ts';
import type { Problem } from './problems.ts';
import { refreshOf } from './refresh-of.ts';
import { rolloutOf } from './rollout-of.ts';
import type { World } from './store-of.ts';
import { targetProblems } from './target-rules.ts';
import { templateOf } from './template-of.ts';
import type { YamlDocument } from './yaml-document.ts';

/** What an ExternalSecret means in this configuration, or everything that is wrong with it. */
export function toDeclaration(
  manifest: ExternalSecret,
  document: YamlDocument,
  world: World,
): Checked<Declaration> {
  const problems: Problem[] = [];
  const report: Report = (path, found, expected) =>
    void problems.push(problemAt(document, path, { code: 'DECLARATION_INVALID', found, expected }));
  const { metadata, spec } = manifest;
  const takeOver = takeOverOf(metadata.annotations, report);
  const clusters =
    world.inCluster === undefined
      ? clustersOf(metadata.annotations, world.clusters, report)
      : [world.inCluster.name];
  checkNamespace(metadata.namespace, clusters, world, report);
  const items = itemsOf(manifest, world, report);
  const template = templateOf(manifest, report);
  const refresh = refreshOf(manifest, report);
  const rollout = rolloutOf(metadata.annotations, clusters, world.clusters, report);
  targetProblems(manifest, report);
  if (problems.length > 0) return { kind: 'problems', problems };
  const { name = metadata.name, creationPolicy = 'Owner', deletionPolicy = 'Retain' } = spec.target ?? {};
  const immutable = spec.target?.immutable === true ? { immutable: true as const } : {};
  const declaration = {
    namespace: metadata.namespace,
    name: metadata.name,
    clusters,
    takeOver,
    ...items,
    target: { name, creationPolicy, deletionPolicy, template, ...immutable },
    ...(refresh === undefined ? {} : { refresh }),
    ...(rollout === undefined ? {} : { rollout }),
  };
  return { kind: 'ok', value: { ...declaration, digest: digestOf(declaration, world.stores) } };
}

function checkNamespace(
  namespace: string,
  names: readonly string[],
  { clusters }: World,
  report: Report,
): void {
  for (const { name, namespaces } of clusters.filter((cluster) => names.includes(cluster.name))) {
    if (namespaces.includes(namespace)) continue;
    report(
      ['metadata', 'namespace'],
      quote(namespace),
      `a namespace that keyrelay.yaml lists for cluster ${name} (${namespaces.join(', ')})`,
    );
  }
}
