import { EventBridge } from '@aws-sdk/client-eventbridge';
import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { mapLimited } from '../lambda/concurrency.ts';
import type { Compiled } from '../lambda/declarations/compile.ts';
import { serializeShard } from '../lambda/events/sqs-message.ts';
import { consoleProgress } from '../local/progress.ts';
import { clientOptions, toSqsEvent } from '../local/relay/queues.ts';
import { startRelay } from '../local/relay/start-relay.ts';
import type { LocalRelay } from '../local/relay/start-relay.ts';
import { startLocal } from '../local/start-local.ts';
import type { Local } from '../local/start-local.ts';
import { benchConfig, benchNamespace, benchSecret } from './bench-config.ts';
import { relayCalls } from './relay-calls.ts';
import { growthExponent, report, round } from './result.ts';
import type { Metric } from './result.ts';
import { sizesOf } from './sizes.ts';

const SIZES = [100, 1000, 10_000] as const;
const MAX_NAMESPACES = 50;
/** Requests of this bench itself at once, when it prepares what is measured. */
const PREPARING = 16;
const TIMEOUT_MS = 900_000;
/** So many sweeps in one process show whether its memory grows with them. */
const REPEATED = 5;
const QUIET = { POWERTOOLS_LOG_LEVEL: 'SILENT', POWERTOOLS_METRICS_DISABLED: 'true' };

/** What one sweep of everything took. */
interface Sweep {
  readonly seconds: number;
  /** The function's own share: processor time of its process. */
  readonly processor: number;
  /** Calls of AWS, by `service:action`. */
  readonly calls: ReadonlyMap<string, number>;
  /** The most memory that was resident since the function started, in MB. */
  readonly peakMB: number;
}

/**
 * The sweep as a bundled function over a real API server: a first fill, everything in sync, 1 % changed, everything drifted, each in a fresh
 * process, so that its peak of memory is its own.
 */
export async function benchSweep(): Promise<void> {
  const metrics: Metric[] = [];
  const inSync: (readonly [number, Sweep])[] = [];
  for (const size of sizesOf(SIZES)) {
    const sweeps = await sweepsOf(size);
    for (const [what, sweep] of sweeps) metrics.push(...metricsOf(size, what, sweep));
    const quiet = sweeps.get('in sync');
    if (quiet !== undefined) inSync.push([size, quiet]);
  }
  const exponent = (name: string, figure: (sweep: Sweep) => number): Metric => ({
    name: `in sync: exponent of growth of the ${name} (1 is linear)`,
    unit: '',
    value: growthExponent(inSync.map(([size, sweep]) => [size, figure(sweep)])),
  });
  const growth =
    inSync.length < 2
      ? []
      : [
          exponent('time', ({ seconds }) => seconds),
          exponent('processor time', ({ processor }) => processor),
        ];
  report({
    name: 'sweep',
    command: 'npm run bench -- sweep',
    metrics: [...metrics, ...growth],
  });
}

async function sweepsOf(size: number): Promise<ReadonlyMap<string, Sweep>> {
  const count = Math.min(MAX_NAMESPACES, size / 10);
  const namespaces = Array.from({ length: count }, (_, n) => `bench-${n}`);
  const local = await startLocal({ clusters: ['bench'], progress: consoleProgress });
  const manager = new SecretsManager(clientOptions(local.aws));
  const compiled = benchConfig({ count: size, namespaces });
  try {
    await createAll(local, manager, namespaces, size);
    const relay = await startRelay({ local, compiled, env: QUIET });
    try {
      await silenceEvents(local);
      return await measureAll({ local, manager, relay, compiled, namespaces, size });
    } finally {
      await relay.stop();
    }
  } finally {
    manager.destroy();
    await local.stop();
  }
}

interface Stage {
  readonly local: Local;
  readonly manager: SecretsManager;
  readonly relay: LocalRelay;
  readonly compiled: Compiled;
  readonly namespaces: readonly string[];
  readonly size: number;
}

