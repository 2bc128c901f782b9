import { setTimeout as sleep } from 'node:timers/promises';
import type { SQS } from '@aws-sdk/client-sqs';
import type { Tapped } from '../aws/facade/chaos.ts';
import { startClusterProxy } from '../faults/cluster-proxy.ts';
import type { ClusterProxy } from '../faults/cluster-proxy.ts';
import type { Progress } from '../progress.ts';
import { depthOf, sqsOf } from '../relay/queues.ts';
import { startRelay } from '../relay/start-relay.ts';
import type { LocalRelay } from '../relay/start-relay.ts';
import { clusterOf, startLocal } from '../start-local.ts';
import type { Local } from '../start-local.ts';
import { openIntake } from './event-intake.ts';
import type { EventIntake } from './event-intake.ts';
import { createTroubles } from './fault-plans.ts';
import type { Troubles } from './fault-plans.ts';
import { createHands } from './hands.ts';
import type { Hands } from './hands.ts';
import { judge } from './judge.ts';
import { openLedger } from './message-ledger.ts';
import type { MessageLedger } from './message-ledger.ts';
import { planOf } from './plan.ts';
import { seededRandom } from './random.ts';
import { SETTING } from './setting.ts';
import type { Setting } from './setting.ts';
import { soakConfig } from './soak-config.ts';
import { openSources } from './sources.ts';
import type { Sources } from './sources.ts';
import type { Step } from './step.ts';
import { watchSecrets } from './watch-secrets.ts';
import type { WatchedSecrets } from './watch-secrets.ts';

export interface SoakOptions {
  readonly seed: number;
  readonly steps: number;
  readonly progress: Progress;
  /** Called after each step. */
  readonly onStep?: (done: number) => void;
}

/** What came of a soak. */
export interface SoakResult {
  /** What must not have happened and did, in words; none is what is hoped for. */
  readonly violations: readonly string[];
  /** What happened, by what it is. */
  readonly figures: ReadonlyMap<string, number>;
}

/** Everything that takes part. */
export interface Stage {
  readonly setting: Setting;
  readonly seed: number;
  readonly steps: readonly Step[];
  readonly local: Local;
  readonly relay: LocalRelay;
  readonly sqs: SQS;
  readonly sources: Sources;
  readonly hands: Hands;
  readonly watched: WatchedSecrets;
  readonly intake: EventIntake;
  readonly troubles: Troubles;
  readonly ledger: MessageLedger;
  /** What the relay sent to queues and to the bus. */
  readonly calls: string[];
  /** How often what is named happened. */
  readonly counts: Map<string, number>;
}

/** So long a queue hides a message that a function has: what a killed one had is delivered again after that. */
const VISIBILITY_SECONDS = 3;
const MAX_RECEIVES = 10;
/** Messages that may wait before the next step. */
const LARGEST_BACKLOG = 40;
const PATIENCE_MS = 180_000;

/**
 * Drives the steps of a seed, of which the last is a rest, against a real API server, the emulator and the bundled functions; then sweeps once, and
 * judges.
 */
