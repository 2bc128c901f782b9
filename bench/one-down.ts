import { setTimeout as sleep } from 'node:timers/promises';
import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { clusterManifests } from '../infra/manifests/cluster-manifests.ts';
import { crds } from '../infra/manifests/crds.ts';
import { presignToken } from '../lambda/cluster/eks-token.ts';
import { compileOrThrow } from '../lambda/declarations/compile-or-throw.ts';
import type { Compiled } from '../lambda/declarations/compile.ts';
import { startClusterProxy } from '../local/faults/cluster-proxy.ts';
import type { ClusterProxy } from '../local/faults/cluster-proxy.ts';
import { always } from '../local/faults/plans.ts';
import { consoleProgress } from '../local/progress.ts';
import { clientOptions, sqsOf } from '../local/relay/queues.ts';
import { startRelay } from '../local/relay/start-relay.ts';
import { clusterOf, startLocal } from '../local/start-local.ts';
import type { Local, LocalCluster } from '../local/start-local.ts';
import { watchArrivals } from './arrivals.ts';
import { percentiles, report, round } from './result.ts';
import { sizesOf } from './sizes.ts';

/** The API server that is behind all of them. */
const SERVER = 'one';
const CLUSTERS = Array.from({ length: 10 }, (_, n) => `c${n}`);
const DOWN = 'c9';
const OTHERS = CLUSTERS.filter((name) => name !== DOWN);
const SECRET = 'bench-0';
/** As many functions as a deployment has by default. */
const PUSH_CONCURRENCY = 10;
/** Each rotation is one push; as fast as this, those that wait for the silent cluster pile up if it is let. */
const EVERY_MS = 1000;
/** Up and down by turns, so that what else the machine does falls on both. */
const TURNS = 2;
const SETTLE_MS = 120_000;

/**
 * What the other nine notice of one cluster that accepts connections and never answers: rotations of a secret that all ten declare themselves, and
 * how long until each of the nine has the value, with all up and with one down, in one run.
 *
 * The ten are namespaces of one API server, each behind a proxy of its own with its own endpoint and CA.
 */
export async function benchOneDown(): Promise<void> {
  const [rotations = 0] = sizesOf([30]);
  const local = await startLocal({ clusters: [SERVER], progress: consoleProgress });
  const server = clusterOf(local, SERVER);
  const manager = new SecretsManager(clientOptions(local.aws));
  const sqs = sqsOf(local.aws);
  const proxies = new Map<string, ClusterProxy>();
  try {
    for (const name of CLUSTERS) proxies.set(name, await standIn(name, server, local));
    for (const name of CLUSTERS) await server.admin.create('/api/v1/namespaces', { metadata: { name } });
    await server.install([...crds(), ...manifestsOf(server)]);
    await manager.createSecret({ Name: SECRET, SecretString: 'fake' });
    for (const namespace of CLUSTERS) await declareIn(namespace, server);
    const relay = await startRelay({
      ...{ local, compiled: configOf(CLUSTERS), pushConcurrency: PUSH_CONCURRENCY, visibilitySeconds: 360 },
      env: { POWERTOOLS_LOG_LEVEL: 'SILENT', POWERTOOLS_METRICS_DISABLED: 'true' },
    });
    try {
      await relay.reconcile();
      await relay.settled(SETTLE_MS);
      const stage = { manager, server };
      await rotateAll(stage, 'warm', PUSH_CONCURRENCY * 2);
      const up: number[] = [];
      const down: number[] = [];
      for (let turn = 0; turn < TURNS; turn += 1) {
        up.push(...(await rotateAll(stage, `up-${turn}`, rotations)));
        proxies.get(DOWN)?.use(always({}, { kind: 'silent' }));
        down.push(...(await rotateAll(stage, `down-${turn}`, rotations)));
        proxies.get(DOWN)?.use(undefined);
        // What still asks for the tenth is left out: nobody measures when that one is right again.
        await sqs.purgeQueue({ QueueUrl: relay.queues.push });
        await relay.settled(SETTLE_MS);
      }
      tell(up, down, rotations);
    } finally {
      await relay.stop();
    }
  } finally {
    for (const proxy of proxies.values()) await proxy.close();
    manager.destroy();
    sqs.destroy();
    await local.stop();
  }
}

