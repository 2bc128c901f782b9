import type { Cluster, CompiledConfig, Store } from '../model/config.ts';
import { sourcesOf } from '../model/declaration.ts';
import type { Declaration } from '../model/declaration.ts';
import type { DeclaredKind } from '../model/declared-object.ts';
import type { ClusterObjects } from '../model/ports.ts';
import { nameOf } from '../model/naming.ts';
import { check, problemAt } from './check.ts';
import type { Checked } from './check.ts';
import { clusterObject } from './cluster-object.ts';
import type { ClusterObject } from './cluster-object.ts';
import { clusterStore, storeName } from './cluster-stores.ts';
import type { ClusterStore } from './cluster-stores.ts';
import { conflicts } from './conflicts.ts';
import type { Located } from './conflicts.ts';
import { isForOther, namesOneOf } from './controller-class.ts';
import { ExternalSecret } from './external-secret-schema.ts';
import { EXTERNAL_SECRET_VOCABULARY } from './external-secret-vocabulary.ts';
import type { Problem } from './problems.ts';
import type { YamlDocument } from './yaml-document.ts';
import { toDeclaration } from './to-declaration.ts';

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
 */
export function declarationsOf(
  cluster: Cluster,
  objects: ClusterObjects,
  filed: readonly Declaration[] = [],
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
  const present = of(objects.externalSecrets, 'ExternalSecret').filter(
    ({ terminating, namespace }) => !terminating && cluster.namespaces.includes(namespace),
  );
  const others = present.filter((object) => namesOneOf(object, storesOfOthers));
  const read = present
    .filter((object) => !others.includes(object))
    // Of two that write the same Secret, the older one keeps it.
    .toSorted((a, b) => (a.created < b.created ? -1 : a.created > b.created ? 1 : 0))
    .map((object) => ({ object, result: declarationOf(cluster, object, stores) }));
  const located = read.flatMap(({ object, result }): Located[] =>
    result.kind === 'ok' ? [{ declaration: result.value, document: object.document }] : [],
  );
  const files = filed.map((declaration) => ({ declaration, document: FILES }));
  const clashes = Map.groupBy(conflicts([...files, ...located]), ({ file }) => file);
  const refused = read.flatMap(({ object, result }): Refused[] => {
    const problems = result.kind === 'problems' ? result.problems : (clashes.get(object.document.file) ?? []);
    return problems.length === 0 ? [] : [{ object, problems }];
  });
  return {
    ...{ stores, refused, storeObjects, others },
    declarations: located.flatMap(({ declaration, document }) =>
      clashes.has(document.file) ? [] : [declaration],
    ),
  };
}

function declarationOf(
  cluster: Cluster,
  object: ClusterObject,
  stores: readonly Store[],
): Checked<Declaration> {
  const checked = check(ExternalSecret, object.document, EXTERNAL_SECRET_VOCABULARY);
  if (checked.kind === 'problems') return checked;
  const result = toDeclaration(checked.value, object.document, {
    clusters: [cluster],
    stores,
    inCluster: {
      name: cluster.name,
      storeName: (ref) => storeName(cluster.name, object.namespace, ref),
    },
  });
  if (result.kind === 'problems') return result;
  const problems = deniedSecrets(object, result.value, stores);
  return problems.length > 0
    ? { kind: 'problems', problems }
    : { kind: 'ok', value: { ...result.value, origin: object.origin } };
}

/**
 * A namespace that names another team's secret, or one that it may only read as somebody else. The name in an ARN is taken as it stands, suffix and all, because a name may end like one:
 * only a pattern with a `*` admits ARNs.
 */
function deniedSecrets(
  object: ClusterObject,
  declaration: Declaration,
  stores: readonly Store[],
): readonly Problem[] {
  return sourcesOf(declaration).flatMap(({ key, store }) => {
    const allowed = stores.find((candidate) => candidate.name === store)?.secrets ?? [];
    const name = nameOf(key);
    const fits = allowed.some((pattern) =>
      pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern,
    );
    return fits
      ? []
      : [
          problemAt(object.document, ['spec'], {
            code: 'DECLARATION_INVALID',
            found: `the secret ${name}`,
            expected: `one that clusters[].allow of keyrelay.yaml allows to ${object.namespace} by such a store (${allowed.join(', ')})`,
          }),
        ];
  });
}

/** The configuration with what a cluster declares itself. */
export function withDeclarations(config: CompiledConfig, found: readonly FromCluster[]): CompiledConfig {
  return {
    ...config,
    stores: [...config.stores, ...found.flatMap(({ stores }) => stores)],
    declarations: [...config.declarations, ...found.flatMap(({ declarations }) => declarations)],
  };
}