/** Without it the push function would write what is changed before the sweep finds it. */
async function silenceEvents({ aws }: Local): Promise<void> {
  const events = new EventBridge(clientOptions(aws));
  const { Rules = [] } = await events.listRules({});
  for (const { Name } of Rules) {
    await events.removeTargets({ Rule: Name, Ids: ['push'] });
    await events.deleteRule({ Name });
  }
  events.destroy();
}

async function measureAll(stage: Stage): Promise<ReadonlyMap<string, Sweep>> {
  const { manager, size } = stage;
  const sweeps = new Map<string, Sweep>();
  sweeps.set('first fill', await measureFresh(stage));
  sweeps.set('in sync', await measureFresh(stage));
  for (let more = 2; more < REPEATED; more += 1) await measure(stage);
  sweeps.set(`in sync, ${REPEATED} times in one process`, await measure(stage));
  await mapLimited(everyNth(size, 100), PREPARING, (n) =>
    manager.putSecretValue({ SecretId: benchSecret(n), SecretString: `fake-${n}-again` }),
  );
  sweeps.set('1 % changed', await measureFresh(stage));
  await mapLimited(everyNth(size, 1), PREPARING, (n) => drift(stage, n));
  sweeps.set('100 % drifted', await measureFresh(stage));
  return sweeps;
}

async function measureFresh(stage: Stage): Promise<Sweep> {
  await stage.relay.redeploy(stage.compiled);
  return measure(stage);
}

/** One delivery of the shard that holds everything, as the queue would make it. */
async function measure({ local, relay, namespaces }: Stage): Promise<Sweep> {
  const body = serializeShard({ cluster: 'bench', namespaces, begun: new Date() });
  const event = toSqsEvent([{ MessageId: 'm', ReceiptHandle: 'r', Body: body }], local.aws.region);
  const target = relay.functions['reconcile-shard'];
  local.aws.chaos.resetCalls();
  const before = target.processor();
  const started = performance.now();
  const result = await target.invoke(event, TIMEOUT_MS);
  const seconds = (performance.now() - started) / 1000;
  if (JSON.stringify(result) !== '{"batchItemFailures":[]}') throw new Error('the sweep failed');
  return {
    seconds,
    processor: target.processor() - before,
    calls: relayCalls(local.aws.chaos.calls()),
    peakMB: target.memory() / 2 ** 20,
  };
}

async function createAll(
  local: Local,
  manager: SecretsManager,
  namespaces: readonly string[],
  size: number,
): Promise<void> {
  const admin = local.clusters.get('bench')?.admin;
  await mapLimited(namespaces, PREPARING, async (name) =>
    admin?.create('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } }),
  );
  await mapLimited(everyNth(size, 1), PREPARING, (n) =>
    manager.createSecret({ Name: benchSecret(n), SecretString: `fake-${n}` }),
  );
}

/** Somebody changes the value by hand, which makes the key theirs. */
async function drift({ local, namespaces }: Stage, n: number): Promise<void> {
  const path = `/api/v1/namespaces/${benchNamespace(n, namespaces)}/secrets/s${n}`;
  await local.clusters.get('bench')?.admin.patch(path, {
    data: { value: 'ZHJpZnQ=' },
  });
}

function everyNth(size: number, step: number): readonly number[] {
  return Array.from({ length: size / step }, (_, n) => n * step);
}

function metricsOf(
  size: number,
  what: string,
  { seconds, processor, calls, peakMB }: Sweep,
): readonly Metric[] {
  const aws = calls.values().reduce((sum, count) => sum + count, 0);
  const values =
    (calls.get('secretsmanager:GetSecretValue') ?? 0) +
    (calls.get('secretsmanager:BatchGetSecretValue') ?? 0);
  const name = (figure: string): string => `${size} Secrets, ${what}: ${figure}`;
  return [
    { name: name('time'), unit: 's', value: round(seconds) },
    { name: name("the function's processor time"), unit: 's', value: round(processor) },
    { name: name('calls of AWS'), unit: 'calls', value: aws },
    { name: name('of them, reads of values'), unit: 'calls', value: values },
    { name: name('peak RSS'), unit: 'MB', value: round(peakMB) },
  ];
}
