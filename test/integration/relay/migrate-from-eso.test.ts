import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
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
import { kubectl, kubectlCommands } from '../../support/page-commands.ts';
import { fieldsOf } from '../../support/resolved-template.ts';

/** docs/migrate-from-eso.md, step by step: its own commands, on Secrets and objects as ESO leaves them. */
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
    declarations: cluster
    allow: [{ namespaces: [shop], secrets: [prod/shop/*] }]
    rollouts: { policy: 'off' }
stores:
  - { name: aws, provider: { aws: { service: SecretsManager, region: eu-west-1 } } }
settings:
  garbageCollection: { graceSeconds: 0, maxShare: 1 }
`;
const FINALIZER = 'externalsecrets.external-secrets.io/externalsecret-cleanup';
const SECRETS = '/api/v1/namespaces/shop/secrets';
const OBJECTS = objectsPath('externalsecrets', 'shop');
const MANAGED = 'reconcile.external-secrets.io/managed';
const HASH = 'reconcile.external-secrets.io/data-hash';

function compiled(): Compiled {
  return compileOrThrow({ config: { path: 'keyrelay.yaml', text: CONFIG }, declarations: [] });
}

const object = async (name: string) => fieldsOf(await cluster.admin.get(`${OBJECTS}/${name}`));
const metadataOf = async (name: string) => fieldsOf((await object(name))['metadata']);
const statusOf = async (name: string) => fieldsOf((await object(name))['status']);
const readyOf = async (name: string) => {
  const { conditions } = await statusOf(name);
  return fieldsOf(Array.isArray(conditions) ? conditions[0] : undefined);
};
const secret = (name: string) => cluster.admin.secret('shop', name);

/** The last Event about an object, and how often it happened. */
async function eventOf(name: string): Promise<{ readonly message: string; readonly count: number }> {
  const { items } = fieldsOf(await cluster.admin.get('/api/v1/namespaces/shop/events'));
  const events = (Array.isArray(items) ? items : [])
    .map(fieldsOf)
    .filter((event) => fieldsOf(event['involvedObject'])['name'] === name && event['type'] === 'Warning')
    .toSorted((a, b) => (String(a['lastTimestamp']) < String(b['lastTimestamp']) ? 1 : -1));
  return { message: String(events[0]?.['message']), count: Number(events[0]?.['count']) };
}

/** What a reconciliation of ESO leaves: the marked Secret, the finalizer, the status; each by its own field manager. */
async function esoReconciles(name: string, value: string): Promise<void> {
  const fieldManager = `externalsecrets.external-secrets.io/${name}`;
  const { uid } = await metadataOf(name);
  const body = {
    metadata: {
      name,
      labels: { [MANAGED]: 'true', 'reconcile.external-secrets.io/created-by': 'fake' },
      annotations: { [HASH]: 'fake' },
      ownerReferences: [
        {
          apiVersion: 'external-secrets.io/v1',
          kind: 'ExternalSecret',
          name,
          uid,
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    data: { value: Buffer.from(value).toString('base64') },
  };
  if ((await secret(name)) === undefined)
    await cluster.admin.create(`${SECRETS}?fieldManager=${fieldManager}`, body);
  else await cluster.admin.patch(`${SECRETS}/${name}`, body, fieldManager);
  const change = { metadata: { finalizers: [FINALIZER] } };
  await cluster.admin.patch(`${OBJECTS}/${name}`, change, 'external-secrets');
  const at = new Date().toISOString().replace(/\.\d+Z$/u, 'Z');
  const condition = { type: 'Ready', status: 'True', reason: 'SecretSynced', message: 'secret synced' };
  const status = { conditions: [{ ...condition, lastTransitionTime: at }], refreshTime: at };
  await cluster.admin.patch(`${OBJECTS}/${name}/status`, { status }, 'external-secrets');
}

/** The next second: managed fields tell times to the second. */
const nextSecond = () => new Promise((resolve) => setTimeout(resolve, 1100));

let commands: readonly string[];
const command = (words: string): string => {
  const found = commands.find((line) => line.includes(words));
  if (found === undefined) throw new Error(`the page has no command with ${words}`);
  return found;
};

beforeAll(async () => {
  commands = await kubectlCommands('migrate-from-eso.md');
  local = await startLocal({ clusters: ['one'], progress: silentProgress });
  cluster = clusterOf(local, 'one');
  await installKinds(cluster);
  await createDeclaringNamespaces(cluster, ['shop']);
  manager = new SecretsManager(clientOptions(local.aws));
  for (const name of ['db', 'api']) {
    await manager.createSecret({ Name: `prod/shop/${name}`, SecretString: 'fake-1' });
    await applyExternalSecret(cluster, 'shop', name, oneKey(`prod/shop/${name}`));
    await esoReconciles(name, 'fake-1');
  }
  relay = await startRelay({ local, compiled: compiled() });
}, 900_000);

afterAll(async () => {
  manager.destroy();
  await relay.stop();
  await local.stop();
});

test('every command of the page that changes an object is run here', () => {
  expect(commands).toHaveLength(5);
});

test('1. Keyrelay looks, changes nothing, and says so in one Event that is counted', async () => {
  const before = [await secret('db'), await statusOf('db')];

  await relay.sweep();
  await relay.sweep();

  expect([await secret('db'), await statusOf('db')]).toEqual(before);
  const event = await eventOf('db');
  expect(event.message).toContain('ESO_STILL_RUNS');
  expect(event.count).toBe(2);
});

test('2. and 3. The namespace is taken over: the Secrets stay, ESO’s marks go, the status is Keyrelay’s', async () => {
  await kubectl(cluster.admin, command('"controller":"keyrelay"'));
  await kubectl(cluster.admin, command('take-over=true'));

  await relay.sweep();

  for (const name of ['db', 'api']) {
    const taken = await secret(name);
    expect(taken?.data).toEqual({ value: 'fake-1' });
    expect(taken?.labels).toMatchObject({ 'app.kubernetes.io/managed-by': 'keyrelay' });
    expect(Object.keys(taken?.labels ?? {})).not.toContain(MANAGED);
    expect(Object.keys(taken?.annotations ?? {})).not.toContain(HASH);
    expect(await readyOf(name)).toMatchObject({ status: 'True', reason: 'SecretSynced' });
    expect((await statusOf(name))['binding']).toEqual({ name });
    const { ownerReferences } = fieldsOf(fieldsOf(await cluster.admin.get(`${SECRETS}/${name}`))['metadata']);
    expect(ownerReferences).toMatchObject([{ kind: 'ExternalSecret', name, controller: true }]);
  }
});

test('a running ESO that comes back is left alone, not fought', async () => {
  await nextSecond();
  await esoReconciles('api', 'fake-by-eso');
  const before = await secret('api');

  await relay.sweep();

  expect((await secret('api'))?.resourceVersion).toBe(before?.resourceVersion);
  expect((await eventOf('api')).message).toContain('ESO_STILL_RUNS');
});

test('4. Without the annotation the Secret stays Keyrelay’s and follows its source', async () => {
  await kubectl(cluster.admin, command('take-over-'));
  await manager.putSecretValue({ SecretId: 'prod/shop/db', SecretString: 'fake-2' });
  await relay.sweep();

  expect((await secret('db'))?.data).toEqual({ value: 'fake-2' });
});

test('4. An ExternalSecret that is deleted hangs on ESO’s finalizer until that is taken off', async () => {
  await cluster.admin.remove(`${OBJECTS}/db`);
  expect((await metadataOf('db'))['deletionTimestamp']).toBeDefined();

  await kubectl(cluster.admin, command('"finalizers":null'));

  expect(await cluster.admin.get(`${OBJECTS}/db`)).toBeUndefined();
});

test('back: what names a store of another controller is passed over, and its Secret is not deleted', async () => {
  await cluster.admin.patch(objectsPath('secretstores', 'shop') + '/aws', {
    spec: { controller: 'default' },
  });
  await esoReconciles('api', 'fake-again');
  const before = [await secret('api'), await statusOf('api')];
  await relay.sweep();
  expect([await secret('api'), await statusOf('api')]).toEqual(before);

  await kubectl(cluster.admin, command('"controller":null'));
  await relay.sweep();
  expect((await secret('api'))?.data).toEqual({ value: 'fake-again' });
});
