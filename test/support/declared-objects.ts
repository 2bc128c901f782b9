import type { LocalCluster } from '../../local/start-local.ts';

const API = '/apis/external-secrets.io/v1';

/** The path of objects of ESO's API: of a namespace, or of no namespace. */
export function objectsPath(plural: string, namespace?: string): string {
  return `${API}${namespace === undefined ? '' : `/namespaces/${namespace}`}/${plural}`;
}

/** Applies an ExternalSecret, as a team does. */
export async function applyExternalSecret(
  { admin }: LocalCluster,
  namespace: string,
  name: string,
  spec: object,
): Promise<void> {
  await admin.apply(`${objectsPath('externalsecrets', namespace)}/${name}`, {
    apiVersion: 'external-secrets.io/v1',
    kind: 'ExternalSecret',
    metadata: { name, namespace },
    spec: { secretStoreRef: { kind: 'SecretStore', name: 'aws' }, ...spec },
  });
}

/** Applies the SecretStore `aws`, which reads Secrets Manager in eu-west-1. */
export async function applyStore({ admin }: LocalCluster, namespace: string): Promise<void> {
  await admin.apply(`${objectsPath('secretstores', namespace)}/aws`, {
    apiVersion: 'external-secrets.io/v1',
    kind: 'SecretStore',
    metadata: { name: 'aws', namespace },
    spec: { provider: { aws: { service: 'SecretsManager', region: 'eu-west-1' } } },
  });
}

/** Makes namespaces in which teams declare, each with the SecretStore `aws`. */
export async function createDeclaringNamespaces(
  cluster: LocalCluster,
  names: readonly string[],
  labels: Readonly<Record<string, string>> = {},
): Promise<void> {
  for (const name of names) {
    await cluster.admin.create('/api/v1/namespaces', { metadata: { name, labels } });
    await applyStore(cluster, name);
  }
}

/** The spec of one key from one secret. */
export function oneKey(key: string, target: object = {}): object {
  return { target, data: [{ secretKey: 'value', remoteRef: { key } }] };
}
