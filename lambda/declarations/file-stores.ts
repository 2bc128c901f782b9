import type { Cluster, Store } from '../model/config.ts';
import { findsOf, sourcesOf } from '../model/declaration.ts';
import type { Declaration } from '../model/declaration.ts';
import { AWS_AUDIENCE, secretKeysOf } from '../model/identity.ts';
import type { Aws } from './aws-schema.ts';
import type { Configured } from './config-file.ts';
import type { ClusterDeployment } from './deployment.ts';
import { digestOf } from './digest.ts';
import type { Condition } from './secret-store-schema.ts';
import { namespacesOf } from './store-conditions.ts';
import { identityOf, placesOf } from './store-identity.ts';

/** A store as keyrelay.yaml has it. */
export interface FileStore {
  readonly kind: 'SecretStore' | 'ClusterSecretStore';
  readonly conditions: readonly Condition[];
  readonly aws: Aws;
  /** Without an identity where that depends on the namespace or cluster. */
  readonly store: Store;
}

/** A declaration by cluster or as it was, and the stores that were made for it. */
export interface Localized {
  readonly declarations: readonly Declaration[];
  readonly stores: readonly Store[];
}

/**
 * Gives a declaration the stores of its own namespace and clusters: a session tag tells the namespace, and a service account or Secret lies
 * in one cluster, so that there is a declaration for each cluster then.
 */
export function localize(declaration: Declaration, files: ReadonlyMap<string, FileStore>): Localized {
  const local = usedBy(declaration, files).filter(isLocal);
  if (local.length === 0) return { declarations: [declaration], stores: [] };
  const apart = local.some(({ aws }) => placesOf(aws) === 'clusters');
  const groups = apart ? declaration.clusters.map((cluster) => [cluster]) : [declaration.clusters];
  const shared = [...files.values()].map(({ store }) => store);
  const results = groups.map((clusters) => {
    const own = new Map(
      local.map((file) => [file.store.name, storeIn(file, declaration.namespace, clusters)]),
    );
    const renamed = renameStores({ ...declaration, clusters }, own);
    const digest = digestOf(renamed, [...shared, ...own.values()]);
    return { declaration: { ...renamed, digest }, stores: [...own.values()] };
  });
  return {
    declarations: results.map((result) => result.declaration),
    stores: results.flatMap((result) => result.stores),
  };
}

/** Whether a store reads as another for each namespace or cluster. */
export function isLocal(file: FileStore | undefined): boolean {
  return file !== undefined && placesOf(file.aws) !== 'one';
}

/** The name in keyrelay.yaml of a store that was made for a place. */
export function baseName(name: string): string {
  return name.split('@')[0] ?? name;
}

/** `aws@shop`, or `aws@shop/prod-eu`: no store in a file has an `@` in its name. */
function storeIn(
  { store, kind, aws }: FileStore,
  namespace: string,
  [cluster = '']: readonly string[],
): Store {
  const place = placesOf(aws) === 'clusters' ? `${namespace}/${cluster}` : namespace;
  const audiences = [AWS_AUDIENCE, ...(aws.auth.jwt?.serviceAccountRef.audiences ?? [])];
  const identity = identityOf(aws, { kind, name: store.name, cluster, namespace, audiences });
  return { ...store, name: `${store.name}@${place}`, ...(identity === undefined ? {} : { identity }) };
}

function renameStores(declaration: Declaration, stores: ReadonlyMap<string, Store>): Declaration {
  const renamed = <T extends { readonly store: string }>(item: T): T => ({
    ...item,
    store: stores.get(item.store)?.name ?? item.store,
  });
  return {
    ...declaration,
    data: declaration.data.map((item) => ({ ...item, ref: renamed(item.ref) })),
    dataFrom: declaration.dataFrom.map((item) =>
      item.kind === 'find' ? { ...item, query: renamed(item.query) } : { ...item, ref: renamed(item.ref) },
    ),
  };
}

function usedBy(declaration: Declaration, files: ReadonlyMap<string, FileStore>): readonly FileStore[] {
  const names = new Set([...sourcesOf(declaration), ...findsOf(declaration)].map(({ store }) => store));
  return [...names].flatMap((name) => files.get(name) ?? []);
}

/** What a declaration may not have of a store. */
export interface Misuse {
  readonly found: string;
  readonly expected: string;
}

/** Stores that are not open to a declaration's namespace, or whose credentials lie where the relay may not look. */
export function misuses(
  declaration: Declaration,
  { fileStores, clusters, deployment }: Pick<Configured, 'fileStores' | 'clusters' | 'deployment'>,
): readonly Misuse[] {
  const { namespace } = declaration;
  const its = clusters.filter(({ name }) => declaration.clusters.includes(name));
  return usedBy(declaration, fileStores).flatMap((file) => {
    const { store, conditions } = file;
    if (namespacesOf({ kind: 'ClusterSecretStore', conditions }, [namespace], []).length === 0)
      return [
        {
          found: `store ${store.name} in namespace ${namespace}`,
          expected: 'a store whose conditions in keyrelay.yaml are open to it',
        },
      ];
    return its.flatMap((cluster) => {
      const { access } = deployment.clusters.get(cluster.name) ?? {};
      return credentialMisuses(storeIn(file, namespace, [cluster.name]), cluster, access);
    });
  });
}

function credentialMisuses(
  { name, identity }: Store,
  cluster: Cluster,
  access: ClusterDeployment['access'] | undefined,
): readonly Misuse[] {
  const from = identity?.from;
  if (from === undefined) return [];
  const store = `store ${baseName(name)}`;
  const namespaces = new Set(
    (from.kind === 'secret' ? secretKeysOf(from) : [from]).map((ref) => ref.namespace),
  );
  const strange = [...namespaces]
    .filter((namespace) => !cluster.namespaces.includes(namespace))
    .map((namespace) => ({
      found: `${store}, whose credentials are in namespace ${namespace} of cluster ${cluster.name}`,
      expected: `credentials in a namespace that keyrelay.yaml lists for it (${cluster.namespaces.join(', ')})`,
    }));
  if (from.kind === 'secret' || access !== 'access-policy') return strange;
  const denied = {
    found: `${store}, which reads by a token of a service account of cluster ${cluster.name}`,
    expected: 'a cluster with access: rbac, because EKS’s policy for Secrets gives no tokens',
  };
  return [...strange, denied];
}
