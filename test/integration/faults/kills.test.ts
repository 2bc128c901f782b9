import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { z } from 'zod';
import type { FunctionName } from '../../../infra/bundle.ts';
import { changeMarks } from '../../../lambda/model/change-marks.ts';
import { serializeShard } from '../../../lambda/events/sqs-message.ts';
import { applyExternalSecret, objectsPath, oneKey } from '../../support/declared-objects.ts';
import { until } from '../../support/until.ts';
import { deploy, pathOf, workloadOf } from '../rollouts/objects.ts';
import { killPointsOf, watchExchanges } from './kill-points.ts';
import type { KillPoint, Witness } from './kill-points.ts';
import { NAMESPACE, startKillWorld } from './kill-world.ts';
import type { KillWorld } from './kill-world.ts';

/**
 * A function that dies, at each of its exchanges with the API server and AWS in turn. What it was to do is delivered again, and must come to the same as
 * if nothing had happened. Which exchanges there are is taken from a run that nothing disturbs.
 */
let world: KillWorld;

beforeAll(async () => {
  world = await startKillWorld();
}, 900_000);

afterAll(() => world.stop());

/** How a change comes to the relay, and which functions die on its way. */
const STORIES = {
  'by its event': { functions: ['push', 'rollout'], begin: () => Promise.resolve() },
  'by a sweep, its event being lost': {
    functions: ['reconcile-shard'],
    begin: async () => {
      const { sqs, relay } = world;
      await sqs.purgeQueue({ QueueUrl: relay.queues.push });
      const body = serializeShard({ cluster: 'one', namespaces: [NAMESPACE], begun: new Date() });
      await sqs.sendMessage({ QueueUrl: relay.queues.shard, MessageBody: body });
    },
  },
} as const satisfies Record<
  string,
  { readonly functions: readonly FunctionName[]; readonly begin: () => Promise<void> }
>;

const Status = z.object({
  status: z.object({ conditions: z.array(z.object({ status: z.string(), message: z.string() })) }),
});

/** A Secret, declared in the cluster, of a secret of its own, and a Deployment that consumes it; all of one name, and all at rest. */
async function prepare(names: readonly string[]): Promise<void> {
  const { cluster, manager } = world;
  for (const name of names) {
    await applyExternalSecret(cluster, NAMESPACE, name, oneKey(name));
    await deploy(cluster, NAMESPACE, name, { secrets: [name] });
    await manager.createSecret({ Name: name, SecretString: 'fake-1' });
  }
  await world.deliverAll(controllersRest);
}

const Workloads = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ generation: z.number() }),
      status: z.object({ observedGeneration: z.number().default(0) }),
    }),
  ),
});

/** A visit finds a restart either done or not: which of them is not left to chance. */
async function controllersRest(): Promise<void> {
  await until(async () => {
    const { items } = Workloads.parse(await world.cluster.admin.get(pathOf('Deployment', NAMESPACE)));
    return items.every(({ metadata, status }) => status.observedGeneration === metadata.generation);
  });
}

/** Rotates the secret, and lets functions that have just started do what follows, one of which dies where that is wanted. */
async function rotate(
  name: string,
  { functions, begin }: (typeof STORIES)[keyof typeof STORIES],
  point?: KillPoint,
): Promise<{ readonly outcome: object; readonly witness: Witness }> {
  const { relay, local, proxy, manager, cluster } = world;
  for (const item of functions) relay.kill(item);
  await Promise.all(functions.map((item) => relay.replaced(item)));
  const { generation } = await workloadOf(cluster, NAMESPACE, name);
  const { VersionId: version = '' } = await manager.putSecretValue({
    SecretId: name,
    SecretString: 'fake-2',
  });
  await begin();
  const witness = watchExchanges(point, (item) => void relay.kill(item));
  proxy.use(witness.plan);
  local.aws.chaos.use(witness.plan);
  await world.deliverAll(async (item) => {
    await controllersRest();
    witness.invoked(item);
  });
  proxy.use(undefined);
  local.aws.chaos.use(undefined);
  return { outcome: await outcomeOf(name, version, generation), witness };
}

/** What became of a rotation, but for times and ids. */
async function outcomeOf(name: string, version: string, generation: number): Promise<object> {
  const { cluster, receipts } = world;
  const secret = await cluster.admin.secret(NAMESPACE, name);
  const workload = await workloadOf(cluster, NAMESPACE, name);
  const { revision, rollout } = changeMarks(secret?.annotations ?? {});
  const object = await cluster.admin.get(`${objectsPath('externalsecrets', NAMESPACE)}/${name}`);
  const { conditions } = Status.parse(object).status;
  const told = (await receipts.about(name)).filter((detail) => detail['revision'] === version);
  return {
    value: secret?.data['value'],
    revision: revision === version,
    rollout: { ofIt: rollout?.revision === version, state: rollout?.state, restarted: rollout?.restarted },
    restarts: workload.generation - generation,
    pods: workload.revisions[name] === version,
    status: conditions.map(({ status, message }) => [status, message.includes(version)]),
    receipts: [...new Set(told.map(({ id }) => id))].length,
    receipt: [...new Set(told.map(({ outcome }) => outcome))],
  };
}

const RIGHT = {
  value: 'fake-2',
  revision: true,
  rollout: { ofIt: true, state: 'complete', restarted: 1 },
  restarts: 1,
  pods: true,
  status: [['True', true]],
  receipts: 1,
  receipt: ['complete'],
};

test.each(['by its event', 'by a sweep, its event being lost'] as const)(
  'a rotation that comes %s is carried out once, wherever a function dies on its way',
  async (how) => {
    const story = STORIES[how];
    const first = `kill-${story.functions[0]}-undisturbed`;
    await prepare([first]);
    // What is said once, such as the status of a store by the first sweep, is no part of the story.
    await story.begin();
    await world.deliverAll(controllersRest);
    const undisturbed = await rotate(first, story);
    const points = killPointsOf(undisturbed.witness.invocations, story.functions);
    const named = points.map((point, n) => ({ point, name: `kill-${story.functions[0]}-${n}` }));
    await prepare(named.map(({ name }) => name));

    const found: { readonly point: KillPoint; readonly killed: boolean; readonly outcome: object }[] = [];
    for (const { point, name } of named) {
      const { outcome, witness } = await rotate(name, story, point);
      found.push({ point, killed: witness.killed, outcome });
    }

    expect(undisturbed.outcome).toEqual(RIGHT);
    expect(found).toEqual(points.map((point) => ({ point, killed: true, outcome: RIGHT })));
  },
  600_000,
);