function tell(up: readonly number[], down: readonly number[], rotations: number): void {
  const [all, nine] = [percentiles(up), percentiles(down)];
  report({
    name: 'one-down',
    command: 'npm run bench -- one-down',
    metrics: [
      { name: 'rotations with all up, and with one down', unit: 'rotations', value: TURNS * rotations },
      { name: 'all up: rotation to Secret', unit: 'ms', ...all },
      { name: 'all up: slowest', unit: 'ms', value: round(Math.max(...up)) },
      { name: 'one down: rotation to Secret', unit: 'ms', ...nine },
      { name: 'one down: slowest', unit: 'ms', value: round(Math.max(...down)) },
      { name: 'ratio of the medians', unit: '', value: round(nine.p50 / all.p50) },
      { name: 'ratio of the slowest of a hundred', unit: '', value: round(nine.p99 / all.p99) },
    ],
  });
}

interface Stage {
  readonly manager: SecretsManager;
  readonly server: LocalCluster;
}

/** From the answer to PutSecretValue until a watch sees the value, in ms: of each rotation and each of the nine. */
async function rotateAll(
  { manager, server }: Stage,
  round: string,
  rotations: number,
): Promise<readonly number[]> {
  const waits: number[] = [];
  for (let n = 0; n < rotations; n += 1) {
    const value = `fake-${round}-${n}`;
    const expected = new Map(OTHERS.map((name) => [`${SERVER}/${name}/db`, value]));
    const arrivals = await watchArrivals(new Map([[SERVER, server.admin]]), expected);
    await manager.putSecretValue({ SecretId: SECRET, SecretString: value });
    const rotated = performance.now();
    const seen = await arrivals.all(SETTLE_MS);
    arrivals.stop();
    waits.push(...[...seen.values()].map((at) => at - rotated));
    await sleep(Math.max(0, rotated + EVERY_MS - performance.now()));
  }
  return waits;
}

/** A cluster of this name at the emulated EKS: the API server, by a proxy that knows the relay there by the API server's own name. */
async function standIn(name: string, { registration }: LocalCluster, local: Local): Promise<ClusterProxy> {
  // Good for a quarter of an hour, which is more than this takes.
  const token = await presignToken({
    cluster: SERVER,
    region: local.aws.region,
    credentials: { ...local.relayCredentials, expiration: undefined },
    now: new Date(),
  });
  const proxy = await startClusterProxy(registration, { token });
  local.aws.registerCluster({ name, endpoint: proxy.endpoint, caData: proxy.caData });
  return proxy;
}

/** What the deployment would put into the API server if the ten were one cluster. */
function manifestsOf({ name }: LocalCluster) {
  const { config, deployment } = configOf([name]);
  const [cluster] = config.clusters;
  return cluster === undefined
    ? []
    : clusterManifests(config, deployment, { ...cluster, namespaces: CLUSTERS });
}

function configOf(names: readonly string[]): Compiled {
  const cluster = (name: string): string =>
    `  - { name: ${name}, region: eu-west-1, account: '123456789012', namespaces: [${name}], declarations: cluster, rollouts: { policy: "off" }, allow: [{ namespaces: [${name}], secrets: ['bench-*'] }] }\n`;
  const text = `apiVersion: keyrelay.dev/v1\nkind: Config\nclusters:\n${names.map(cluster).join('')}stores: []\n`;
  return compileOrThrow({ config: { path: 'keyrelay.yaml', text }, declarations: [] });
}

async function declareIn(namespace: string, { admin }: LocalCluster): Promise<void> {
  const apiVersion = 'external-secrets.io/v1';
  const folder = `/apis/${apiVersion}/namespaces/${namespace}`;
  await admin.apply(`${folder}/secretstores/aws`, {
    ...{ apiVersion, kind: 'SecretStore', metadata: { name: 'aws', namespace } },
    spec: { provider: { aws: { service: 'SecretsManager', region: 'eu-west-1' } } },
  });
  await admin.apply(`${folder}/externalsecrets/db`, {
    ...{ apiVersion, kind: 'ExternalSecret', metadata: { name: 'db', namespace } },
    spec: {
      secretStoreRef: { kind: 'SecretStore', name: 'aws' },
      data: [{ secretKey: 'value', remoteRef: { key: SECRET } }],
    },
  });
}
