import { EventBridge } from '@aws-sdk/client-eventbridge';
import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { z } from 'zod';
import { ANNOTATION } from '../../../lambda/contract.ts';
import { compileOrThrow } from '../../../lambda/declarations/compile-or-throw.ts';
import { changeMarks } from '../../../lambda/model/change-marks.ts';
import { openEventQueue } from '../../../local/aws/event-queue.ts';
import { silentProgress } from '../../../local/progress.ts';
import { clientOptions } from '../../../local/relay/queues.ts';
import { startRelay } from '../../../local/relay/start-relay.ts';
import type { LocalRelay } from '../../../local/relay/start-relay.ts';
import { clusterOf, startLocal } from '../../../local/start-local.ts';
import type { Local, LocalCluster } from '../../../local/start-local.ts';
import { openReceipts } from '../../support/receipt-queue.ts';
import type { ReceiptQueue } from '../../support/receipt-queue.ts';
import { until } from '../../support/until.ts';
import { TRACED, startXrayDaemon } from '../../support/xray-daemon.ts';
import type { XrayDaemon } from '../../support/xray-daemon.ts';

/** From the rotation to the receipt in somebody's queue: bundled functions, the emulator's bus, a real API server and controllers. */
let local: Local;
let cluster: LocalCluster;
let relay: LocalRelay;
let receipts: ReceiptQueue;
let daemon: XrayDaemon;
let manager: SecretsManager;

const PATIENCE_MS = 120_000;
const DEPLOYMENTS = '/apis/apps/v1/namespaces/shop/deployments';

const CONFIG = `
apiVersion: keyrelay.dev/v1
kind: Config
clusters:
  - { name: one, region: eu-west-1, account: '123456789012', namespaces: [shop] }
stores:
  - { name: aws, provider: { aws: { service: SecretsManager, region: eu-west-1 } } }
settings:
  garbageCollection: { graceSeconds: 0, maxShare: 1 }
  rollouts: { debounceSeconds: 1 }
`;

/** Secrets that restart nothing, and two that do. */
const DECLARED: Readonly<Record<string, { readonly rollout: string; readonly property?: string }>> = {
  plain: { rollout: 'off' },
  picky: { rollout: 'off', property: 'password' },
  late: { rollout: 'off' },
  orphan: { rollout: 'off' },
  gone: { rollout: 'off' },
  rolled: { rollout: 'annotated' },
  broken: { rollout: 'annotated' },
  traced: { rollout: 'annotated' },
};

function declare(name: string): string {
  const { rollout = 'off', property } = DECLARED[name] ?? {};
  const ref = property === undefined ? `key: ${name}` : `key: ${name}, property: ${property}`;
  return `
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: { name: ${name}, namespace: shop, annotations: { keyrelay.dev/clusters: one, keyrelay.dev/rollout: "${rollout}" } }
spec:
  secretStoreRef: { kind: ClusterSecretStore, name: aws }
  data: [{ secretKey: value, remoteRef: { ${ref} } }]
`;
}

function compiled(names: readonly string[]) {
  return compileOrThrow({
    config: { path: 'keyrelay.yaml', text: CONFIG },
    declarations: names.map((name) => ({ path: `${name}.yaml`, text: declare(name) })),
  });
}

interface DeploymentOptions {
  readonly nodeSelector?: object;
  readonly annotations?: object;
}

async function deploy(
  name: string,
  secret: string,
  { nodeSelector = {}, annotations = {} }: DeploymentOptions = {},
): Promise<void> {
  await cluster.admin.create(DEPLOYMENTS, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, annotations: { 'keyrelay.dev/restart': 'true', ...annotations } },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: {
          nodeSelector,
          containers: [
            { name: 'main', image: 'example.test/app:1', envFrom: [{ secretRef: { name: secret } }] },
          ],
        },
      },
    },
  });
}

