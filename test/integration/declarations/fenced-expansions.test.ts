import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { clusterManifests } from '../../../infra/manifests/cluster-manifests.ts';
import { compileOrThrow } from '../../../lambda/declarations/compile-or-throw.ts';
import type { Compiled } from '../../../lambda/declarations/compile.ts';
import { silentProgress } from '../../../local/progress.ts';
import { clientOptions } from '../../../local/relay/queues.ts';
import { startRelay } from '../../../local/relay/start-relay.ts';
import type { LocalRelay } from '../../../local/relay/start-relay.ts';
import { clusterOf, startLocal } from '../../../local/start-local.ts';
import type { Local, LocalCluster } from '../../../local/start-local.ts';
import { createDeclaringNamespaces, objectsPath, oneKey } from '../../support/declared-objects.ts';
import { installKinds } from '../../support/declaring-kinds.ts';
import { fieldsOf } from '../../support/resolved-template.ts';
import { until } from '../../support/until.ts';

/** Guarantee 4 where somebody's ClusterExternalSecret selects more namespaces than the relay may fill: by `allow`, by its namespaces, by the fence. */
let local: Local;
let relay: LocalRelay;
let manager: SecretsManager;
let cluster: LocalCluster;

/** The bank is served, and may have other secrets only. */
const servingBankAnd = (...namespaces: readonly string[]): Compiled =>
  compileOrThrow({
    config: {
      path: 'keyrelay.yaml',
      text: `
apiVersion: keyrelay.dev/v1
kind: Config
clusters:
  - name: one
    region: eu-west-1
    account: '123456789012'
    namespaces: [bank, ${namespaces.join(', ')}]
    declarations: cluster
    allow:
      - { namespaces: [${namespaces.join(', ')}], secrets: [prod/*] }
      - { namespaces: [bank], secrets: [bank/*] }
`,
    },
    declarations: [],
  });
const NARROW = servingBankAnd('shop');
const WIDE = servingBankAnd('shop', 'fenced');

const COMMON = `${objectsPath('clusterexternalsecrets')}/common`;
const filled = async (): Promise<readonly string[]> => {
  const found = await Promise.all(
    ['shop', 'bank', 'fenced'].map(async (name) =>
      (await cluster.admin.secret(name, 'common')) === undefined ? [] : [name],
    ),
  );
  return found.flat();
};
const statusOf = async (): Promise<unknown> => fieldsOf(await cluster.admin.get(COMMON))['status'];
const failing = (namespace: string, reason: RegExp): object => ({
  namespace,
  reason: expect.stringMatching(reason),
});

beforeAll(async () => {
  local = await startLocal({ clusters: ['one'], progress: silentProgress });
  cluster = clusterOf(local, 'one');
  await installKinds(cluster);
  await createDeclaringNamespaces(cluster, ['shop', 'bank', 'fenced'], { env: 'prod' });
  manager = new SecretsManager(clientOptions(local.aws));
  await manager.createSecret({ Name: 'prod/db', SecretString: 'fake-1' });
  await cluster.admin.apply(COMMON, {
    apiVersion: 'external-secrets.io/v1',
    kind: 'ClusterExternalSecret',
    metadata: { name: 'common' },
    spec: {
      externalSecretSpec: { secretStoreRef: { kind: 'SecretStore', name: 'aws' }, ...oneKey('prod/db') },
      namespaceSelectors: [{ matchLabels: { env: 'prod' } }],
    },
  });
  relay = await startRelay({ local, compiled: NARROW });
}, 900_000);

afterAll(async () => {
  manager.destroy();
  await relay.stop();
  await local.stop();
});

test('a namespace that may not have the secret, or is not served, stays empty, and the status says which and why', async () => {
  await relay.sweep();

  expect(await filled()).toEqual(['shop']);
  expect(await statusOf()).toMatchObject({
    conditions: [{ type: 'Ready', status: 'False', message: 'one or more namespaces failed' }],
    provisionedNamespaces: ['shop'],
    failedNamespaces: [
      failing('bank', /prod\/db.*clusters\[\]\.allow/u),
      failing('fenced', /clusters\[\]\.namespaces/u),
    ],
  });
  expect(relay.output()).toMatch(/declaration refused.*bank\/common.*prod\/db/u);
});

test('what a relay with a wider configuration writes, the cluster refuses, and the status says so', async () => {
  await relay.redeploy(WIDE);
  // Its Role is there, as a mistaken binding would be: the fence alone is as it was.
  const [one] = NARROW.config.clusters;
  if (one === undefined) throw new Error('there is one cluster');
  await cluster.install(clusterManifests(NARROW.config, NARROW.deployment, one));

  await relay.sweep();

  expect(await filled()).toEqual(['shop']);
  expect(await statusOf()).toMatchObject({
    provisionedNamespaces: ['shop'],
    failedNamespaces: [
      failing('bank', /prod\/db/u),
      failing('fenced', /an admission policy of the cluster refuses it/u),
    ],
  });
  expect(relay.output()).toMatch(/CLUSTER_REJECTED.*one\/fenced\/common.*an admission policy/u);
});

test('an event reaches the namespaces that may have the secret, and no other', async () => {
  await manager.putSecretValue({ SecretId: 'prod/db', SecretString: 'fake-2' });

  await until(async () => (await cluster.admin.secret('shop', 'common'))?.data['value'] === 'fake-2');
  await relay.settled();
  expect(await filled()).toEqual(['shop']);
});

test('the same write passes once the fence is as wide as the configuration', async () => {
  await relay.redeploy(WIDE);

  await relay.sweep();

  expect(await filled()).toEqual(['shop', 'fenced']);
  expect(await statusOf()).toMatchObject({ provisionedNamespaces: ['fenced', 'shop'] });
});
