import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseAllDocuments } from 'yaml';
import type { AdminClient } from '../../local/admin-client.ts';
import type { LocalCluster } from '../../local/start-local.ts';
import type { benchDeclaration } from '../bench-config.ts';
import { ESO_ACCOUNT } from './audit-log.ts';

const CRDS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const API = '/apis/external-secrets.io/v1';
const SERVED_MS = 30_000;
const LOOK_MS = 100;
const DAY_SECONDS = 86_400;

/**
 * What an installation puts into a cluster: the definitions, a service account, and a store. The account may do everything, which spares the API server
 * the looking up of roles.
 *
 * @returns a kubeconfig of the account
 */
export async function installEso(cluster: LocalCluster, crds: string, region: string): Promise<string> {
  const { admin } = cluster;
  for (const document of parseAllDocuments(readFileSync(crds, 'utf8'))) {
    const object: unknown = document.toJS();
    if (isDefinition(object)) await admin.create(CRDS, object);
  }
  await served(admin);
  const kubeconfig = kubeconfigOf(cluster, await createAccount(admin));
  await admin.create(`${API}/clustersecretstores`, {
    apiVersion: 'external-secrets.io/v1',
    kind: 'ClusterSecretStore',
    metadata: { name: 'aws' },
    spec: { provider: { aws: { service: 'SecretsManager', region } } },
  });
  return kubeconfig;
}

/** Creates an ExternalSecret, at which ESO is to look so often. */
export async function createExternalSecret(
  admin: AdminClient,
  object: ReturnType<typeof benchDeclaration>,
  refreshInterval: string,
): Promise<void> {
  await admin.create(`${API}/namespaces/${object.metadata.namespace}/externalsecrets`, {
    ...object,
    spec: { ...object.spec, refreshInterval },
  });
}

/** Changes how often ESO is to look. */
export async function setInterval(
  admin: AdminClient,
  { namespace, name }: { readonly namespace: string; readonly name: string },
  refreshInterval: string,
): Promise<void> {
  await admin.patch(`${API}/namespaces/${namespace}/externalsecrets/${name}`, { spec: { refreshInterval } });
}

function isDefinition(object: unknown): object is object {
  return (
    typeof object === 'object' &&
    object !== null &&
    'kind' in object &&
    object.kind === 'CustomResourceDefinition'
  );
}

async function served(admin: AdminClient): Promise<void> {
  const until = performance.now() + SERVED_MS;
  while (performance.now() < until) {
    const lists = ['externalsecrets', 'clustersecretstores'].map((kind) =>
      admin.get(`${API}/${kind}?limit=1`),
    );
    if ((await Promise.all(lists)).every((list) => list !== undefined)) return;
    await sleep(LOOK_MS);
  }
  throw new Error('the definitions of ESO_CRDS do not make the API server serve external-secrets.io/v1');
}

/** @returns its token */
async function createAccount(admin: AdminClient): Promise<string> {
  const { namespace, name } = ESO_ACCOUNT;
  await admin.create('/api/v1/namespaces', {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: namespace },
  });
  await admin.create(`/api/v1/namespaces/${namespace}/serviceaccounts`, {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name },
  });
  await admin.create('/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', {
    ...{ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRoleBinding', metadata: { name } },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: [{ kind: 'ServiceAccount', name, namespace }],
  });
  return admin.token(namespace, name, DAY_SECONDS);
}

function kubeconfigOf({ registration: { endpoint, caData } }: LocalCluster, token: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'race', cluster: { server: endpoint, 'certificate-authority-data': caData } }],
    users: [{ name: 'eso', user: { token } }],
    contexts: [{ name: 'race', context: { cluster: 'race', user: 'eso' } }],
    'current-context': 'race',
  });
}