export async function runSoak({ seed, steps, progress, onStep }: SoakOptions): Promise<SoakResult> {
  const local = await startLocal({ clusters: ['one'], progress });
  const { admin, registration } = clusterOf(local, 'one');
  const proxy = await startClusterProxy(registration);
  try {
    for (const name of SETTING.namespaces)
      await admin.create('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    return await withRelay({ seed, local, proxy, steps: planOf(seed, steps, SETTING) }, onStep);
  } finally {
    await proxy.close();
    await local.stop();
  }
}

interface Ground {
  readonly seed: number;
  readonly steps: readonly Step[];
  readonly local: Local;
  readonly proxy: ClusterProxy;
}

async function withRelay(
  { seed, steps, local, proxy }: Ground,
  onStep: SoakOptions['onStep'],
): Promise<SoakResult> {
  const { aws } = local;
  const { admin, registration } = clusterOf(local, 'one');
  aws.registerCluster({ ...registration, endpoint: proxy.endpoint, caData: proxy.caData });
  const sources = openSources(aws, seed);
  const hands = createHands(admin);
  const sqs = sqsOf(aws);
  await sources.make(SETTING.sources);
  const merged = [...SETTING.declared].filter(([, { policy }]) => policy === 'Merge').map(([id]) => id);
  for (const id of [...SETTING.beside, ...merged]) await hands.make(id);
  const watched = await watchSecrets(admin, SETTING.namespaces);
  const relay = await startRelay({
    ...{ local, compiled: soakConfig(SETTING), name: 'soak', pushConcurrency: 2 },
    ...{ visibilitySeconds: VISIBILITY_SECONDS, maxReceiveCount: MAX_RECEIVES },
  });
  try {
    const { queues } = relay;
    const ledger = openLedger([queues.push, queues.shard, queues.rollout], queues.deadLetter);
    const calls: string[] = [];
    const counts = new Map<string, number>();
    aws.chaos.tap((call) => tapped(call, ledger, calls));
    aws.chaos.hurry(1);
    const intake = await openIntake(aws, sqs, 'soak', queues.push);
    await relay.sweep();
    const troubles = createTroubles(seededRandom(seed + 1), (name) => {
      count(counts, relay.kill(name) ? 'functions killed in an invocation' : 'functions killed while idle');
    });
    proxy.use(troubles.planOf('cluster'));
    aws.chaos.use(troubles.planOf('aws'));
    const stage = {
      ...{ setting: SETTING, seed, steps, local, relay, sqs, sources, hands, watched, intake, troubles },
      ...{ ledger, calls, counts },
    };
    return await soak(stage, onStep);
  } finally {
    watched.stop();
    await relay.stop();
    sources.close();
    sqs.destroy();
  }
}

async function soak(stage: Stage, onStep: SoakOptions['onStep']): Promise<SoakResult> {
  const { steps, relay, troubles, intake } = stage;
  const started = performance.now();
  let early: ReadonlyMap<string, number> = new Map();
  for (const [at, { act, pauseMs }] of steps.entries()) {
    await sleep(pauseMs);
    await caughtUp(stage);
    troubles.reach(at);
    await intake.reach(at);
    await carryOut(act, at, stage);
    count(stage.counts, `steps: ${act.kind}`);
    if (at === Math.floor(steps.length / 3)) early = memoryOf(relay);
    onStep?.(at + 1);
  }
  stage.counts.set('steps took, in s', Math.round((performance.now() - started) / 1000));
  const drainedHeld = await heldNow(stage);
  const deadBefore = await receiveDead(stage);
  await relay.sweep();
  await drained(stage);
  await receiveDead(stage);
  const held = await heldNow(stage);
  return await judge(stage, { drainedHeld, deadBefore, held, memory: { early, late: memoryOf(relay) } });
}

async function carryOut(act: Step['act'], at: number, stage: Stage): Promise<void> {
  const { relay, sources, hands, intake, troubles, counts } = stage;
  switch (act.kind) {
    case 'rotate':
      await sources.rotate(act.source, act.how);
      await intake.deliver(act.source, act.delivery, at);
      return;
    case 'rollback':
      await sources.rollBack(act.source, act.to);
      await intake.deliver(act.source, act.delivery, at);
      return;
    case 'replay':
      await intake.replay(act.source, act.change);
      return;
    case 'edit':
      await hands.type(act.secret, act.key);
      return;
    case 'delete':
      await hands.remove(act.secret);
      return;
    case 'own':
      await hands.type(act.secret);
      return;
    case 'sweep':
      // A schedule whose invocation fails comes again an hour later.
      await relay.reconcile().catch(() => count(counts, 'sweeps that faults prevented'));
      return;
    case 'trouble':
      troubles.begin(act.trouble, at + act.steps);
      return;
    case 'kill':
      troubles.arm(act.function, act.exchanges);
      return;
    case 'rest':
      troubles.end();
      await intake.reach(Number.POSITIVE_INFINITY);
      await drained(stage);
      return;
  }
}

function tapped({ service, action, body, answer }: Tapped, ledger: MessageLedger, calls: string[]): void {
  if (service === 'sqs') ledger.take({ action, body, answer: answer.body });
  if (service === 'events' || action === 'SendMessageBatch') calls.push(body);
}

/** Faults make the relay slower than steps come: what waits must not grow without bounds. */
async function caughtUp({ relay, sqs }: Stage): Promise<void> {
  const waiting = async (): Promise<number> =>
    (await depthOf(sqs, relay.queues.push)) + (await depthOf(sqs, relay.queues.shard));
  while ((await waiting()) > LARGEST_BACKLOG) await sleep(50);
}

/** Waits until no queue has a message and nothing is being handled. */
async function drained({ relay, sqs }: Stage): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  const { push, shard, rollout } = relay.queues;
  for (;;) {
    const depths = await Promise.all([push, shard, rollout].map((queue) => depthOf(sqs, queue)));
    const busy = [...Object.entries(relay.functions), ...relay.morePush.entries()].filter(([, item]) =>
      item.busy(),
    );
    if (busy.length === 0 && depths.every((depth) => depth === 0)) return;
    if (performance.now() > end) {
      const names = busy.map(([name]) => name).join(', ');
      throw new Error(`push, shard and rollout still have ${depths.join(', ')} messages; busy: ${names}`);
    }
    await sleep(100);
  }
}

/** @returns the bodies of what is in the dead-letter queue */
async function receiveDead({ relay, sqs, ledger }: Stage): Promise<readonly string[]> {
  for (;;) {
    const { Messages = [] } = await sqs.receiveMessage({
      ...{ QueueUrl: relay.queues.deadLetter, MaxNumberOfMessages: 10 },
      VisibilityTimeout: PATIENCE_MS / 1000,
    });
    if (Messages.length === 0) return ledger.deadBodies();
  }
}

type Held = ReadonlyMap<string, Readonly<Record<string, string>> | undefined>;

/** What the Secrets that are declared hold, once the watch has told of it too. */
async function heldNow({ local, setting, watched }: Stage): Promise<Held> {
  const { admin } = clusterOf(local, 'one');
  const held = new Map<string, Readonly<Record<string, string>> | undefined>();
  for (const id of [...setting.declared.keys(), ...setting.beside]) {
    const [namespace = '', name = ''] = id.split('/');
    const view = await admin.secret(namespace, name);
    held.set(id, view?.data);
    const end = performance.now() + PATIENCE_MS;
    while (
      view !== undefined &&
      watched.sightings.get(id)?.at(-1)?.resourceVersion !== view.resourceVersion
    ) {
      if (performance.now() > end) throw new Error(`the watch does not tell of ${id}`);
      await sleep(10);
    }
  }
  return held;
}

/** Of a function that is never killed: a peak, in bytes. */
function memoryOf({ morePush }: LocalRelay): ReadonlyMap<string, number> {
  return new Map(morePush.map((push, n) => [`push ${n}`, push.memory()]));
}

function count(counts: Map<string, number>, what: string): void {
  counts.set(what, (counts.get(what) ?? 0) + 1);
}
