import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { compileOrThrow } from '../../../lambda/declarations/compile-or-throw.ts';
import { silentProgress } from '../../../local/progress.ts';
import { clientOptions } from '../../../local/relay/queues.ts';
import { startRelay } from '../../../local/relay/start-relay.ts';
import type { LocalRelay } from '../../../local/relay/start-relay.ts';
import { clusterOf, startLocal } from '../../../local/start-local.ts';
import type { Local, LocalCluster } from '../../../local/start-local.ts';
import {
  applyExternalSecret,
  createDeclaringNamespaces,
  objectsPath,
  oneKey,
} from '../../support/declared-objects.ts';
import { installKinds } from '../../support/declaring-kinds.ts';
import { fieldsOf } from '../../support/resolved-template.ts';
import { until } from '../../support/until.ts';

/** Kubernetes' own garbage collector deletes what goes with an object; the relay only says what does. */
let local: Local;
let relay: LocalRelay;
let manager: SecretsManager;
let cluster: LocalCluster;

const CONFIG = `
apiVersion: keyrelay.dev/v1
kind: Config
clusters:
  - name: one
    region: eu-west-1
    account: '123456789012'
    namespaces: [shop, bank]
    declarations: cluster
    allow: [{ namespaces: [shop, bank], secrets: [prod/*] }]
settings: { garbageCollection: { graceSeconds: 0, maxShare: 1 } }
`;

const SECRETS = '/api/v1/namespaces/shop/secrets';
const OBJECTS = objectsPath('externalsecrets', 'shop');
const EVERYWHERE = objectsPath('clusterexternalsecrets');

const dataOf = async (name: string, namespace = 'shop') =>
  (await cluster.admin.secret(namespace, name))?.data;
const declare = (name: string, target: object = {}): Promise<void> =>
  applyExternalSecret(cluster, 'shop', name, oneKey('prod/db', target));
const metadataOf = async (path: string): Promise<Readonly<Record<string, unknown>>> =>
  fieldsOf(fieldsOf(await cluster.admin.get(path))['metadata']);
const ownersOf = async (name: string): Promise<unknown> =>
  (await metadataOf(`${SECRETS}/${name}`))['ownerReferences'] ?? [];
const ownedBy = async (path: string, kind: string): Promise<object> => {
  const { name, uid } = await metadataOf(path);
  return {
    apiVersion: 'external-secrets.io/v1',
    ...{ kind, name, uid },
    ...{ controller: true, blockOwnerDeletion: true },
  };
};
const statusOf = async (name: string): Promise<unknown> =>
  fieldsOf(await cluster.admin.get(`${EVERYWHERE}/${name}`))['status'];
const label = (namespace: string, labels: object): Promise<void> =>
  cluster.admin.patch(`/api/v1/namespaces/${namespace}`, { metadata: { labels } });

beforeAll(async () => {
  local = await startLocal({ clusters: ['one'], progress: silentProgress, controllers: true });
  cluster = clusterOf(local, 'one');
  await installKinds(cluster);
  await createDeclaringNamespaces(cluster, ['shop', 'bank', 'elsewhere'], { env: 'prod' });
  manager = new SecretsManager(clientOptions(local.aws));
  await manager.createSecret({ Name: 'prod/db', SecretString: 'fake-1' });
  const compiled = compileOrThrow({ config: { path: 'keyrelay.yaml', text: CONFIG }, declarations: [] });
  relay = await startRelay({ local, compiled });
}, 900_000);

afterAll(async () => {
  manager.destroy();
  await relay.stop();
  await local.stop();
});

