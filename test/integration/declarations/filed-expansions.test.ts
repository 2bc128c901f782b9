import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { compileOrThrow } from '../../../lambda/declarations/compile-or-throw.ts';
import { silentProgress } from '../../../local/progress.ts';
import { clientOptions } from '../../../local/relay/queues.ts';
import { startRelay } from '../../../local/relay/start-relay.ts';
import type { LocalRelay } from '../../../local/relay/start-relay.ts';
import { clusterOf, startLocal } from '../../../local/start-local.ts';
import type { Local, LocalCluster } from '../../../local/start-local.ts';
import { until } from '../../support/until.ts';

/** What a ClusterExternalSecret in a file comes to in a cluster that has neither CRDs nor objects of ESO's. */
let local: Local;
let relay: LocalRelay;
let manager: SecretsManager;
let cluster: LocalCluster;

const CONFIG = `
apiVersion: keyrelay.dev/v1
kind: Config
clusters:
  - { name: one, region: eu-west-1, account: '123456789012', namespaces: [shop, bank, late] }
stores:
  - { name: aws, provider: { aws: { service: SecretsManager, region: eu-west-1 } } }
settings: { garbageCollection: { graceSeconds: 0, maxShare: 1 } }
`;
const SPEC = '{ secretStoreRef: { name: aws }, data: [{ secretKey: value, remoteRef: { key: prod/db } }] }';
const FILE = `
apiVersion: external-secrets.io/v1
kind: ClusterExternalSecret
metadata: { name: common, annotations: { keyrelay.dev/clusters: one } }
spec:
  externalSecretSpec: ${SPEC}
  namespaceSelectors: [{ matchLabels: { env: prod } }]
---
apiVersion: external-secrets.io/v1
kind: ClusterExternalSecret
metadata: { name: clashing, annotations: { keyrelay.dev/clusters: one } }
spec:
  externalSecretSpec: ${SPEC}
  externalSecretName: own
  namespaceSelectors: [{ matchLabels: { env: prod } }]
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: { name: own, namespace: shop, annotations: { keyrelay.dev/clusters: one } }
spec:
  secretStoreRef: { name: aws }
  data: [{ secretKey: own, remoteRef: { key: prod/db } }]
`;

const dataOf = async (namespace: string, name = 'common') =>
  (await cluster.admin.secret(namespace, name))?.data;
const label = (namespace: string, env: string): Promise<void> =>
  cluster.admin.patch(`/api/v1/namespaces/${namespace}`, { metadata: { labels: { env } } });

beforeAll(async () => {
  local = await startLocal({ clusters: ['one'], progress: silentProgress });
  cluster = clusterOf(local, 'one');
  for (const [name, env] of [
    ['shop', 'prod'],
    ['bank', 'prod'],
    ['late', 'test'],
    ['elsewhere', 'prod'],
  ])
    await cluster.admin.create('/api/v1/namespaces', { metadata: { name, labels: { env } } });
  await label('kube-system', 'prod');
  manager = new SecretsManager(clientOptions(local.aws));
  await manager.createSecret({ Name: 'prod/db', SecretString: 'fake-1' });
  const compiled = compileOrThrow({
    config: { path: 'keyrelay.yaml', text: CONFIG },
    declarations: [{ path: 'declarations/common.yaml', text: FILE }],
  });
  relay = await startRelay({ local, compiled });
}, 900_000);

afterAll(async () => {
  manager.destroy();
  await relay.stop();
  await local.stop();
});

test('it fills the namespaces that it selects and the relay serves, and no other', async () => {
  await relay.sweep();

  expect(await dataOf('shop')).toEqual({ value: 'fake-1' });
  expect(await dataOf('bank')).toEqual({ value: 'fake-1' });
  expect(await dataOf('late')).toBeUndefined();
  expect(await dataOf('elsewhere')).toBeUndefined();
  expect(await dataOf('kube-system')).toBeUndefined();
});

test('it gives way to the ExternalSecret of a namespace, and says so', async () => {
  expect(await dataOf('shop', 'own')).toEqual({ own: 'fake-1' });
  expect(await dataOf('bank', 'own')).toEqual({ value: 'fake-1' });
  expect(relay.output()).toMatch(/DECLARATION_CONFLICT.*one\/shop\/own, of a ClusterExternalSecret/u);
});

test('a rotation reaches every namespace that it selects', async () => {
  await manager.putSecretValue({ SecretId: 'prod/db', SecretString: 'fake-2' });

  await until(async () => (await dataOf('bank'))?.['value'] === 'fake-2');
  await until(async () => (await dataOf('shop'))?.['value'] === 'fake-2');
  await relay.settled();
  expect(await dataOf('late')).toBeUndefined();
});

test('a namespace that gets the label is filled, and one that loses it is emptied, by the next sweep', async () => {
  await label('late', 'prod');
  await label('bank', 'test');

  await relay.sweep();

  expect(await dataOf('late')).toEqual({ value: 'fake-2' });
  expect(await dataOf('bank')).toBeUndefined();
  expect(await dataOf('shop')).toEqual({ value: 'fake-2' });
});
