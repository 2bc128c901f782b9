import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { compileOrThrow } from '../../../lambda/declarations/compile-or-throw.ts';
import { silentProgress } from '../../../local/progress.ts';
import { clientOptions, sqsOf } from '../../../local/relay/queues.ts';
import { startRelay } from '../../../local/relay/start-relay.ts';
import type { LocalRelay } from '../../../local/relay/start-relay.ts';
import { clusterOf, startLocal } from '../../../local/start-local.ts';
import type { Local, LocalCluster } from '../../../local/start-local.ts';
import { applyExternalSecret, objectsPath, oneKey } from '../../support/declared-objects.ts';
import { installKinds } from '../../support/declaring-kinds.ts';
import { fieldsOf } from '../../support/resolved-template.ts';
import { until } from '../../support/until.ts';

/**
 * Stores with credentials of their own, from an event to the Secret, through the bundled functions. Secrets of one name lie in the relay's
 * account and in those of two tenants, so that a Secret tells by its value as whom it was read.
 */
let local: Local;
let relay: LocalRelay;
let cluster: LocalCluster;
let keys: readonly string[];

const SHOP = '444455556666';
const BANK = '777788889999';
const KEY = 'prod/db';
const roleIn = (account: string, name: string): string => `arn:aws:iam::${account}:role/${name}`;
const KEYS = '/api/v1/namespaces/shop/secrets/aws-keys';

const CONFIG = `
apiVersion: keyrelay.dev/v1
kind: Config
clusters:
  - name: one
    region: eu-west-1
    account: '123456789012'
    namespaces: [shop, bank]
    declarations: cluster
    allow:
      - { namespaces: [shop], secrets: [prod/*] }
      - { namespaces: [bank], secrets: [prod/*], roles: [${roleIn(BANK, 'bank')}] }
`;

const COMPILED = compileOrThrow({ config: { path: 'keyrelay.yaml', text: CONFIG }, declarations: [] });

const keyRef = (key: string): object => ({ name: 'aws-keys', key });
const KEY_REFS = {
  secretRef: {
    accessKeyIDSecretRef: keyRef('id'),
    secretAccessKeySecretRef: keyRef('key'),
    sessionTokenSecretRef: keyRef('token'),
  },
};
/** By name: the namespace of a SecretStore and of the ExternalSecret that names it, and as whom the store reads. */
const STORES: Readonly<Record<string, { readonly namespace: string; readonly aws: object }>> = {
  keys: { namespace: 'shop', aws: { auth: KEY_REFS } },
  'keys-and-role': { namespace: 'shop', aws: { auth: KEY_REFS, role: roleIn(BANK, 'of-the-shop') } },
  role: { namespace: 'bank', aws: { role: roleIn(BANK, 'bank') } },
};

const valueOf = async (name: keyof typeof STORES): Promise<string | undefined> =>
  (await cluster.admin.secret(STORES[name]?.namespace ?? '', name))?.data['value'];
const values = async (): Promise<unknown> =>
  Object.fromEntries(
    await Promise.all(Object.keys(STORES).map(async (name) => [name, await valueOf(name)] as const)),
  );

/** The tenant changes its secret, and its account forwards the event to the relay's queue, as `event-source` stacks do. */
async function rotate(account: string, value: string): Promise<void> {
  const { region } = local.aws;
  const manager = await managerOf(account);
  const { VersionId: versionId, ARN: arn } = await manager.putSecretValue({
    SecretId: KEY,
    SecretString: value,
  });
  manager.destroy();
  const event = {
    ...{ version: '0', id: `event-of-${value}`, account, region, time: new Date().toISOString() },
    ...{ source: 'aws.secretsmanager', 'detail-type': 'Secret Label Updated', resources: [arn] },
    detail: { name: KEY, labelUpdated: 'AWSCURRENT', versionId },
  };
  const sqs = sqsOf(local.aws);
  await sqs.sendMessage({ QueueUrl: relay.queues.push, MessageBody: JSON.stringify(event) });
  sqs.destroy();
}

async function managerOf(account: string): Promise<SecretsManager> {
  const credentials = await local.aws.assumeRole(roleIn(account, 'admin'), 'test');
  return new SecretsManager({ ...clientOptions(local.aws), credentials });
}