const Template = z.object({
  spec: z.object({
    template: z.object({
      metadata: z.object({ annotations: z.record(z.string(), z.string()).default({}) }),
    }),
  }),
});

const rotate = async (name: string, SecretString: string): Promise<string> =>
  (await manager.putSecretValue({ SecretId: name, SecretString })).VersionId ?? '';

const SourceEvent = z.object({
  id: z.string(),
  resources: z.array(z.string()),
  detail: z.looseObject({ versionId: z.string() }),
});

/** Sends the same event with another id: what a service that sends at least once may do. */
async function tellAgain({ resources, detail }: z.infer<typeof SourceEvent>): Promise<string> {
  const bus = new EventBridge(clientOptions(local.aws));
  const { Entries = [] } = await bus.putEvents({
    Entries: [
      {
        Source: 'aws.secretsmanager',
        DetailType: 'Secret Label Updated',
        Resources: resources,
        Detail: JSON.stringify(detail),
      },
    ],
  });
  bus.destroy();
  return Entries[0]?.EventId ?? '';
}

const Line = z.looseObject({
  message: z.string(),
  name: z.string().optional(),
  eventIds: z.array(z.string()).default([]),
});

/** What the functions have logged of an event. */
const loggedOf = (id: string) =>
  relay
    .output()
    .split('\n')
    .filter((text) => text.startsWith('{') && text.includes(id))
    .map((text) => Line.parse(JSON.parse(text)));

/** The line with this text about an event, when it has come. */
const line = (message: string, id: string) =>
  until(
    () =>
      Promise.resolve(loggedOf(id).find((found) => found.message === message && found.eventIds.includes(id))),
    PATIENCE_MS,
  );

/** The receipt that has come about a Secret with this outcome, when it has. */
const receipt = (secret: string, outcome: string, eventual: Readonly<Record<string, unknown>> = {}) =>
  until(
    async () =>
      (await receipts.about(secret)).find((detail) =>
        Object.entries({ ...eventual, outcome }).every(([name, value]) => detail[name] === value),
      ),
    PATIENCE_MS,
  );

beforeAll(async () => {
  local = await startLocal({ clusters: ['one'], progress: silentProgress, controllers: true });
  cluster = clusterOf(local, 'one');
  await cluster.allow('shop');
  manager = new SecretsManager(clientOptions(local.aws));
  receipts = await openReceipts(local);
  daemon = await startXrayDaemon();
  for (const [name, { property }] of Object.entries(DECLARED))
    await manager.createSecret({
      Name: name,
      SecretString: property === undefined ? 'fake-1' : JSON.stringify({ [property]: 'fake-1' }),
    });
  const env = { ...TRACED.env, AWS_XRAY_DAEMON_ADDRESS: daemon.address };
  const all = compiled(Object.keys(DECLARED));
  relay = await startRelay({ local, compiled: all, visibilitySeconds: 3, env });
  await relay.sweep();
}, 900_000);

afterAll(async () => {
  manager.destroy();
  receipts.close();
  await relay.stop();
  await daemon.close();
  await local.stop();
});

test(
  'a sweep tells of each Secret that it made',
  async () => {
    const made = await until(async () => {
      const all = await receipts.received();
      const names = new Set(all.map(({ detail }) => detail.secret.name));
      return names.size === Object.keys(DECLARED).length ? all : undefined;
    }, PATIENCE_MS);

    for (const event of made) {
      expect(event).toMatchObject({
        source: 'keyrelay',
        'detail-type': 'Keyrelay Receipt',
        resources: ['arn:aws:eks:eu-west-1:123456789012:cluster/one'],
        detail: { outcome: 'complete', reason: 'missing', dataChanged: true },
      });
      expect(event.detail).not.toHaveProperty('eventId');
    }
  },
  PATIENCE_MS,
);

