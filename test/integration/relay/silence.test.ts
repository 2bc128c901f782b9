import { createHash } from 'node:crypto';
import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { compileOrThrow } from '../../../lambda/declarations/compile-or-throw.ts';
import { silentProgress } from '../../../local/progress.ts';
import { clientOptions, sqsOf, toSqsEvent } from '../../../local/relay/queues.ts';
import { startRelay } from '../../../local/relay/start-relay.ts';
import type { LocalRelay } from '../../../local/relay/start-relay.ts';
import { clusterOf, startLocal } from '../../../local/start-local.ts';
import type { Local } from '../../../local/start-local.ts';
import { openReceipts } from '../../support/receipt-queue.ts';
import type { ReceiptQueue } from '../../support/receipt-queue.ts';
import { until } from '../../support/until.ts';
import { TRACED, startXrayDaemon } from '../../support/xray-daemon.ts';
import type { XrayDaemon } from '../../support/xray-daemon.ts';

/** Guarantee 5: canary values in every secret, every path that can fail, and then a search of everything that was emitted. */
const CANARIES = [
  'canary-text-5f1c',
  'canary-json-8a2e',
  'canary-key-77b0',
  'canary-number-31337',
  'canary-binary-c0de',
  // With these a store reads, so that they go where no value goes: into the signatures of requests, which AWS may quote.
  'AKIACANARYFAKE5F1C0D',
  'canary-access-key-9d20-of-nobody',
  'canary-session-token-31f6-of-nobody',
  'canary-broken-key-44a7-of-nobody',
] as const;
const [TEXT, JSON_VALUE, KEY, NUMBER, BINARY, ACCESS_KEY_ID, ACCESS_KEY, SESSION_TOKEN, BROKEN_KEY] =
  CANARIES;

/** The forms in which a value could get out: as it is, encoded, hashed, and cut. */
function formsOf(canary: string): readonly string[] {
  const hash = (algorithm: string): string => createHash(algorithm).update(canary).digest('hex');
  return [
    canary,
    Buffer.from(canary).toString('base64').slice(0, -4),
    Buffer.from(canary).toString('hex'),
    encodeURIComponent(canary),
    hash('sha256'),
    hash('md5'),
    hash('sha1'),
    canary.slice(0, 11),
  ];
}

let local: Local;
let relay: LocalRelay;
let manager: SecretsManager;
let receipts: ReceiptQueue;
let daemon: XrayDaemon;

beforeAll(async () => {
  local = await startLocal({ clusters: ['one'], progress: silentProgress });
  await local.clusters.get('one')?.allow('shop');
  manager = new SecretsManager(clientOptions(local.aws));
  receipts = await openReceipts(local);
  daemon = await startXrayDaemon();
}, 900_000);

afterAll(async () => {
  manager.destroy();
  receipts.close();
  await relay.stop();
  await daemon.close();
  await local.stop();
});

const DECLARATIONS: Readonly<Record<string, string>> = {
  text: 'data: [{ secretKey: k, remoteRef: { key: text } }]',
  extract: 'dataFrom: [{ extract: { key: json } }]',
  binary: 'data: [{ secretKey: k, remoteRef: { key: binary } }]',
  'not-json': 'data: [{ secretKey: k, remoteRef: { key: text, property: p } }]',
  'extract-text': 'dataFrom: [{ extract: { key: text } }]',
  'no-property': 'data: [{ secretKey: k, remoteRef: { key: json, property: nowhere } }]',
  'bad-key': 'dataFrom: [{ extract: { key: bad-key } }]',
  'tls-refused':
    'target: { template: { type: kubernetes.io/tls } }\n  data: [{ secretKey: tls.crt, remoteRef: { key: text } }]',
  foreign: 'data: [{ secretKey: k, remoteRef: { key: text } }]',
  immutable: 'data: [{ secretKey: k, remoteRef: { key: text } }]',
  lent: readBy('lent', 'text'),
  'lent-denied': readBy('lent', 'denied'),
  'lent-role': readBy('lent-role', 'text'),
  'lent-broken': readBy('lent-broken', 'text'),
};

/** Read by another store, where it is that store's keys that must not get out. */
function readBy(store: string, key: string): string {
  const sourceRef = `{ storeRef: { kind: ClusterSecretStore, name: ${store} } }`;
  return `data: [{ secretKey: k, remoteRef: { key: ${key} }, sourceRef: ${sourceRef} }]`;
}

/** A store that reads with keys of a Secret in the cluster. */
function lentStore(name: string, secret: string, more = ''): string {
  const ref = (key: string): string => `{ name: ${secret}, namespace: shop, key: ${key} }`;
  const auth = `{ secretRef: { accessKeyIDSecretRef: ${ref('id')}, secretAccessKeySecretRef: ${ref('key')}, sessionTokenSecretRef: ${ref('token')} } }`;
  return `{ name: ${name}, provider: { aws: { service: SecretsManager, region: eu-west-1, auth: ${auth}${more} } } }`;
}

const LENT_STORES = [
  lentStore('lent', 'keys'),
  lentStore('lent-role', 'keys', ', role: arn:aws:iam::444455556666:role/refused'),
  lentStore('lent-broken', 'broken-keys'),
]
  .map((store) => `  - ${store}\n`)
  .join('');

