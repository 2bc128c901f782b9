import type { Cluster, CompiledConfig, Store } from '../model/config.ts';
import type { Declaration } from '../model/declaration.ts';
import type { DeclaredKind } from '../model/declared-object.ts';
import type { ClusterObjects } from '../model/ports.ts';
import { clusterObject } from './cluster-object.ts';
import type { ClusterObject } from './cluster-object.ts';
import { expansionOf, isMadeFor, mayHaveDeclared } from './cluster-expansions.ts';
import type { Expansion } from './cluster-expansions.ts';
import { clusterStore } from './cluster-stores.ts';
import type { ClusterStore } from './cluster-stores.ts';
import { conflicts } from './conflicts.ts';
import type { Located } from './conflicts.ts';
import { isForOther, namesOneOf } from './controller-class.ts';
import { declarationOfObject } from './declaration-of-object.ts';
import type { Problem } from './problems.ts';
import type { YamlDocument } from './yaml-document.ts';

/** An ExternalSecret that cannot be brought about as it is. */
export interface Refused {
  readonly object: ClusterObject;
  readonly problems: readonly Problem[];
}

export interface FromCluster {
  readonly declarations: readonly Declaration[];
  readonly stores: readonly Store[];
  readonly refused: readonly Refused[];
  /** The stores as objects, right or wrong. */
  readonly storeObjects: readonly ClusterStore[];
  /** ExternalSecrets whose store is meant for another controller: neither read nor told anything, and their Secrets are left alone. */
  readonly others: readonly ClusterObject[];
  /** The ClusterExternalSecrets, right or wrong; what is wrong in one namespace is among `refused`. */
  readonly expansions: readonly Expansion[];
  /** `namespace/name` of ExternalSecrets that are there but not brought about: what they own is left alone. */
  readonly undecided: ReadonlySet<string>;
}

const V1 = 'external-secrets.io/v1';

/** Where files declared what they did is known no more when the relay runs. */
const FILES: YamlDocument = {
  file: 'the files of the deployment',
  value: undefined,
  locate: () => ({ line: 0, column: 0 }),
};

/**
 * What the objects of a cluster declare. Each stands for itself: one that is wrong is refused with its reasons, and the others count. What
 * files declare comes first, then the older object. Pure.
 *
 * @param filed what files declare for the cluster
 * @param scope the namespaces of which the objects are
 */
export function declarationsOf(
  cluster: Cluster,
  objects: ClusterObjects,
  filed: readonly Declaration[] = [],
  scope: readonly string[] = cluster.namespaces,
): FromCluster {
  const of = (items: readonly unknown[], kind: DeclaredKind): readonly ClusterObject[] =>
    items.flatMap((item) => clusterObject(item, cluster.name, { apiVersion: V1, kind }) ?? []);
  const allStores = [
    ...of(objects.secretStores, 'SecretStore'),
    ...of(objects.clusterSecretStores, 'ClusterSecretStore'),
  ];
  const storesOfOthers = allStores.filter(isForOther);
  const storeObjects = allStores
    .filter((object) => !storesOfOthers.includes(object))
    .map((object) => clusterStore(cluster, object, objects.namespaces));
  const stores = storeObjects.flatMap(({ open }) => [...open.values()]);
  const clusterWide = of(objects.clusterExternalSecrets, 'ClusterExternalSecret').filter(
    ({ terminating }) => !terminating,
  );
  const expansions = clusterWide
    .toSorted(byAge)
    .map((object) => expansionOf(cluster, object, objects.namespaces));
  const present = of(objects.externalSecrets, 'ExternalSecret').filter(
    (object) => !object.terminating && !isMadeFor(object, clusterWide),
  );
  // Of two that write the same Secret, the older one keeps it; what lies in the namespace comes before what is expanded there.
  const all = [...present.toSorted(byAge), ...expansions.flatMap((expansion) => expansion.objects)].filter(
    ({ namespace }) => scope.includes(namespace),
  );
  const others = all.filter((object) => namesOneOf(object, storesOfOthers));
  const read = all
    .filter((object) => !others.includes(object))
    .map((object) => ({ object, result: declarationOfObject(cluster, object, stores) }));
  const located = read.flatMap(({ object, result }): Located[] =>
    result.kind === 'ok' ? [{ declaration: result.value, document: object.document }] : [],
  );
  const files = filed.map((declaration) => ({ declaration, document: FILES }));
  const clashes = Map.groupBy(conflicts([...files, ...located]), ({ file }) => file);
  const refused = read.flatMap(({ object, result }): Refused[] => {
    const problems = result.kind === 'problems' ? result.problems : (clashes.get(object.document.file) ?? []);
    return problems.length === 0 ? [] : [{ object, problems }];
  });
  const left = [...refused.map(({ object }) => object), ...others].map(
    ({ namespace, name }) => `${namespace}/${name}`,
  );
  const broken = expansions.filter(({ problems }) => problems.length > 0);
  return {
    ...{ stores, refused, storeObjects, others, expansions },
    undecided: new Set([...left, ...broken.flatMap((expansion) => mayHaveDeclared(expansion, cluster))]),
    declarations: located.flatMap(({ declaration, document }) =>
      clashes.has(document.file) ? [] : [declaration],
    ),
  };
}

/** RFC 3339 in UTC, to the second: texts sort as times do. */
function byAge(a: ClusterObject, b: ClusterObject): number {
  return a.created < b.created ? -1 : a.created > b.created ? 1 : 0;
}

/** The configuration with what a cluster declares itself. */
export function withDeclarations(config: CompiledConfig, found: readonly FromCluster[]): CompiledConfig {
  return {
    ...config,
    stores: [...config.stores, ...found.flatMap(({ stores }) => stores)],
    declarations: [...config.declarations, ...found.flatMap(({ declarations }) => declarations)],
  };
}
