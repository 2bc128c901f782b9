import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import type { SQS } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { compileOrThrow } from '../../../lambda/declarations/compile-or-throw.ts';
import type { Compiled } from '../../../lambda/declarations/compile.ts';
import { silentProgress } from '../../../local/progress.ts';
import { clientOptions, sqsOf, toSqsEvent } from '../../../local/relay/queues.ts';
import { startRelay } from '../../../local/relay/start-relay.ts';
import type { LocalRelay } from '../../../local/relay/start-relay.ts';
import { startLocal } from '../../../local/start-local.ts';
import type { Local, LocalCluster } from '../../../local/start-local.ts';
import { until } from '../../support/until.ts';

/** The bundled functions, two real API servers, and the emulator's rule and queues between them. */
let local: Local;
let relay: LocalRelay;
let manager: SecretsManager;
let sqs: SQS;

const clusterOf = (name: string): LocalCluster => {
  const cluster = local.clusters.get(name);
  if (cluster === undefined) throw new Error(`no cluster ${name}`);
  return cluster;
};
const secret = (name: string, cluster = 'one', namespace = 'shop') =>
  clusterOf(cluster).admin.secret(namespace, name);
const dataOf = async (name: string, cluster = 'one') => (await secret(name, cluster))?.data;

const CONFIG = `
apiVersion: keyrelay.dev/v1
kind: Config
clusters:
  - { name: one, region: eu-west-1, account: '123456789012', namespaces: [NAMESPACES], rollouts: { policy: "off" } }
  - { name: two, region: eu-west-1, account: '123456789012', namespaces: [shop], rollouts: { policy: "off" } }
stores:
  - { name: aws, provider: { aws: { service: SecretsManager, region: eu-west-1 } } }
settings:
  garbageCollection: { graceSeconds: 0, maxShare: 0.5 }
`;

/** An ExternalSecret in one line: its name, the clusters, and the rest of its spec. */
function declare(
  name: string,
  spec: string,
  { clusters = 'one', namespace = 'shop', takeOver = false } = {},
): string {
  const annotations = `{ keyrelay.dev/clusters: '${clusters}'${takeOver ? ", keyrelay.dev/take-over: 'true'" : ''} }`;
  return `
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: { name: ${name}, namespace: ${namespace}, annotations: ${annotations} }
spec:
  secretStoreRef: { kind: ClusterSecretStore, name: aws }
  ${spec}
`;
}

const one = (key: string): string => `data: [{ secretKey: value, remoteRef: { key: ${key} } }]`;

function configOf(...declarations: readonly string[]): Compiled {
  return compiled('shop', declarations);
}

function compiled(namespaces: string, declarations: readonly string[]): Compiled {
  return compileOrThrow({
    config: { path: 'keyrelay.yaml', text: CONFIG.replace('NAMESPACES', namespaces) },
    declarations: declarations.map((text, n) => ({ path: `${n}.yaml`, text })),
  });
}

const put = (name: string, value: string) => manager.createSecret({ Name: name, SecretString: value });
const rotate = (name: string, value: string) =>
  manager.putSecretValue({ SecretId: name, SecretString: value });
const sweep = async (event: object = {}): Promise<void> => {
  await relay.reconcile(event);
  await relay.settled();
};

beforeAll(async () => {
  local = await startLocal({ clusters: ['one', 'two'], progress: silentProgress });
  await Promise.all([clusterOf('one').allow('shop'), clusterOf('two').allow('shop')]);
  manager = new SecretsManager(clientOptions(local.aws));
  sqs = sqsOf(local.aws);
  relay = await startRelay({ local, compiled: configOf(), maxReceiveCount: 1, visibilitySeconds: 5 });
}, 900_000);

afterAll(async () => {
  manager.destroy();
  sqs.destroy();
  await relay.stop();
  await local.stop();
});

