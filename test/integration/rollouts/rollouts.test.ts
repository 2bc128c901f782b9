import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { ANNOTATION, ENV } from '../../../lambda/contract.ts';
import { compileOrThrow } from '../../../lambda/declarations/compile-or-throw.ts';
import type { Compiled } from '../../../lambda/declarations/compile.ts';
import { changeMarks } from '../../../lambda/model/change-marks.ts';
import { silentProgress } from '../../../local/progress.ts';
import { clientOptions, sqsOf } from '../../../local/relay/queues.ts';
import { startRelay } from '../../../local/relay/start-relay.ts';
import type { LocalRelay } from '../../../local/relay/start-relay.ts';
import { clusterOf, startLocal } from '../../../local/start-local.ts';
import type { Local, LocalCluster } from '../../../local/start-local.ts';
import { until } from '../../support/until.ts';
import { startSqsGate } from './sqs-gate.ts';
import type { SqsGate } from './sqs-gate.ts';

/** A rotation until the last pod: real controllers roll what the bundled functions annotate. */
let local: Local;
let cluster: LocalCluster;
let relay: LocalRelay;
let gate: SqsGate;
let config: Compiled;
let manager: SecretsManager;

const PATIENCE_MS = 60_000;
const DEPLOYMENTS = '/apis/apps/v1/namespaces/shop/deployments';

const CONFIG = `
apiVersion: keyrelay.dev/v1
kind: Config
clusters:
  - { name: one, region: eu-west-1, account: '123456789012', namespaces: [shop], rollouts: { policy: annotated } }
stores:
  - { name: aws, provider: { aws: { service: SecretsManager, region: eu-west-1 } } }
settings: { rollouts: { debounceSeconds: 2 } }
`;

function declare(name: string): string {
  return `
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: { name: ${name}, namespace: shop, annotations: { keyrelay.dev/clusters: one } }
spec:
  secretStoreRef: { kind: ClusterSecretStore, name: aws }
  data: [{ secretKey: value, remoteRef: { key: ${name} } }]
`;
}

/** The Secrets of the tests: declared, written and rolled out from the start. */
const NAMES = ['story', 'first', 'second', 'same', 'killed-push', 'lost-push', 'killed-rollout', 'paused'];

function compiled(): Compiled {
  return compileOrThrow({
    config: { path: 'keyrelay.yaml', text: CONFIG },
    declarations: NAMES.map((name) => ({ path: `${name}.yaml`, text: declare(name) })),
  });
}

interface DeploymentOptions {
  readonly annotations?: Readonly<Record<string, string>>;
  readonly podAnnotations?: Readonly<Record<string, string>>;
  readonly secrets: readonly string[];
}

/** A Deployment of two pods that get Secrets as variables. */
async function deploy(
  name: string,
  { annotations = {}, podAnnotations = {}, secrets }: DeploymentOptions,
): Promise<void> {
  await cluster.admin.create(DEPLOYMENTS, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, annotations },
    spec: {
      replicas: 2,
      progressDeadlineSeconds: 90,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name }, annotations: podAnnotations },
        spec: {
          containers: [
            {
              name: 'main',
              image: 'example.test/app:1',
              envFrom: secrets.map((secret) => ({ secretRef: { name: secret } })),
            },
          ],
        },
      },
    },
  });
}

const PodList = z.object({
  items: z.array(
    z.object({
      metadata: z.object({
        annotations: z.record(z.string(), z.string()).default({}),
        deletionTimestamp: z.string().optional(),
      }),
    }),
  ),
});

/** The revisions of a Secret that the pods of a Deployment tell. */
async function revisions(name: string, secret: string): Promise<readonly (string | undefined)[]> {
  const list = await cluster.admin.get(`/api/v1/namespaces/shop/pods?labelSelector=app%3D${name}`);
  return PodList.parse(list)
    .items.filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .map(({ metadata }) => metadata.annotations[`secret.keyrelay.dev/${secret}`]);
}

