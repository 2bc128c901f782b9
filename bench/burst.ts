import { setTimeout as sleep } from 'node:timers/promises';
import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import type { SQS } from '@aws-sdk/client-sqs';
import { mapLimited } from '../lambda/concurrency.ts';
import { consoleProgress } from '../local/progress.ts';
import { clientOptions, sqsOf } from '../local/relay/queues.ts';
import { startRelay } from '../local/relay/start-relay.ts';
import type { LocalRelay } from '../local/relay/start-relay.ts';
import { startLocal } from '../local/start-local.ts';
import type { Local } from '../local/start-local.ts';
import { watchArrivals } from './arrivals.ts';
import { benchConfig, benchNamespace, benchSecret } from './bench-config.ts';
import { watchDepth } from './queue-depth.ts';
import { relayCalls } from './relay-calls.ts';
import { percentiles, report, round } from './result.ts';
import type { Metric } from './result.ts';
import { sizesOf } from './sizes.ts';

const CLUSTERS = ['one', 'two'] as const;
const NAMESPACES = ['bench-0', 'bench-1', 'bench-2', 'bench-3', 'bench-4'] as const;
const MINUTE_MS = 60_000;
/** Requests of this bench itself at once, when it prepares what is measured. */
const PREPARING = 16;
/** Push functions side by side; a deployment's default is 10, and here all share the machine with two API servers and the emulator. */
const PUSH_CONCURRENCY = 4;
const SETTLE_MS = 600_000;

/** How many secrets rotate, and in how many Secrets of each cluster each of them is. */
interface Scenario {
  readonly name: string;
  readonly secrets: number;
  readonly places: number;
  /** Over which the rotations are spread. */
  readonly duringMs: number;
}

/**
 * Many rotations at once, by their events, each event delivered twice: how long until the last Secret is right, what that costs, and what is
 * coalesced.
 */
export async function benchBurst(): Promise<void> {
  const metrics: Metric[] = [];
  for (const scenario of sizesOf([1000]).flatMap(scenariosOf)) metrics.push(...(await measure(scenario)));
  report({ name: 'burst', command: 'npm run bench -- burst', metrics });
}

function scenariosOf(size: number): readonly Scenario[] {
  return [
    {
      name: `${size} secrets rotate within a minute, each in ${NAMESPACES.length} namespaces of ${CLUSTERS.length} clusters`,
      ...{ secrets: size, places: NAMESPACES.length, duringMs: MINUTE_MS },
    },
    {
      name: `1 secret rotates that is in ${size} Secrets of ${CLUSTERS.length} clusters`,
      ...{ secrets: 1, places: size / CLUSTERS.length, duringMs: 0 },
    },
  ];
}