test(
  'what a function wrote that died before it told is told by the next, which writes nothing',
  async () => {
    local.aws.chaos.delay('PutEvents', 15_000);
    const versionId = await rotate('orphan', 'fake-2');
    const written = await until(async () => {
      const secret = await cluster.admin.secret('shop', 'orphan');
      return secret?.data['value'] === 'fake-2' ? secret : undefined;
    }, PATIENCE_MS);

    await relay.functions.push.stop();
    local.aws.chaos.delay('PutEvents', 0);
    await relay.redeploy(compiled(Object.keys(DECLARED)));
    const told = await receipt('orphan', 'complete', { revision: versionId });

    expect(told.times['written']).toBe(written.annotations[ANNOTATION.changedAt]);
    expect((await cluster.admin.secret('shop', 'orphan'))?.resourceVersion).toBe(written.resourceVersion);
  },
  PATIENCE_MS * 2,
);

test(
  'a rotation that restarts nothing is told when the Secret is written',
  async () => {
    const versionId = await rotate('plain', 'fake-2');

    expect(await receipt('plain', 'complete', { revision: versionId })).toMatchObject({
      reason: 'version',
      declaration: 'shop/plain',
      sources: [{ store: 'aws', secret: 'plain', versionId }],
      eventId: expect.any(String),
      times: { rotated: expect.any(String), received: expect.any(String), written: expect.any(String) },
    });
  },
  PATIENCE_MS,
);

test(
  'a rotation that the declaration has no use for is told as a failure, with what to do',
  async () => {
    const versionId = await rotate('picky', JSON.stringify({ other: 'fake-2' }));

    expect(await receipt('picky', 'write-failed')).toMatchObject({
      sources: [{ secret: 'picky', versionId }],
      error: { code: 'PROPERTY_NOT_FOUND' },
    });
  },
  PATIENCE_MS,
);

test(
  'a receipt that the bus does not take is told later, and the Secret does not wait for it',
  async () => {
    local.aws.chaos.fail('PutEvents', 10_000, 500);

    const versionId = await rotate('late', 'fake-2');
    await until(
      async () => (await cluster.admin.secret('shop', 'late'))?.data['value'] === 'fake-2',
      PATIENCE_MS,
    );
    await until(() => Promise.resolve(relay.output().includes('receipt not sent') || undefined), PATIENCE_MS);
    const before = await receipts.about('late');
    local.aws.chaos.fail('PutEvents', 0, 500);

    expect(before.map(({ reason }) => reason)).toEqual(['missing']);
    expect(await receipt('late', 'complete', { revision: versionId })).toMatchObject({ reason: 'version' });
  },
  PATIENCE_MS * 2,
);

test(
  'a rotation is told when the last pod is new, with the time of every stage',
  async () => {
    await deploy('web', 'rolled');

    const versionId = await rotate('rolled', 'fake-2');
    const told = await receipt('rolled', 'complete', { revision: versionId });
    const { rotated, received, written, rolloutStarted, rolloutEnded } = told.times;
    const stages = [received, written, rolloutStarted, rolloutEnded].map((time) => Date.parse(time ?? ''));
    const { spec } = Template.parse(await cluster.admin.get(`${DEPLOYMENTS}/web`));

    expect(told).toMatchObject({ workloads: { complete: 1, failed: 0 }, sources: [{ versionId }] });
    expect(rotated).toBeDefined();
    expect(stages).toEqual(stages.toSorted((a, b) => a - b));
    expect(spec.template.metadata.annotations).toMatchObject({
      'secret.keyrelay.dev/rolled': told['revision'],
      'secret.keyrelay.dev/restartedAt': rolloutStarted,
    });
  },
  PATIENCE_MS * 2,
);

