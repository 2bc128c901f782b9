import type { Cluster, Store } from '../model/config.ts';
import type { CredentialOrigin, StoreIdentity } from '../model/identity.ts';
import type { Namespace } from '../model/ports.ts';
import { admits, allowancesOf, audiencesOf } from './allowances.ts';
import { check, problemAt } from './check.ts';
import type { ClusterObject } from './cluster-object.ts';
import type { Report } from './own-annotations.ts';
import type { Problem } from './problems.ts';
import { SECRET_STORE_VOCABULARY, SecretStore } from './secret-store-schema.ts';
import { namespacesOf } from './store-conditions.ts';
import { identityOf } from './store-identity.ts';
import type { StoreRef } from './store-of.ts';
import { storeProblems } from './store-rules.ts';

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
 * What a SecretStore or ClusterSecretStore means, for each namespace that may use it. A store names a region and an identity, and whoever
 * writes it could name anything: what counts is what keyrelay.yaml allows the namespace (the confused deputy is refused here).
 *
 * @param known the cluster's namespaces with their labels, for conditions
 */
export function clusterStore(
  cluster: Cluster,
  object: ClusterObject,
  known: readonly Namespace[],
): ClusterStore {
  const { document, namespace } = object;
  const checked = check(SecretStore, document, SECRET_STORE_VOCABULARY);
  if (checked.kind === 'problems') return { object, problems: checked.problems, open: new Map() };
  const { spec, kind } = checked.value;
  const problems: Problem[] = [];
  const report: Report = (path, found, expected) =>
    void problems.push(
      problemAt(document, ['spec', ...path], { code: 'DECLARATION_INVALID', found, expected }),
    );
  const openness = { kind, namespace, conditions: spec.conditions };
  storeProblems({ ...openness, aws: spec.provider.aws }, report);
  if (problems.length > 0) return { object, problems, open: new Map() };
  const wanting = namespacesOf(openness, cluster.namespaces, known);
  const open = wanting.flatMap((name) => {
    const store = storeFor(cluster, checked.value, name);
    return store === undefined ? [] : [[name, store] as const];
  });
  if (open.length === 0) reportDenied(cluster, checked.value, wanting, report);
  return { object, problems, open: new Map(open) };
}

function reportDenied(
  cluster: Cluster,
  store: SecretStore,
  [first, ...others]: readonly string[],
  report: Report,
): void {
  if (first === undefined) return;
  const { aws } = store.spec.provider;
  const reader = nameOf(identityOf(aws, placeOf(cluster, store, first)));
  report(
    ['provider', 'aws'],
    `${aws.service} in ${aws.region}, read as ${reader}`,
    `what clusters[].allow of keyrelay.yaml allows to ${[first, ...others].join(', ')}`,
  );
}

/** The store as a namespace may use it, limited to the secrets of the allowances that admit it; undefined where none does. */
function storeFor(cluster: Cluster, store: SecretStore, namespace: string): Store | undefined {
  const { aws } = store.spec.provider;
  const { service, region, prefix } = aws;
  const place = placeOf(cluster, store, namespace);
  const wanted = identityOf(aws, place);
  const use = {
    namespace,
    store: { service, region, ...(wanted === undefined ? {} : { identity: wanted }) },
  };
  const admitting = allowancesOf(cluster, namespace).filter((allowance) => admits(allowance, use));
  if (admitting.length === 0) return undefined;
  const audiences = [...new Set(admitting.flatMap(audiencesOf))];
  const identity = identityOf(aws, { ...place, audiences });
  return {
    name: storeName(cluster.name, namespace, { kind: store.kind, name: store.metadata.name }),
    service,
    region,
    ...(prefix === '' ? {} : { prefix }),
    secrets: [...new Set(admitting.flatMap(({ secrets }) => secrets))],
    ...(identity === undefined ? {} : { identity }),
  };
}

function placeOf(cluster: Cluster, { kind, metadata }: SecretStore, namespace: string) {
  return { kind, name: metadata.name, cluster: cluster.name, namespace, audiences: [] };
}

/** Who reads, for a message. */
function nameOf(identity: StoreIdentity | undefined): string {
  if (identity === undefined) return 'the relay itself';
  const { from, roles } = identity;
  const names = roles.map(({ arn }) => arn);
  return (from === undefined ? names : [originName(from), ...names]).join(', then ');
}

function originName(origin: CredentialOrigin): string {
  switch (origin.kind) {
    case 'service-account': {
      const { namespace, name, audiences } = origin;
      return `service account ${namespace}/${name}${audiences.length === 0 ? '' : ` (for ${audiences.join(', ')})`}`;
    }
    case 'secret':
      return `keys in Secret ${origin.accessKeyId.namespace}/${origin.accessKeyId.name}`;
  }
}
