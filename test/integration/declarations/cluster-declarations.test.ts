import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { compileOrThrow } from '../../../lambda/declarations/compile-or-throw.ts';
import type { Compiled } from '../../../lambda/declarations/compile.ts';
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
import { until } from '../../support/until.ts';

/** Teams apply objects to a real API server; the bundled functions act on them under the rendered RBAC and admission policy. */
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
    declarations: both
    allow:
      - { namespaces: [shop], secrets: [prod/shop/*] }
      - { namespaces: [bank], secrets: [prod/bank/*] }
  - name: bare
    region: eu-west-1
    account: '123456789012'
    namespaces: [shop]
    declarations: cluster
stores:
  - { name: aws, provider: { aws: { service: SecretsManager, region: eu-west-1 } } }
settings:
  garbageCollection: { graceSeconds: 0, maxShare: 1 }
`;

const FILE = `
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: { name: platform, namespace: shop, annotations: { keyrelay.dev/clusters: one } }
spec:
  secretStoreRef: { kind: ClusterSecretStore, name: aws }
  data: [{ secretKey: value, remoteRef: { key: platform } }]
`;

function compiled(): Compiled {
  return compileOrThrow({
    config: { path: 'keyrelay.yaml', text: CONFIG },
    declarations: [{ path: 'platform.yaml', text: FILE }],
  });
}

const put = (name: string, value: string) => manager.createSecret({ Name: name, SecretString: value });
const rotate = (name: string, value: string) =>
  manager.putSecretValue({ SecretId: name, SecretString: value });
const dataOf = async (name: string, namespace = 'shop') =>
  (await cluster.admin.secret(namespace, name))?.data;
const declare = (name: string, spec: object, namespace = 'shop'): Promise<void> =>
  applyExternalSecret(cluster, namespace, name, spec);

beforeAll(async () => {
  local = await startLocal({ clusters: ['one', 'bare'], progress: silentProgress });
  cluster = clusterOf(local, 'one');
  const bare = clusterOf(local, 'bare');
  await installKinds(cluster);
  await createDeclaringNamespaces(cluster, ['shop', 'bank']);
  await bare.admin.create('/api/v1/namespaces', { metadata: { name: 'shop' } });
  manager = new SecretsManager(clientOptions(local.aws));
  await Promise.all([
    put('platform', 'fake-platform'),
    put('prod/shop/db', 'fake-1'),
    put('prod/bank/db', 'fake-b'),
  ]);
  relay = await startRelay({ local, compiled: compiled() });
}, 900_000);

afterAll(async () => {
  manager.destroy();
  await relay.stop();
  await local.stop();
});

describe('an object of a cluster', () => {
  test('is brought about by the sweep first, and follows its secret by event from then on', async () => {
    await declare('db', oneKey('prod/shop/db'));

    await relay.sweep();
    expect(await dataOf('db')).toEqual({ value: 'fake-1' });
    expect(await dataOf('platform')).toEqual({ value: 'fake-platform' });

    await rotate('prod/shop/db', 'fake-2');
    await until(async () => (await dataOf('db'))?.['value'] === 'fake-2');
  });

  test('that is new is found by the event of its secret, before any sweep', async () => {
    await put('prod/shop/early', 'fake-1');
    await relay.settled();
    await declare('early', oneKey('prod/shop/early'));

    await rotate('prod/shop/early', 'fake-2');

    await until(async () => (await dataOf('early'))?.['value'] === 'fake-2');
  });

  test('that names another team’s secret gets nothing, and says why', async () => {
    await declare('thief', oneKey('prod/bank/db'));

    await relay.sweep();

    expect(await dataOf('thief')).toBeUndefined();
  });

  test('that is broken leaves its Secret as it is, and no other is held back', async () => {
    await declare('breaks', oneKey('prod/shop/db'));
    await relay.sweep();
    await declare('breaks', oneKey('prod/bank/db'));
    await declare('fine', oneKey('prod/shop/db'));

    await relay.sweep();

    expect(await dataOf('breaks')).toEqual({ value: 'fake-2' });
    expect(await dataOf('fine')).toEqual({ value: 'fake-2' });
  });

  test('that a file declares already does not count, and the file’s Secret stays the file’s', async () => {
    await declare('platform', oneKey('prod/shop/db'));
    await declare('same-target', oneKey('prod/shop/db', { name: 'platform' }));

    await relay.sweep();
    await rotate('prod/shop/db', 'fake-3');
    await until(async () => (await dataOf('db'))?.['value'] === 'fake-3');
    await relay.settled();

    expect(await dataOf('platform')).toEqual({ value: 'fake-platform' });
  });

  test('that is deleted takes its Secret with it at the next sweep, and no other Secret', async () => {
    await declare('gone', oneKey('prod/shop/db'));
    await relay.sweep();
    expect(await dataOf('gone')).toEqual({ value: 'fake-3' });
    await cluster.admin.remove(`${objectsPath('externalsecrets', 'shop')}/gone`);

    await relay.sweep();

    expect(await dataOf('gone')).toBeUndefined();
    expect(await dataOf('db')).toEqual({ value: 'fake-3' });
    expect(await dataOf('breaks')).toEqual({ value: 'fake-2' });
    expect(await dataOf('platform')).toEqual({ value: 'fake-platform' });
  });
});

test('nothing is deleted while one namespace cannot be read, and what can be read is brought about', async () => {
  await declare('ledger', oneKey('prod/bank/db'), 'bank');
  await declare('doomed', oneKey('prod/shop/db'));
  await relay.sweep();
  const binding = '/apis/rbac.authorization.k8s.io/v1/namespaces/bank/rolebindings/keyrelay';
  const saved = await cluster.admin.get(binding);
  await cluster.admin.remove(binding);
  await cluster.admin.remove(`${objectsPath('externalsecrets', 'shop')}/doomed`);
  await cluster.admin.remove(`${objectsPath('externalsecrets', 'bank')}/ledger`);

  await relay.reconcile();
  await until(() => Promise.resolve(relay.output().includes('CLUSTER_FORBIDDEN: one/bank/externalsecrets')));

  expect(await dataOf('doomed')).toEqual({ value: 'fake-3' });
  expect(await dataOf('ledger', 'bank')).toEqual({ value: 'fake-b' });
  expect(saved).toBeDefined();
});

test('a cluster without the kinds says what to do, and holds back no other', () => {
  expect(relay.output()).toMatch(
    /DECLARATION_UNSUPPORTED: bare\/shop\/externalsecrets: the cluster has no such kind; apply the CRDs/u,
  );
});