describe('a secret', () => {
  test('reaches every cluster that declares it: by the sweep first, by its event from then on', async () => {
    await put('story', 'fake-1');
    await relay.redeploy(configOf(declare('story', one('story'), { clusters: 'one, two' })));

    await sweep();
    expect([await dataOf('story'), await dataOf('story', 'two')]).toEqual([
      { value: 'fake-1' },
      { value: 'fake-1' },
    ]);

    await rotate('story', 'fake-2');
    await until(
      async () =>
        (await dataOf('story'))?.['value'] === 'fake-2' &&
        (await dataOf('story', 'two'))?.['value'] === 'fake-2',
    );
  });

  test('that a rotation announces three times is written once', async () => {
    await put('thrice', 'fake-1');
    await relay.redeploy(configOf(declare('thrice', one('thrice'))));
    await sweep();

    const { ARN = '', VersionId = '' } = await rotate('thrice', 'fake-2');
    const cloudTrail = (eventName: string, detail: object, type = 'AWS API Call via CloudTrail') =>
      sqs.sendMessage({
        QueueUrl: relay.queues.push,
        MessageBody: JSON.stringify({
          id: eventName,
          'detail-type': type,
          source: 'aws.secretsmanager',
          account: '123456789012',
          time: new Date().toISOString(),
          region: 'eu-west-1',
          resources: [],
          detail: { eventName, ...detail },
        }),
      });
    await cloudTrail('PutSecretValue', {
      requestParameters: { secretId: ARN, versionStages: ['AWSPENDING'] },
    });
    await cloudTrail('UpdateSecretVersionStage', {
      requestParameters: { secretId: 'thrice', versionStage: 'AWSCURRENT', moveToVersionId: VersionId },
    });
    await cloudTrail(
      'RotationSucceeded',
      { additionalEventData: { SecretId: ARN } },
      'AWS Service Event via CloudTrail',
    );
    await relay.settled();

    expect(await dataOf('thrice')).toEqual({ value: 'fake-2' });
    const lines = relay.output().split('\n');
    expect(
      lines.filter((line) => line.includes('"name":"thrice"') && line.includes('"action":"update"')),
    ).toHaveLength(1);
  });

  test('of every supported shape becomes what the declaration asks for', async () => {
    await put('json', '{"user":"u","nested":{"n":1.50},"a/b":"c"}');
    await manager.createSecret({ Name: 'binary', SecretBinary: Uint8Array.from([0x66, 0x61, 0x6b, 0x65]) });
    await relay.redeploy(
      configOf(
        declare('extracted', 'dataFrom: [{ extract: { key: json } }]'),
        declare(
          'typed',
          'target: { template: { type: kubernetes.io/basic-auth, metadata: { labels: { team: shop } } } }\n  data: [{ secretKey: username, remoteRef: { key: json, property: user } }, { secretKey: password, remoteRef: { key: json, property: nested.n } }]',
        ),
        declare('bytes', one('binary')),
      ),
    );

    await sweep();

    expect(await dataOf('extracted')).toEqual({ user: 'u', nested: '{"n":1.50}', a_b: 'c' });
    expect(await secret('typed')).toMatchObject({
      type: 'kubernetes.io/basic-auth',
      labels: { team: 'shop' },
      data: { username: 'u', password: '1.5' },
    });
    expect(await dataOf('bytes')).toEqual({ value: 'fake' });
  });

  test('that somebody edited is repaired, and left alone when nothing is wrong', async () => {
    await put('drift', 'fake-1');
    await relay.redeploy(configOf(declare('drift', one('drift'))));
    await sweep();
    await clusterOf('one').admin.patch('/api/v1/namespaces/shop/secrets/drift', {
      data: { value: 'eA==', extra: 'eA==' },
      metadata: { labels: { 'app.kubernetes.io/managed-by': null } },
    });

    await sweep();
    const repaired = await secret('drift');
    await sweep();

    expect(repaired).toMatchObject({
      data: { value: 'fake-1' },
      labels: { 'app.kubernetes.io/managed-by': 'keyrelay' },
    });
    expect((await secret('drift'))?.resourceVersion).toBe(repaired?.resourceVersion);
  });

  test('that nobody declares any more is deleted, but not one of creation policy Orphan', async () => {
    await put('gone', 'fake-1');
    await relay.redeploy(
      configOf(
        declare('gone', one('gone')),
        declare('stays', `target: { creationPolicy: Orphan }\n  ${one('gone')}`),
        declare('story', one('story'), { clusters: 'one, two' }),
      ),
    );
    await sweep();

    await relay.redeploy(configOf(declare('story', one('story'), { clusters: 'one, two' })));
    await sweep({ allowMassDeletion: true });

    expect(await dataOf('gone')).toBeUndefined();
    expect(await dataOf('stays')).toEqual({ value: 'fake-1' });
  });

  test('of someone else is refused, merged into, or taken over, as the declaration says', async () => {
    await put('adopt', 'fake-1');
    const foreign = (name: string) =>
      clusterOf('one').admin.create('/api/v1/namespaces/shop/secrets?fieldManager=helm', {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name, labels: { 'app.kubernetes.io/managed-by': 'Helm' } },
        data: { own: 'b3du' },
      });
    await Promise.all(['refused', 'merged', 'taken'].map(foreign));
    await relay.redeploy(
      configOf(
        declare('refused', one('adopt')),
        declare('merged', `target: { creationPolicy: Merge }\n  ${one('adopt')}`),
        declare('taken', one('adopt'), { takeOver: true }),
        declare('waiting', `target: { creationPolicy: Merge }\n  ${one('adopt')}`),
      ),
    );

    await sweep();

    expect(await dataOf('refused')).toEqual({ own: 'own' });
    expect(await secret('merged')).toMatchObject({
      data: { own: 'own', value: 'fake-1' },
      labels: { 'app.kubernetes.io/managed-by': 'Helm' },
    });
    expect(await secret('taken')).toMatchObject({
      data: { value: 'fake-1' },
      labels: { 'app.kubernetes.io/managed-by': 'keyrelay' },
    });
    expect(await dataOf('waiting')).toBeUndefined();
    expect(relay.output()).toMatch(/TARGET_NOT_OURS: one\/shop\/refused .*Helm/u);
  });

  test('that is deleted at its source goes or stays, as the deletion policy says', async () => {
    await put('doomed', 'fake-1');
    await relay.redeploy(
      configOf(
        declare('deleted', `target: { deletionPolicy: Delete }\n  ${one('doomed')}`),
        declare('retained', one('doomed')),
      ),
    );
    await sweep();
    await manager.deleteSecret({ SecretId: 'doomed', RecoveryWindowInDays: 7 });

    await sweep();

    expect(await dataOf('deleted')).toBeUndefined();
    expect(await dataOf('retained')).toEqual({ value: 'fake-1' });
    expect(relay.output()).toContain('SOURCE_DELETED');
  });
});