const generation = async (name: string): Promise<number> =>
  z
    .object({ metadata: z.object({ generation: z.number() }) })
    .parse(await cluster.admin.get(`${DEPLOYMENTS}/${name}`)).metadata.generation;

const marksOf = async (name: string) =>
  changeMarks((await cluster.admin.secret('shop', name))?.annotations ?? {});

/** Resolves with the record of the Secret's newest revision. */
const recorded = (name: string) =>
  until(async () => {
    const { revision, rollout } = await marksOf(name);
    return rollout?.revision === revision ? rollout : undefined;
  }, PATIENCE_MS);

const rotate = async (name: string, value = 'fake-2'): Promise<string> =>
  (await manager.putSecretValue({ SecretId: name, SecretString: value })).VersionId ?? '';

beforeAll(async () => {
  local = await startLocal({ clusters: ['one'], progress: silentProgress, controllers: true });
  cluster = clusterOf(local, 'one');
  await cluster.allow('shop');
  manager = new SecretsManager(clientOptions(local.aws));
  for (const Name of NAMES) await manager.createSecret({ Name, SecretString: 'fake-1' });
  gate = await startSqsGate(local.aws.endpoint);
  config = compiled();
  relay = await startRelay({
    local,
    compiled: config,
    visibilitySeconds: 5,
    // A message that a dead function leaves behind is delivered more often than it would be on AWS, where another begins at once.
    maxReceiveCount: 1000,
    // The SDK calls the host of a queue's URL (https://github.com/aws/aws-sdk-js-v3/tree/main/packages/middleware-sdk-sqs).
    env: { [ENV.rolloutQueue]: `${gate.url}/${local.aws.account}/keyrelay-rollout` },
  });
  await relay.reconcile();
  await Promise.all(NAMES.map(recorded));
}, 900_000);

afterAll(async () => {
  manager.destroy();
  await relay.stop();
  await gate.stop();
  await local.stop();
});

describe('a rotation', () => {
  test(
    'reaches the last pod of what asks for it, and is recorded on the Secret',
    async () => {
      await deploy('asks', { secrets: ['story'], annotations: { 'reloader.stakater.com/auto': 'true' } });
      await deploy('silent', { secrets: ['story'] });

      const version = await rotate('story');
      const record = await until(async () => {
        const { rollout } = await marksOf('story');
        return rollout?.revision === version ? rollout : undefined;
      }, PATIENCE_MS);

      expect(record).toMatchObject({ state: 'complete', restarted: 1, failed: [] });
      expect(await revisions('asks', 'story')).toEqual([version, version]);
      expect(await revisions('silent', 'story')).toEqual([undefined, undefined]);
      expect((await cluster.admin.secret('shop', 'story'))?.annotations[ANNOTATION.change]).toContain(
        '"event"',
      );
    },
    PATIENCE_MS * 2,
  );

  test(
    'of two secrets restarts what consumes both once',
    async () => {
      await deploy('both', { secrets: ['first', 'second'], annotations: { 'keyrelay.dev/restart': 'true' } });
      const before = await generation('both');

      const versions = [await rotate('first'), await rotate('second')];
      await until(async () => (await marksOf('second')).rollout?.revision === versions[1], PATIENCE_MS);
      await until(async () => (await marksOf('first')).rollout?.revision === versions[0], PATIENCE_MS);

      expect(await generation('both')).toBe(before + 1);
      expect(await revisions('both', 'first')).toEqual([versions[0], versions[0]]);
      expect(await revisions('both', 'second')).toEqual([versions[1], versions[1]]);
    },
    PATIENCE_MS * 2,
  );

  test(
    'to the value that was there restarts nothing',
    async () => {
      await deploy('steady', { secrets: ['same'], annotations: { 'keyrelay.dev/restart': 'true' } });
      const before = await marksOf('same');

      const version = await rotate('same', 'fake-1');
      await until(async () => {
        const annotations = (await cluster.admin.secret('shop', 'same'))?.annotations ?? {};
        return annotations[ANNOTATION.versions]?.includes(version);
      });

      expect(await marksOf('same')).toEqual({
        ...before,
        write: expect.objectContaining({ reason: 'version' }),
      });
      expect(await generation('steady')).toBe(1);
    },
    PATIENCE_MS,
  );
});

