import type { Allowance, Cluster, Store } from '../model/config.ts';
import { check, problemAt } from './check.ts';
import type { ClusterObject } from './cluster-object.ts';
import type { Problem } from './problems.ts';
import { SECRET_STORE_VOCABULARY, SecretStore } from './secret-store-schema.ts';
import type { StoreRef } from './store-of.ts';

/** A store of a cluster, and what is wrong with it. */
export interface ClusterStore {
  readonly object: ClusterObject;
  readonly problems: readonly Problem[];
  /** By namespace: the store as that namespace may use it. */
  readonly open: ReadonlyMap<string, Store>;
}

/** The name in the relay's own list of what a namespace's reference calls so: unique over all clusters and namespaces. */
export function storeName(cluster: string, namespace: string, { kind, name }: StoreRef): string {
  return kind === 'ClusterSecretStore'
    ? `${cluster}//${name}@${namespace}`
    : `${cluster}/${namespace}/${name}`;
}

/**
 * What a SecretStore or ClusterSecretStore means, for each namespace that may use it. A store names a region and perhaps a role, and whoever
 * writes it could name anything: what counts is what keyrelay.yaml allows the namespace (the confused deputy is refused here).
 */
export function clusterStore(cluster: Cluster, object: ClusterObject): ClusterStore {
  const checked = check(SecretStore, object.document, SECRET_STORE_VOCABULARY);
  if (checked.kind === 'problems') return { object, problems: checked.problems, open: new Map() };
  const { spec, kind } = checked.value;
  const admitted = namespacesOf(cluster, object, checked.value);
  const { service, region, prefix, role, externalID } = spec.provider.aws;
  const open = admitted.filter((namespace) =>
    allowancesOf(cluster, namespace).some(
      ({ regions, roles, services = ['SecretsManager'] }) =>
        services.includes(service) &&
        regions.includes(region) &&
        (role === undefined || roles.includes(role)),
    ),
  );
  const store = {
    service,
    region,
    ...(prefix === '' ? {} : { prefix }),
    ...(role === undefined
      ? {}
      : {
          identity: {
            roles: [{ arn: role, ...(externalID === undefined ? {} : { externalId: externalID }) }],
          },
        }),
  };
  const problems =
    open.length > 0 || admitted.length === 0
      ? []
      : [
          problemAt(object.document, ['spec', 'provider', 'aws'], {
            code: 'DECLARATION_INVALID',
            found: `${service} in ${region}${role === undefined ? '' : ` as ${role}`}`,
            expected: `what clusters[].allow of keyrelay.yaml allows to ${admitted.join(', ')}`,
          }),
        ];
  return {
    object,
    problems,
    open: new Map(
      open.map((namespace) => [
        namespace,
        { ...store, name: storeName(cluster.name, namespace, { kind, name: object.name }) },
      ]),
    ),
  };
}

/** What a namespace may have read. */
export function allowancesOf({ allow = [] }: Cluster, namespace: string): readonly Allowance[] {
  return allow.filter(({ namespaces }) => namespaces.includes(namespace));
}

/** A ClusterSecretStore without conditions is open to all; with some, to what one of them names. */
function namespacesOf(
  cluster: Cluster,
  object: ClusterObject,
  { kind, spec }: SecretStore,
): readonly string[] {
  if (kind === 'SecretStore') return cluster.namespaces.filter((name) => name === object.namespace);
  const { conditions } = spec;
  if (conditions.length === 0) return cluster.namespaces;
  return cluster.namespaces.filter((name) => conditions.some(({ namespaces }) => namespaces.includes(name)));
}