function configText(): { readonly config: string; readonly declarations: string } {
  const header = (name: string): string =>
    `apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: { name: ${name}, namespace: shop, annotations: { keyrelay.dev/clusters: one } }\nspec:\n  secretStoreRef: { kind: ClusterSecretStore, name: aws }\n  `;
  return {
    config: `apiVersion: keyrelay.dev/v1\nkind: Config\nclusters: [{ name: one, region: eu-west-1, account: '123456789012', namespaces: [shop] }]\nstores:\n  - { name: aws, provider: { aws: { service: SecretsManager, region: eu-west-1 } } }\n${LENT_STORES}`,
    declarations: Object.entries(DECLARATIONS)
      .map(([name, spec]) => `${header(name)}${spec}\n`)
      .join('---\n'),
  };
}

test('no value, nor any form of one, is in anything that the relay emits', async () => {
  const { config, declarations } = configText();
  const compiled = compileOrThrow({
    config: { path: 'keyrelay.yaml', text: config },
    declarations: [{ path: 'all.yaml', text: declarations }],
  });
  const { admin } = clusterOf(local, 'one');
  const sqs = sqsOf(local.aws);
  await manager.createSecret({ Name: 'text', SecretString: TEXT });
  await manager.createSecret({
    Name: 'json',
    SecretString: JSON.stringify({ value: JSON_VALUE, n: NUMBER }),
  });
  await manager.createSecret({ Name: 'bad-key', SecretString: JSON.stringify({ é: KEY }) });
  await manager.createSecret({ Name: 'binary', SecretBinary: new TextEncoder().encode(BINARY) });
  const foreign = (name: string, more: object): Promise<void> =>
    admin.create('/api/v1/namespaces/shop/secrets', {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name, ...more },
      immutable: name === 'immutable',
    });
  const keys = (name: string, id: string, key: string): Promise<void> =>
    admin.create('/api/v1/namespaces/shop/secrets', {
      metadata: { name },
      stringData: { id, key, token: SESSION_TOKEN },
    });
  await keys('keys', ACCESS_KEY_ID, ACCESS_KEY);
  await keys('broken-keys', ACCESS_KEY_ID, `${BROKEN_KEY}\n`);
  await manager.createSecret({ Name: 'denied', SecretString: TEXT });
  // Refused with messages that quote the request, signature and all.
  local.aws.chaos.use(({ action, body }) => {
    const reason = action === 'AssumeRole' ? 'AccessDenied' : 'AccessDeniedException';
    const refused = action === 'AssumeRole' || /"denied"/u.test(body);
    return refused ? { kind: 'refusal', passed: 'not', refusal: { status: 403, reason } } : undefined;
  });
  await foreign('foreign', {});
  await foreign('immutable', { labels: { 'app.kubernetes.io/managed-by': 'keyrelay' } });
  const env = { ...TRACED.env, AWS_XRAY_DAEMON_ADDRESS: daemon.address };
  relay = await startRelay({ local, compiled, maxReceiveCount: 1, visibilitySeconds: 5, env });

  await relay.sweep();
  local.aws.chaos.stale('text', 1);
  await manager.putSecretValue({ SecretId: 'text', SecretString: `${TEXT}-rotated` });
  await relay.settled();
  await relay.functions.push.invoke(
    toSqsEvent([{ MessageId: 'm', ReceiptHandle: 'none', Body: `{"detail": "${TEXT}` }], 'eu-west-1'),
  );
  local.aws.chaos.fail('GetSecretValue', 100, 500);
  await manager.putSecretValue({
    SecretId: 'json',
    SecretString: JSON.stringify({ value: JSON_VALUE, n: `${NUMBER}!` }),
  });
  await relay.settled(120_000);

  const { Messages: dead = [] } = await sqs.receiveMessage({
    QueueUrl: relay.queues.deadLetter,
    MaxNumberOfMessages: 10,
  });
  sqs.destroy();
  const told = await until(async () => {
    const all = await receipts.received();
    const outcomes = all.map(({ detail }) => detail.outcome);
    return outcomes.includes('complete') && outcomes.includes('write-failed') ? all : undefined;
  });
  const kept = await Promise.all(Object.keys(DECLARATIONS).map((name) => admin.secret('shop', name)));
  const emitted = [
    relay.output(),
    JSON.stringify(dead),
    JSON.stringify(told),
    JSON.stringify(kept.map((view) => ({ ...view, data: undefined }))),
    JSON.stringify(await admin.get('/api/v1/namespaces/shop/events')),
    ...daemon.datagrams,
  ].join('\n');

  // What was searched is what should have been: every failure that was provoked left its trace, and the values did arrive.
  for (const code of [
    'VALUE_NOT_JSON',
    'PROPERTY_NOT_FOUND',
    'KEY_INVALID',
    'CLUSTER_REJECTED',
    'TARGET_NOT_OURS',
    'TARGET_IMMUTABLE',
    'EVENT_MALFORMED',
    'SOURCE_UNAVAILABLE',
    'SOURCE_DENIED: lent@shop/one:denied',
    'SOURCE_CREDENTIALS: lent-broken@shop/one:text',
    'role arn:aws:iam::444455556666:role/refused could not be assumed (AccessDenied)',
  ]) {
    expect(emitted).toContain(code);
  }
  expect(daemon.subsegments()).toContainEqual(
    expect.objectContaining({
      name: 'render',
      fault: false,
      annotations: { cluster: 'one', namespace: 'shop', name: 'bad-key', outcome: 'KEY_INVALID' },
    }),
  );
  expect(kept[0]?.data).toEqual({ k: `${TEXT}-rotated` });
  expect((await admin.secret('shop', 'lent'))?.data).toEqual({ k: `${TEXT}-rotated` });
  for (const form of CANARIES.flatMap(formsOf)) expect(emitted.includes(form)).toBe(false);
}, 300_000);