describe('a function that is killed', () => {
  const restartTrue = { 'keyrelay.dev/restart': 'true' };

  /** A Deployment that asks to be restarted for the Secret of its name. */
  const prepare = (name: string): Promise<void> =>
    deploy(name, { secrets: [name], annotations: restartTrue });

  const isPendingAt = (name: string, version: string): Promise<boolean> =>
    marksOf(name).then(({ revision, rollout }) => revision === version && rollout?.revision !== version);

  const finished = async (name: string, version: string): Promise<void> => {
    const record = await until(async () => {
      const { rollout } = await marksOf(name);
      return rollout?.revision === version ? rollout : undefined;
    }, PATIENCE_MS);
    expect(record).toMatchObject({ state: 'complete', restarted: 1 });
    expect(await revisions(name, name)).toEqual([version, version]);
    expect(await generation(name)).toBe(2);
  };

  test.each(['delivered again', 'found by a sweep'] as const)(
    'between the Secret and the message is made good for when its event is %s',
    async (how) => {
      const name = how === 'delivered again' ? 'killed-push' : 'lost-push';
      await prepare(name);

      const sending = gate.close();
      const version = await rotate(name);
      await sending;
      await relay.functions.push.stop();
      expect(await isPendingAt(name, version)).toBe(true);
      expect(await generation(name)).toBe(1);
      if (how === 'found by a sweep') await forgetEvents();
      gate.open();
      await relay.redeploy(config);
      if (how === 'found by a sweep') await relay.reconcile();

      await finished(name, version);
    },
    PATIENCE_MS * 3,
  );

  test(
    'between a restart and the message about it is made good for, and nothing is restarted twice',
    async () => {
      await prepare('killed-rollout');
      const version = await rotate('killed-rollout');
      // The push has sent its message when nothing of it is left; the debounce holds that back.
      await relay.settled();

      const sending = gate.close();
      await sending;
      await relay.functions.rollout.stop();
      expect(await generation('killed-rollout')).toBe(2);
      gate.open();
      await relay.redeploy(config);

      await finished('killed-rollout', version);
    },
    PATIENCE_MS * 3,
  );
});

/** Takes away what waits in the push queue, as if it had never come. */
async function forgetEvents(): Promise<void> {
  const sqs = sqsOf(local.aws);
  await sqs.purgeQueue({ QueueUrl: relay.queues.push });
  sqs.destroy();
}

test(
  'what is paused waits, the log says so, and the sweep after the pause rolls it out',
  async () => {
    const paused = (value: 'true' | null) =>
      cluster.admin.patch('/api/v1/namespaces/shop', {
        metadata: { annotations: { 'keyrelay.dev/rollout-paused': value } },
      });
    await deploy('paused', { secrets: ['paused'], annotations: { 'keyrelay.dev/restart': 'true' } });
    await paused('true');

    const version = await rotate('paused');
    const line = await until(() =>
      Promise.resolve(
        relay
          .output()
          .split('\n')
          .find((text) => text.includes('"rollout held"') && text.includes(version)),
      ),
    );
    const before = await generation('paused');
    await paused(null);
    await relay.reconcile();
    await until(async () => (await marksOf('paused')).rollout?.revision === version, PATIENCE_MS);

    expect(line).toContain('the namespace is paused');
    expect(before).toBe(1);
    expect(await revisions('paused', 'paused')).toEqual([version, version]);
  },
  PATIENCE_MS * 2,
);
