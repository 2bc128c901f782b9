import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { FunctionName } from '../../infra/bundle.ts';
import { NODE_OPTIONS } from '../../infra/node-options.ts';
import { ENV } from '../../lambda/contract.ts';
import { serializeCompiled } from '../../lambda/declarations/load-compiled.ts';
import type { Compiled } from '../../lambda/declarations/compile.ts';
import type { Cluster, CompiledConfig } from '../../lambda/model/config.ts';
import { clusterManifests } from '../../infra/manifests/cluster-manifests.ts';
import type { Local } from '../start-local.ts';
import { startPump } from './pump.ts';
import type { Pump, PumpOptions } from './pump.ts';
import { createQueues, depthOf, sqsOf } from './queues.ts';
import type { Queues } from './queues.ts';
import { startFunction } from './start-function.ts';
import type { LocalFunction } from './start-function.ts';

/** In a process of its own: esbuild does not run inside Jest's sandbox. */
const BUNDLER = fileURLToPath(new URL('../../infra/bundle-functions.ts', import.meta.url));

export interface RelayOptions {
  readonly local: Local;
  readonly compiled: Compiled;
  /** Tells deployments on one emulator apart. */
  readonly name?: string;
  readonly visibilitySeconds?: number;
  readonly maxReceiveCount?: number;
  /** How many push functions run side by side, each in a process of its own as Lambda has it; 1 where undefined. */
  readonly pushConcurrency?: number;
  /** `by hand`: nothing takes messages from the queues; whoever started this does. `by the queues` where undefined. */
  readonly deliveries?: 'by the queues' | 'by hand';
  /** Added to the functions' environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** The relay as it would be deployed: its bundled functions, its queues and the rule that feeds them, on the local AWS. */
export interface LocalRelay {
  readonly queues: Queues;
  readonly functions: Readonly<Record<FunctionName, LocalFunction>>;
  /** The push functions beside that of `functions`. */
  readonly morePush: readonly LocalFunction[];
  /** The functions' environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** What the schedule does. */
  reconcile(event?: object): Promise<void>;
  /** Waits until what is to be pushed and swept is, and nothing is being handled; rollouts may go on. */
  settled(timeoutMs?: number): Promise<void>;
  /** Reconciles, and waits until that is settled. */
  sweep(): Promise<void>;
  /**
   * Kills a function, whatever it does. As on Lambda, another begins with the next messages, and what the dead one had is delivered again.
   *
   * @returns whether it was in the middle of something
   */
  kill(name: FunctionName): boolean;
  /** The function, once there is one in the place of one that was killed. */
  replaced(name: FunctionName): Promise<LocalFunction>;
  /** What a deployment of another configuration does. */
  redeploy(compiled: Compiled): Promise<void>;
  /** All that the functions have written. */
  output(): string;
  stop(): Promise<void>;
}

/** Bundles the functions and starts them, as the role of the relay and with nothing of this process's environment. */
export async function startRelay({
  local,
  compiled,
  name = 'keyrelay',
  visibilitySeconds = 30,
  maxReceiveCount = 5,
  pushConcurrency = 1,
  deliveries = 'by the queues',
  env = {},
}: RelayOptions): Promise<LocalRelay> {
  const folder = await mkdtemp(join(tmpdir(), 'keyrelay-relay-'));
  await promisify(execFile)(process.execPath, [BUNDLER, folder]);
  const queues = await createQueues(local.aws, { name, visibilitySeconds, maxReceiveCount });
  const sqs = sqsOf(local.aws);
  let written = '';
  const environment = {
    ...environmentOf(local, queues),
    [ENV.config]: join(folder, 'config.json'),
    [ENV.maxReceives]: String(maxReceiveCount),
    ...env,
  };
  await install(local, compiled);
  let functions = await startAll(folder, environment, compiled.config);
  const morePush = await Promise.all(
    Array.from({ length: pushConcurrency - 1 }, () => startOne('push', folder, environment)),
  );
  const starting = new Map<FunctionName, Promise<void>>();
  const current = async (name: FunctionName): Promise<LocalFunction> => {
    await starting.get(name);
    return functions[name];
  };
  const pump = (queueUrl: string, batchSize: number, target: PumpOptions['target']): Pump =>
    startPump({ sqs, queueUrl, region: local.aws.region, batchSize, target });
  const pumps =
    deliveries === 'by hand'
      ? []
      : [
          ...morePush.map((push) => pump(queues.push, 10, () => push)),
          pump(queues.push, 10, () => current('push')),
          pump(queues.shard, 1, () => current('reconcile-shard')),
          pump(queues.rollout, 10, () => current('rollout')),
        ];
  const replace = async (name: FunctionName): Promise<void> => {
    const old = functions[name];
    await old.stop();
    const next = await startOne(name, folder, environment);
    written += old.output();
    functions = { ...functions, [name]: next };
    starting.delete(name);
  };
  const stopAll = async (old: typeof functions): Promise<void> => {
    await Promise.all(Object.values(old).map((item) => item.stop()));
    written += outputOf(old);
  };
  const idle = async (): Promise<void> => {
    while (pumps.some((item) => item.active() > 0)) await sleep(5);
  };
  const reconcile = async (event = {}): Promise<void> => {
    await (await current('reconcile')).invoke(event);
  };
  const settled = async (timeoutMs = 60_000): Promise<void> => {
    const until = performance.now() + timeoutMs;
    for (;;) {
      const waiting = (
        await Promise.all([queues.push, queues.shard].map((queue) => depthOf(sqs, queue)))
      ).some((depth) => depth > 0);
      if (!waiting && pumps.every((item) => item.active() === 0)) return;
      if (performance.now() > until) throw new Error('the relay did not settle in time');
      await sleep(20);
    }
  };
  return {
    queues,
    environment,
    get functions() {
      return functions;
    },
    morePush,
    kill: (name) => {
      const working = functions[name].busy();
      if (!starting.has(name)) starting.set(name, replace(name));
      return working;
    },
    replaced: (name) => current(name),
    reconcile,
    settled,
    sweep: async () => {
      await reconcile();
      await settled();
    },
    redeploy: async (next) => {
      const old = functions;
      await install(local, next);
      functions = await startAll(folder, environment, next.config);
      // As Lambda does: what has begun is finished by the version that began it.
      await idle();
      await stopAll(old);
    },
    output: () => written + outputOf(functions) + morePush.map((push) => push.output()).join(''),
    stop: async () => {
      await Promise.all(pumps.map((item) => item.stop()));
      await Promise.all(starting.values());
      await Promise.all(morePush.map((push) => push.stop()));
      await stopAll(functions);
      sqs.destroy();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What the deployment applies to the clusters, before the functions change. */
async function install({ clusters }: Local, { config, deployment }: Compiled): Promise<void> {
  const install = async (cluster: Cluster): Promise<void> =>
    clusters.get(cluster.name)?.install(clusterManifests(config, deployment, cluster));
  await Promise.all(config.clusters.map(install));
}

async function startAll(
  folder: string,
  env: Readonly<Record<string, string>>,
  config: CompiledConfig,
): Promise<Readonly<Record<FunctionName, LocalFunction>>> {
  await writeFile(join(folder, 'config.json'), serializeCompiled(config));
  const start = (name: FunctionName): Promise<LocalFunction> => startOne(name, folder, env);
  const [push, reconcile, shard, rollout] = await Promise.all([
    start('push'),
    start('reconcile'),
    start('reconcile-shard'),
    start('rollout'),
  ]);
  return { push, reconcile, 'reconcile-shard': shard, rollout };
}

function startOne(
  name: FunctionName,
  folder: string,
  env: Readonly<Record<string, string>>,
): Promise<LocalFunction> {
  const options = NODE_OPTIONS[name];
  return startFunction({
    name,
    bundle: join(folder, name, 'index.mjs'),
    env: { ...env, ...(options === undefined ? {} : { NODE_OPTIONS: options }) },
  });
}

/** What the stacks set, and what Lambda sets. */
function environmentOf({ aws, relayCredentials }: Local, queues: Queues): Readonly<Record<string, string>> {
  return {
    [ENV.pushQueue]: queues.push,
    [ENV.shardQueue]: queues.shard,
    [ENV.rolloutQueue]: queues.rollout,
    [ENV.deadLetterQueue]: queues.deadLetter,
    [ENV.account]: aws.account,
    AWS_ENDPOINT_URL: aws.endpoint,
    AWS_REGION: aws.region,
    AWS_ACCESS_KEY_ID: relayCredentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: relayCredentials.secretAccessKey,
    AWS_SESSION_TOKEN: relayCredentials.sessionToken,
    POWERTOOLS_SERVICE_NAME: 'keyrelay',
    POWERTOOLS_LOG_LEVEL: 'DEBUG',
  };
}

function outputOf(functions: Readonly<Record<FunctionName, LocalFunction>>): string {
  return Object.values(functions)
    .map((item) => item.output())
    .join('');
}