describe('a Secret of creation policy Owner', () => {
  test('goes with its ExternalSecret, without the relay, and one of Orphan stays', async () => {
    await declare('owned');
    await declare('orphaned', { creationPolicy: 'Orphan' });
    await relay.sweep();
    expect(await ownersOf('owned')).toEqual([await ownedBy(`${OBJECTS}/owned`, 'ExternalSecret')]);
    expect(await ownersOf('orphaned')).toEqual([]);

    await cluster.admin.remove(`${OBJECTS}/owned`);
    await cluster.admin.remove(`${OBJECTS}/orphaned`);

    await until(async () => (await dataOf('owned')) === undefined);
    expect(await dataOf('orphaned')).toEqual({ value: 'fake-1' });
  });

  test('goes with it no more where the policy becomes Orphan, and again where it becomes Owner', async () => {
    await declare('changing');
    await relay.sweep();

    await declare('changing', { creationPolicy: 'Orphan' });
    await relay.sweep();
    expect(await ownersOf('changing')).toEqual([]);

    await declare('changing', { creationPolicy: 'Owner' });
    await relay.sweep();
    expect(await ownersOf('changing')).toEqual([await ownedBy(`${OBJECTS}/changing`, 'ExternalSecret')]);
  });

  test('gets back an owner reference that somebody took off, and keeps those of others', async () => {
    await declare('drifting');
    await relay.sweep();
    const { uid } = await metadataOf('/api/v1/namespaces/shop');
    const other = { apiVersion: 'v1', kind: 'Namespace', name: 'shop', uid };
    await cluster.admin.patch(`${SECRETS}/drifting`, { metadata: { ownerReferences: [other] } });

    await relay.sweep();

    expect(await ownersOf('drifting')).toEqual([
      other,
      await ownedBy(`${OBJECTS}/drifting`, 'ExternalSecret'),
    ]);
  });

  test('that another ExternalSecret owns is refused', async () => {
    await declare('first', { name: 'contested' });
    await relay.sweep();
    await cluster.admin.patch(`${OBJECTS}/first`, { spec: { target: { name: 'elsewhere' } } });
    await declare('second', { name: 'contested' });

    await relay.sweep();

    expect(await ownersOf('contested')).toEqual([await ownedBy(`${OBJECTS}/first`, 'ExternalSecret')]);
    expect(relay.output()).toMatch(/TARGET_OWNED: one\/shop\/contested is owned by .*ExternalSecret first/u);
  });
});

test('a ClusterExternalSecret follows the labels of namespaces, and its Secrets go with it', async () => {
  await cluster.admin.apply(`${EVERYWHERE}/common`, {
    apiVersion: 'external-secrets.io/v1',
    kind: 'ClusterExternalSecret',
    metadata: { name: 'common' },
    spec: {
      externalSecretSpec: { secretStoreRef: { kind: 'SecretStore', name: 'aws' }, ...oneKey('prod/db') },
      namespaceSelectors: [{ matchLabels: { env: 'prod' } }],
    },
  });
  await relay.sweep();
  expect(await dataOf('common')).toEqual({ value: 'fake-1' });
  expect(await dataOf('common', 'bank')).toEqual({ value: 'fake-1' });
  expect(await dataOf('common', 'elsewhere')).toBeUndefined();
  expect(await ownersOf('common')).toEqual([await ownedBy(`${EVERYWHERE}/common`, 'ClusterExternalSecret')]);
  const outside = { namespace: 'elsewhere', reason: expect.stringContaining('clusters[].namespaces') };
  expect(await statusOf('common')).toEqual({
    conditions: [{ type: 'Ready', status: 'False', message: 'one or more namespaces failed' }],
    externalSecretName: 'common',
    provisionedNamespaces: ['bank', 'shop'],
    failedNamespaces: [outside],
  });

  await label('elsewhere', { env: 'test' });
  await relay.sweep();
  const ready = {
    conditions: [{ type: 'Ready', status: 'True' }],
    ...{ externalSecretName: 'common', provisionedNamespaces: ['bank', 'shop'], failedNamespaces: [] },
  };
  expect(await statusOf('common')).toEqual(ready);
  const { resourceVersion } = await metadataOf(`${EVERYWHERE}/common`);

  await manager.putSecretValue({ SecretId: 'prod/db', SecretString: 'fake-2' });
  await until(async () => (await dataOf('common', 'bank'))?.['value'] === 'fake-2');
  await relay.settled();
  // A push and a sweep that found all right wrote nothing.
  expect((await metadataOf(`${EVERYWHERE}/common`))['resourceVersion']).toBe(resourceVersion);

  await label('bank', { env: 'test' });
  await relay.sweep();
  expect(await statusOf('common')).toEqual({ ...ready, provisionedNamespaces: ['shop'] });
  expect(await dataOf('common', 'bank')).toBeUndefined();
  expect(await dataOf('common')).toEqual({ value: 'fake-2' });

  await cluster.admin.remove(`${EVERYWHERE}/common`);
  await until(async () => (await dataOf('common')) === undefined);
});