async function measure(scenario: Scenario): Promise<readonly Metric[]> {
  const { secrets, places } = scenario;
  const local = await startLocal({ clusters: [...CLUSTERS], progress: consoleProgress });
  const manager = new SecretsManager(clientOptions(local.aws));
  const sqs = sqsOf(local.aws);
  try {
    await mapLimited([...local.clusters.values()], CLUSTERS.length, async ({ admin }) => {
      for (const name of NAMESPACES)
        await admin.create('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    });
    await mapLimited(numbers(secrets), PREPARING, (n) =>
      manager.createSecret({ Name: benchSecret(n), SecretString: `fake-${n}` }),
    );
    const relay = await startRelay({
      ...{ local, compiled: configOf(scenario), pushConcurrency: PUSH_CONCURRENCY, visibilitySeconds: 360 },
      env: { POWERTOOLS_LOG_LEVEL: 'INFO', POWERTOOLS_METRICS_DISABLED: 'true' },
    });
    try {
      await relay.reconcile();
      await relay.settled(SETTLE_MS);
      return await rotateAll({ scenario, local, manager, sqs, relay, count: secrets * places });
    } finally {
      await relay.stop();
    }
  } finally {
    sqs.destroy();
    manager.destroy();
    await local.stop();
  }
}

interface Stage {
  readonly scenario: Scenario;
  readonly local: Local;
  readonly manager: SecretsManager;
  readonly sqs: SQS;
  readonly relay: LocalRelay;
  /** Secrets of each cluster. */
  readonly count: number;
}

async function rotateAll(stage: Stage): Promise<readonly Metric[]> {
  const { scenario, local, sqs, relay, count } = stage;
  const admins = new Map([...local.clusters].map(([name, { admin }]) => [name, admin]));
  const expected = new Map(
    CLUSTERS.flatMap((cluster) =>
      numbers(count).map((n) => [idOf(cluster, n), valueOf(secretOf(n, scenario))] as const),
    ),
  );
  const arrivals = await watchArrivals(admins, expected);
  const depth = watchDepth(sqs, relay.queues.push);
  const before = writesIn(relay);
  local.aws.chaos.resetCalls();
  const rotated = await mapLimited(numbers(scenario.secrets), scenario.secrets, async (n) => {
    await sleep((scenario.duringMs * n) / scenario.secrets);
    return rotate(stage, n);
  });
  const last = Math.max(...rotated);
  const seen = await arrivals.all(SETTLE_MS);
  const waits = CLUSTERS.flatMap((cluster) =>
    numbers(count).map(
      (n) => ((seen.get(idOf(cluster, n)) ?? NaN) - (rotated[secretOf(n, scenario)] ?? NaN)) / 1000,
    ),
  );
  await relay.settled(SETTLE_MS);
  arrivals.stop();
  const name = (figure: string): string => `${scenario.name}: ${figure}`;
  return [
    { name: name('Secrets'), unit: 'Secrets', value: expected.size },
    // The emulator may not keep up with what it is asked for.
    { name: name('rotations took'), unit: 's', value: round((last - Math.min(...rotated)) / 1000) },
    {
      name: name('last rotation to last correct Secret'),
      unit: 's',
      value: round((Math.max(...seen.values()) - last) / 1000),
    },
    { name: name('rotation to Secret'), unit: 's', ...percentiles(waits) },
    { name: name('greatest depth of the queue'), unit: 'messages', value: await depth.stop() },
    { name: name('events delivered'), unit: 'events', value: 2 * scenario.secrets },
    { name: name('writes of Secrets'), unit: 'writes', value: writesIn(relay) - before },
    ...[...relayCalls(local.aws.chaos.calls())].map(([call, value]) => ({
      name: name(call),
      unit: 'calls',
      value,
    })),
  ];
}

/** Writes of a Secret's data, of which each is logged: more than there are Secrets where one was written twice. */
function writesIn(relay: LocalRelay): number {
  return relay.output().split('"secret written"').length - 1;
}

/** Rotates a secret, of which the emulator sends the event, and delivers that once more: at least once is what AWS promises. */
async function rotate({ manager, sqs, relay, local }: Stage, n: number): Promise<number> {
  const answer = await manager.putSecretValue({ SecretId: benchSecret(n), SecretString: valueOf(n) });
  const at = performance.now();
  const { ARN = '', VersionId: versionId = '' } = answer;
  const event = {
    ...{
      version: '0',
      id: `again-${n}`,
      source: 'aws.secretsmanager',
      'detail-type': 'Secret Label Updated',
    },
    ...{ account: local.aws.account, region: local.aws.region, time: new Date().toISOString() },
    resources: [ARN],
    detail: { name: benchSecret(n), labelUpdated: 'AWSCURRENT', versionId },
  };
  await sqs.sendMessage({ QueueUrl: relay.queues.push, MessageBody: JSON.stringify(event) });
  return at;
}

function configOf(scenario: Scenario): ReturnType<typeof benchConfig> {
  return benchConfig({
    ...{ clusters: CLUSTERS, namespaces: NAMESPACES, count: scenario.secrets * scenario.places },
    sourceOf: (n) => secretOf(n, scenario),
  });
}

/** Number of the secret that a cluster's n-th Secret is of: a secret's places follow each other, and so lie in different namespaces. */
function secretOf(n: number, { places }: Pick<Scenario, 'places'>): number {
  return Math.floor(n / places);
}

function idOf(cluster: string, n: number): string {
  return `${cluster}/${benchNamespace(n, NAMESPACES)}/s${n}`;
}

function valueOf(secret: number): string {
  return `fake-${secret}-again`;
}

function numbers(count: number): readonly number[] {
  return Array.from({ length: count }, (_, n) => n);
}
