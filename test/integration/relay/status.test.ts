import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { compileOrThrow } from '../../../lambda/declarations/compile-or-throw.ts';
import type { Compiled } from '../../../lambda/declarations/compile.ts';
import { versionOf } from '../../../lambda/declarations/object-status.ts';
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

/** What people see in a real cluster: statuses, by the rules of the CRDs that are there, and Events, as kubectl describe looks for them. */
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
    namespaces: [shop]
    declarations: both
    allow: [{ namespaces: [shop], secrets: [prod/shop/*] }]
stores:
  - { name: aws, provider: { aws: { service: SecretsManager, region: eu-west-1 } } }
settings:
  garbageCollection: { graceSeconds: 0, maxShare: 1 }
`;
const FILE = `
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: { name: filed, namespace: shop, annotations: { keyrelay.dev/clusters: one } }
spec:
  secretStoreRef: { kind: ClusterSecretStore, name: aws }
  data: [{ secretKey: value, remoteRef: { key: prod/shop/filed } }]
`;
const OBJECTS = objectsPath('externalsecrets', 'shop');
const CANARY = 'fake-canary-7f3a';

function compiled(): Compiled {
  return compileOrThrow({
    config: { path: 'keyrelay.yaml', text: CONFIG },
    declarations: [{ path: 'filed.yaml', text: FILE }],
  });
}

const put = (name: string, value: string) => manager.createSecret({ Name: name, SecretString: value });
const declare = (name: string, spec: object) => applyExternalSecret(cluster, 'shop', name, spec);
const at = async (path: string) => fieldsOf(await cluster.admin.get(path));
const metadataOf = async (path: string) => fieldsOf((await at(path))['metadata']);
const statusOf = async (path: string) => fieldsOf((await at(path))['status']);
const readyOf = async (path: string) => {
  const { conditions } = await statusOf(path);
  return fieldsOf(Array.isArray(conditions) ? conditions[0] : undefined);
};

/** The Events that kubectl describe would show: by kind, name and uid. */
async function eventsOf(kind: string, path: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const { name, uid } = await metadataOf(path);
  const selector = `involvedObject.kind=${kind},involvedObject.name=${String(name)},involvedObject.uid=${String(uid)}`;
  const { items } = await at(`/api/v1/namespaces/shop/events?fieldSelector=${encodeURIComponent(selector)}`);
  return (Array.isArray(items) ? items : []).map(fieldsOf);
}
const inWords = (events: readonly Readonly<Record<string, unknown>>[]): readonly string[] =>
  events
    .map(({ type, reason, message }) => `${String(type)} ${String(reason)}: ${String(message)}`)
    .toSorted();

beforeAll(async () => {
  local = await startLocal({ clusters: ['one'], progress: silentProgress });
  cluster = clusterOf(local, 'one');
  await installKinds(cluster);
  await createDeclaringNamespaces(cluster, ['shop']);
  manager = new SecretsManager(clientOptions(local.aws));
  await Promise.all([
    put('prod/shop/db', CANARY),
    put('prod/shop/filed', 'fake-filed'),
    put('prod/shop/json', `{"a": "${CANARY}"`),
  ]);
  relay = await startRelay({ local, compiled: compiled() });
}, 900_000);

afterAll(async () => {
  manager.destroy();
  await relay.stop();
  await local.stop();
});

describe('an ExternalSecret', () => {
  const path = `${OBJECTS}/db`;

  test('that is brought about is Ready, in ESO’s words and format, and its Event is found by its uid', async () => {
    await declare('db', { ...oneKey('prod/shop/db'), refreshInterval: '10s' });

    await relay.sweep();

    expect(await readyOf(path)).toMatchObject({ type: 'Ready', status: 'True', reason: 'SecretSynced' });
    expect((await readyOf(path))['message']).toMatch(
      /^secret synced, revision \S+ since \S+Z \(.*refreshInterval 10s .*rate\(1 hour\)/u,
    );
    const { generation } = await metadataOf(path);
    expect(await statusOf(path)).toMatchObject({
      syncedResourceVersion: versionOf(Number(generation)),
      binding: { name: 'db' },
    });
    expect(inWords(await eventsOf('ExternalSecret', path))).toEqual(['Normal Created: secret created']);
  });

  test('that stays right is not written to again by the next sweeps', async () => {
    const { resourceVersion } = await metadataOf(path);

    await relay.sweep();
    await relay.sweep();

    expect((await metadataOf(path))['resourceVersion']).toBe(resourceVersion);
  });

  test('follows an event: refreshed, without a transition', async () => {
    const before = await readyOf(path);
    const { refreshTime } = await statusOf(path);
    await until(() => Promise.resolve(Date.now() - Date.parse(String(refreshTime)) > 1500));

    await manager.putSecretValue({ SecretId: 'prod/shop/db', SecretString: `${CANARY}-2` });

    await until(async () => (await statusOf(path))['refreshTime'] !== refreshTime);
    expect((await readyOf(path))['lastTransitionTime']).toBe(before['lastTransitionTime']);
    await until(async () => (await eventsOf('ExternalSecret', path)).length === 2);
    expect(inWords(await eventsOf('ExternalSecret', path))).toContain('Normal Updated: secret updated');
  });

  test('that is annotated with force-sync is synced in that state by the next sweep', async () => {
    const annotations = { 'external-secrets.io/force-sync': '1' };
    await cluster.admin.patch(path, { metadata: { annotations } });

    await relay.sweep();

    const { generation } = await metadataOf(path);
    expect((await statusOf(path))['syncedResourceVersion']).toBe(versionOf(Number(generation), annotations));
  });

  test('that fails every hour has one Event with a count, and no value anywhere', async () => {
    await declare('broken', { dataFrom: [{ extract: { key: 'prod/shop/json' } }] });

    for (let n = 0; n < 3; n += 1) await relay.sweep();

    const broken = `${OBJECTS}/broken`;
    const condition = await readyOf(broken);
    expect(condition).toMatchObject({ status: 'False', reason: 'SecretSyncedError' });
    expect(condition['message']).toMatch(/^could not get secret data from provider: VALUE_NOT_JSON: /u);
    expect(await eventsOf('ExternalSecret', broken)).toMatchObject([{ reason: 'UpdateFailed', count: 3 }]);
    const all = JSON.stringify([await at('/api/v1/namespaces/shop/events'), await at(OBJECTS)]);
    expect(all).not.toContain(CANARY);
    expect(relay.output()).not.toContain(CANARY);
  });

  test('that is refused says why, and is Ready once it is corrected', async () => {
    const refused = `${OBJECTS}/refused`;
    await declare('refused', oneKey('prod/bank/db'));
    await relay.sweep();
    expect(await readyOf(refused)).toMatchObject({ status: 'False', reason: 'SecretSyncedError' });
    expect((await readyOf(refused))['message']).toContain('prod/bank/db');

    await declare('refused', oneKey('prod/shop/db'));
    await relay.sweep();
    expect(await readyOf(refused)).toMatchObject({ status: 'True', reason: 'SecretSynced' });
  });

  test('with nothing to merge into is Ready, and says that the Secret is missing', async () => {
    await declare('merged', oneKey('prod/shop/db', { name: 'nobodys', creationPolicy: 'Merge' }));

    await relay.sweep();

    expect(await readyOf(`${OBJECTS}/merged`)).toMatchObject({ status: 'True', reason: 'SecretMissing' });
  });
});

describe('a store', () => {
  test('that is right is Valid, and one of another provider is refused by name', async () => {
    const stores = objectsPath('secretstores', 'shop');
    const vault = { server: 'https://vault.example', auth: { tokenSecretRef: { name: 't', key: 'k' } } };
    for (const [path, kind, namespace] of [
      [stores, 'SecretStore', 'shop'],
      [objectsPath('clustersecretstores'), 'ClusterSecretStore', undefined],
    ] as const)
      await cluster.admin.apply(`${path}/vault`, {
        apiVersion: 'external-secrets.io/v1',
        kind,
        metadata: { name: 'vault', ...(namespace === undefined ? {} : { namespace }) },
        spec: { provider: { vault } },
      });

    await relay.sweep();

    expect(await readyOf(`${stores}/aws`)).toMatchObject({ status: 'True', reason: 'Valid' });
    expect((await statusOf(`${stores}/aws`))['capabilities']).toBe('ReadOnly');
    for (const path of [`${stores}/vault`, `${objectsPath('clustersecretstores')}/vault`]) {
      expect(await readyOf(path)).toMatchObject({ status: 'False', reason: 'InvalidProviderConfig' });
      expect((await readyOf(path))['message']).toContain('vault');
    }
  });
});

test('what a file declares is told by Events about its Secret', async () => {
  expect(inWords(await eventsOf('Secret', '/api/v1/namespaces/shop/secrets/filed'))).toEqual([
    'Normal Created: secret created',
  ]);
});

test('a cluster that refuses statuses and Events gets its Secrets all the same, and the next sweep says it', async () => {
  const role = '/apis/rbac.authorization.k8s.io/v1/namespaces/shop/roles/keyrelay';
  const { rules } = await at(role);
  const all = Array.isArray(rules) ? rules : [];
  const silent = all.filter((rule) => !/events|status/u.test(JSON.stringify(rule)));
  expect(silent.length).toBeLessThan(all.length);
  await cluster.admin.patch(role, { rules: silent });
  for (const name of ['mute-1', 'mute-2']) await declare(name, oneKey('prod/shop/db'));

  await until(async () => {
    await relay.sweep();
    return relay.output().includes('externalsecrets/status');
  });

  expect((await cluster.admin.secret('shop', 'mute-1'))?.data).toEqual({ value: `${CANARY}-2` });
  expect(await statusOf(`${OBJECTS}/mute-1`)).not.toHaveProperty('conditions');
  expect(relay.output()).toContain('"ReportsFailed"');

  await cluster.admin.patch(role, { rules: all });
  await until(async () => {
    await relay.sweep();
    return (await readyOf(`${OBJECTS}/mute-2`))['status'] === 'True';
  });
});