describe('trouble', () => {
  test('of a lagging replica: what it returns is not written', async () => {
    await put('lagging', 'fake-1');
    await relay.redeploy(configOf(declare('lagging', one('lagging'))));
    await sweep();
    local.aws.chaos.stale('lagging', 1);

    await rotate('lagging', 'fake-2');
    await relay.settled();

    expect(await dataOf('lagging')).toEqual({ value: 'fake-2' });
  });

  test('of AWS, throttling and failing, is outlasted', async () => {
    await put('throttled', 'fake-1');
    await relay.redeploy(configOf(declare('throttled', one('throttled'))));
    local.aws.chaos.throttle('GetSecretValue', 2);
    local.aws.chaos.fail('DescribeCluster', 1, 500);

    await sweep();

    expect(await dataOf('throttled')).toEqual({ value: 'fake-1' });
  });

  test('with one declaration holds back no other', async () => {
    await put('fine', 'fake-1');
    await relay.redeploy(
      compiled('shop, unbound', [
        declare('missing', one('no-such-secret')),
        declare('not-json', 'data: [{ secretKey: k, remoteRef: { key: fine, property: p } }]'),
        declare('no-rbac', one('fine'), { namespace: 'unbound' }),
        declare('fine', one('fine')),
      ]),
    );

    await sweep().catch(() => undefined);

    expect(await dataOf('fine')).toEqual({ value: 'fake-1' });
    for (const code of ['SOURCE_NOT_FOUND', 'VALUE_NOT_JSON', 'CLUSTER_FORBIDDEN'])
      expect(relay.output()).toContain(code);
  });

  test('with one cluster holds back no other; its target ends in the dead-letter queue and is redriven', async () => {
    await put('split', 'fake-1');
    await relay.redeploy(configOf(declare('split', one('split'), { clusters: 'one, two' })));
    await sweep();
    await sqs.purgeQueue({ QueueUrl: relay.queues.deadLetter });
    const { registration } = clusterOf('two');
    local.aws.registerCluster({ ...registration, endpoint: 'https://127.0.0.1:9' });
    await relay.redeploy(configOf(declare('split', one('split'), { clusters: 'one, two' })));

    await rotate('split', 'fake-2');
    await until(async () => (await dataOf('split'))?.['value'] === 'fake-2');
    const dead = await until(async () => {
      const { Messages = [] } = await sqs.receiveMessage({
        QueueUrl: relay.queues.deadLetter,
        WaitTimeSeconds: 1,
      });
      return Messages.find(({ Body = '' }) => Body.includes('"shop/split"'));
    });
    expect(JSON.parse(dead.Body ?? '')).toMatchObject({
      kind: 'keyrelay.retry',
      declaration: 'shop/split',
      cluster: 'two',
    });
    expect(await dataOf('split', 'two')).toEqual({ value: 'fake-1' });

    local.aws.registerCluster(registration);
    await relay.redeploy(configOf(declare('split', one('split'), { clusters: 'one, two' })));
    await sqs.sendMessage({ QueueUrl: relay.queues.push, MessageBody: dead.Body ?? '' });
    await until(async () => (await dataOf('split', 'two'))?.['value'] === 'fake-2');
  });

  test('with messages: what is malformed, foreign or huge in number fails alone', async () => {
    await put('crowd', 'fake-1');
    await relay.redeploy(configOf(declare('crowd', one('crowd'))));
    const { ARN = '' } = await manager.describeSecret({ SecretId: 'crowd' });
    const event = JSON.stringify({
      id: 'e',
      'detail-type': 'Secret Label Updated',
      source: 'aws.secretsmanager',
      account: '123456789012',
      time: '2026-01-01T00:00:00Z',
      region: 'eu-west-1',
      resources: [ARN],
      detail: { name: 'crowd', labelUpdated: 'AWSCURRENT', versionId: 'forged' },
    });
    const bodies = ['not json', '{}', ...Array.from({ length: 500 }, () => event)];
    const messages = bodies.map((Body, n) => ({ MessageId: `m${n}`, ReceiptHandle: 'none', Body }));

    const response = await relay.functions.push.invoke(toSqsEvent(messages, 'eu-west-1'));

    expect(response).toEqual({ batchItemFailures: [{ itemIdentifier: 'm0' }, { itemIdentifier: 'm1' }] });
    expect(await dataOf('crowd')).toEqual({ value: 'fake-1' });
  });

  test('of time: what is unfinished goes back to the queue', async () => {
    await put('late', 'fake-1');
    await relay.redeploy(configOf(declare('late', one('late'))));
    const { ARN = '' } = await manager.describeSecret({ SecretId: 'late' });
    local.aws.chaos.delay('GetSecretValue', 2000);
    const Body = JSON.stringify({
      id: 'e',
      'detail-type': 'Secret Label Updated',
      source: 'aws.secretsmanager',
      account: '123456789012',
      time: '2026-01-01T00:00:00Z',
      region: 'eu-west-1',
      resources: [ARN],
      detail: { name: 'late', labelUpdated: 'AWSCURRENT', versionId: 'v' },
    });

    await relay.functions.push.invoke(
      toSqsEvent([{ MessageId: 'm', ReceiptHandle: 'none', Body }], 'eu-west-1'),
      3500,
    );
    local.aws.chaos.delay('GetSecretValue', 0);
    expect(relay.output()).toContain('DEADLINE');

    await until(async () => (await dataOf('late'))?.['value'] === 'fake-1');
  });
});