test(
  'a rollout that fails is told as such',
  async () => {
    await deploy('stuck', 'broken', { nodeSelector: { nowhere: 'yes' } });
    await cluster.admin.patch(`${DEPLOYMENTS}/stuck`, { spec: { progressDeadlineSeconds: 2 } });

    const versionId = await rotate('broken', 'fake-2');

    expect(await receipt('broken', 'rollout-failed')).toMatchObject({
      revision: versionId,
      workloads: { complete: 0, failed: 1, failedNames: ['Deployment/stuck'] },
      error: { code: 'ROLLOUT_FAILED', message: expect.stringContaining('Deployment/stuck') },
    });
  },
  PATIENCE_MS * 2,
);

test(
  'the id of an event leads from the push by the Secret’s mark and the rollout to the receipt, with those that told the same',
  async () => {
    const tap = await openEventQueue(local.aws, 'tap', 'aws.secretsmanager');
    const paused = { 'keyrelay.dev/rollout-paused': 'true' };
    await deploy('traced', 'traced', { annotations: paused });
    const versionId = await rotate('traced', 'fake-2');
    const told = await until(async () => {
      const events = (await tap.receive()).map((body) => SourceEvent.parse(JSON.parse(body)));
      return events.find(({ detail }) => detail.versionId === versionId);
    }, PATIENCE_MS);
    tap.close();
    await line('rollout held', told.id);

    const second = await tellAgain(told);
    const held = await line('rollout held', second);
    await cluster.admin.patch(`${DEPLOYMENTS}/traced`, {
      metadata: { annotations: { 'keyrelay.dev/rollout-paused': null } },
    });
    const third = await tellAgain(told);
    const restarted = await line('workload restarted', third);
    const complete = await line('rollout complete', third);
    const end = await receipt('traced', 'complete', { revision: versionId });
    const secret = await cluster.admin.secret('shop', 'traced');

    expect((await line('secret written', told.id)).eventIds).toEqual([told.id]);
    expect(changeMarks(secret?.annotations ?? {}).change?.event).toBe(told.id);
    expect(held).toMatchObject({ name: 'traced', eventIds: [told.id, second] });
    expect(restarted).toMatchObject({ kind: 'Deployment', name: 'traced', eventIds: [told.id, third] });
    expect(complete).toMatchObject({ name: 'traced', eventIds: [told.id, third] });
    expect(end['eventId']).toBe(told.id);
    expect(loggedOf(told.id).filter(({ name }) => name !== 'traced')).toEqual([]);
  },
  PATIENCE_MS * 2,
);

test('X-Ray is told of each step of a change, and what came of it', () => {
  const of = (name: string, about: object): unknown =>
    expect.objectContaining({ name, annotations: { cluster: 'one', namespace: 'shop', ...about } });
  const steps = daemon.subsegments();
  const visits = new Set(steps.flatMap(({ name, id }) => (name === 'visit' ? [id] : [])));

  expect(steps).toEqual(
    expect.arrayContaining([
      of('observe', { name: 'traced', outcome: 'present' }),
      of('render', { name: 'traced', outcome: 'secret' }),
      of('update', { name: 'traced', outcome: 'done' }),
      of('visit', { outcome: 'held' }),
      of('visit', { outcome: 'restarted' }),
      of('visit', { outcome: 'complete' }),
      of('visit', { outcome: 'failed' }),
      of('restart', { name: 'traced', what: 'Deployment', outcome: 'done' }),
      of('record', { name: 'traced', outcome: 'done' }),
    ]),
  );
  for (const { name, parent_id: parent, trace_id: trace } of steps) {
    expect(trace).toBe(TRACED.root);
    if (['workloads', 'restart', 'record'].includes(name)) expect(visits.has(parent)).toBe(true);
  }
});

test(
  'a Secret that nobody declares any more is told when it is deleted',
  async () => {
    await relay.redeploy(compiled(Object.keys(DECLARED).filter((name) => name !== 'gone')));
    await relay.reconcile();

    expect(await receipt('gone', 'deleted')).toMatchObject({
      reason: 'undeclared',
      declaration: 'shop/gone',
    });
  },
  PATIENCE_MS,
);