beforeAll(async () => {
  local = await startLocal({ clusters: ['one'], progress: silentProgress });
  cluster = clusterOf(local, 'one');
  await installKinds(cluster);
  const { admin } = cluster;
  for (const name of ['shop', 'bank']) await admin.create('/api/v1/namespaces', { metadata: { name } });
  for (const [account, value] of [
    [local.aws.account, 'of-the-relay'],
    [SHOP, 'of-the-shop-1'],
    [BANK, 'of-the-bank-1'],
  ] as const) {
    const manager = await managerOf(account);
    await manager.createSecret({ Name: KEY, SecretString: value });
    manager.destroy();
  }
  const user = await local.aws.assumeRole(roleIn(SHOP, 'user'), 'someone');
  keys = [user.accessKeyId, user.secretAccessKey, user.sessionToken];
  await admin.apply(KEYS, {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'aws-keys' },
    stringData: { id: user.accessKeyId, key: user.secretAccessKey, token: user.sessionToken },
  });
  for (const [name, { namespace, aws }] of Object.entries(STORES)) {
    await admin.apply(`${objectsPath('secretstores', namespace)}/${name}`, {
      ...{ apiVersion: 'external-secrets.io/v1', kind: 'SecretStore', metadata: { name, namespace } },
      spec: { provider: { aws: { service: 'SecretsManager', region: 'eu-west-1', ...aws } } },
    });
    await applyExternalSecret(cluster, namespace, name, {
      ...oneKey(KEY),
      secretStoreRef: { kind: 'SecretStore', name },
    });
  }
  relay = await startRelay({ local, compiled: COMPILED });
}, 900_000);

afterAll(async () => {
  await relay.stop();
  await local.stop();
});

describe('an event of the account of', () => {
  test('the shop: the push reads with the keys of its Secret, and as the roles after them', async () => {
    await rotate(SHOP, 'of-the-shop-2');

    await until(async () => (await valueOf('keys')) === 'of-the-shop-2');
    await relay.settled();
    expect(await values()).toEqual({
      keys: 'of-the-shop-2',
      'keys-and-role': 'of-the-bank-1',
      role: 'of-the-bank-1',
    });
  });

  test('the bank: the push reads as the role that is allowed to its namespace', async () => {
    await rotate(BANK, 'of-the-bank-2');

    await until(async () => (await valueOf('role')) === 'of-the-bank-2');
    await relay.settled();
    expect(await values()).toEqual({
      keys: 'of-the-shop-2',
      'keys-and-role': 'of-the-bank-2',
      role: 'of-the-bank-2',
    });
  });
});

test('a sweep reads as the same, and says that all is well', async () => {
  await relay.sweep();

  expect(await values()).toEqual({
    keys: 'of-the-shop-2',
    'keys-and-role': 'of-the-bank-2',
    role: 'of-the-bank-2',
  });
  for (const [name, { namespace }] of Object.entries(STORES))
    for (const plural of ['externalsecrets', 'secretstores']) {
      const object = fieldsOf(await cluster.admin.get(`${objectsPath(plural, namespace)}/${name}`));
      expect(fieldsOf(object['status'])['conditions']).toMatchObject([{ type: 'Ready', status: 'True' }]);
    }
});

test('keys that are taken away: the Secret stays as it is, and the status says what to do', async () => {
  await cluster.admin.remove(KEYS);
  // A function that has the keys in memory keeps them for a minute; a new one asks.
  await relay.redeploy(COMPILED);

  await rotate(SHOP, 'of-the-shop-3');
  await relay.settled();

  expect(await valueOf('keys')).toBe('of-the-shop-2');
  const object = fieldsOf(await cluster.admin.get(`${objectsPath('externalsecrets', 'shop')}/keys`));
  expect(fieldsOf(object['status'])['conditions']).toMatchObject([
    {
      ...{ type: 'Ready', status: 'False', reason: 'SecretSyncedError' },
      message: expect.stringMatching(
        /SOURCE_CREDENTIALS: .*: Secret one\/shop\/aws-keys, .* does not exist/u,
      ),
    },
  ]);
});

test('no key is in any log, metric, status, Event or annotation', async () => {
  const places = ['shop', 'bank'].flatMap((namespace) => [
    objectsPath('externalsecrets', namespace),
    objectsPath('secretstores', namespace),
    `/api/v1/namespaces/${namespace}/events`,
    `/api/v1/namespaces/${namespace}/secrets`,
  ]);
  const told = JSON.stringify([
    relay.output(),
    await Promise.all(places.map((path) => cluster.admin.get(path))),
  ]);

  expect(keys.map((key) => key.length > 15)).toEqual([true, true, true]);
  expect(told).toContain('SOURCE_CREDENTIALS');
  for (const key of keys)
    for (const form of [key, Buffer.from(key).toString('base64').slice(0, -4), encodeURIComponent(key)])
      expect(told.includes(form)).toBe(false);
});
