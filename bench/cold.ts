import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { bundleFunctions, bundleOptions } from '../infra/bundle.ts';
import { serializeCompiled } from '../lambda/declarations/load-compiled.ts';
import { percentiles, report, round } from './result.ts';
import type { Metric } from './result.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SAMPLES = 15;

/** What each dependency costs by itself: an entry that does nothing but keep its exports alive. */
const PARTS: Readonly<Record<string, string>> = {
  nothing: '',
  'client-secrets-manager':
    "import { SecretsManager } from '@aws-sdk/client-secrets-manager'; globalThis.x = SecretsManager;",
  'client-eks': "import { EKS } from '@aws-sdk/client-eks'; globalThis.x = EKS;",
  'client-sqs': "import { SQS } from '@aws-sdk/client-sqs'; globalThis.x = SQS;",
  'client-sts (loaded when a role is assumed)':
    "import { STS } from '@aws-sdk/client-sts'; globalThis.x = STS;",
  'client-eventbridge (loaded when there is a receipt to send)':
    "import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge'; globalThis.x = [EventBridgeClient, PutEventsCommand];",
  'three SDK clients together':
    "import { SecretsManager } from '@aws-sdk/client-secrets-manager'; import { EKS } from '@aws-sdk/client-eks'; import { SQS } from '@aws-sdk/client-sqs'; globalThis.x = [SecretsManager, EKS, SQS];",
  'client-node as documented (KubeConfig, CoreV1Api)':
    "import { KubeConfig, CoreV1Api } from '@kubernetes/client-node'; globalThis.x = [KubeConfig, CoreV1Api];",
  'lambda/cluster, with what it uses of client-node': `import { createClusterSecrets } from '${ROOT}lambda/cluster/cluster-secrets.ts'; globalThis.x = createClusterSecrets;`,
  'powertools logger, metrics, batch':
    "import { Logger } from '@aws-lambda-powertools/logger'; import { Metrics } from '@aws-lambda-powertools/metrics'; import { BatchProcessor } from '@aws-lambda-powertools/batch'; globalThis.x = [Logger, Metrics, BatchProcessor];",
  'powertools tracer (loaded when tracing is on)':
    "import { Tracer } from '@aws-lambda-powertools/tracer'; globalThis.x = Tracer;",
  'zod/mini': "import * as z from 'zod/mini'; globalThis.x = z.object({ a: z.string() });",
};

/** Environment with which a bundle starts; nothing is called. */
function environment(folder: string): NodeJS.ProcessEnv {
  const config = join(folder, 'config.json');
  const store = { name: 'aws', service: 'SecretsManager', region: 'eu-west-1' } as const;
  const garbageCollection = { maxShare: 0, minimum: 0, graceSeconds: 0 };
  writeFileSync(
    config,
    serializeCompiled({
      formatVersion: 1,
      clusters: [],
      stores: [store],
      settings: { garbageCollection, clusterConcurrency: 10 },
      declarations: [],
    }),
  );
  const queue = 'https://sqs.eu-west-1.amazonaws.com/123456789012/q';
  return {
    KEYRELAY_CONFIG: config,
    KEYRELAY_ACCOUNT: '123456789012',
    KEYRELAY_PUSH_QUEUE_URL: queue,
    KEYRELAY_SHARD_QUEUE_URL: queue,
    KEYRELAY_ROLLOUT_QUEUE_URL: queue,
    KEYRELAY_DEAD_LETTER_QUEUE_URL: queue,
    KEYRELAY_MAX_RECEIVES: '10',
    AWS_REGION: 'eu-west-1',
  };
}

/** Time to import a bundle in fresh processes, in ms. */
function initTimes(file: string, env: NodeJS.ProcessEnv): readonly number[] {
  const script = `const t = performance.now(); await import(${JSON.stringify(file)}); process.stdout.write(String(performance.now() - t)); process.exit();`;
  return Array.from({ length: SAMPLES }, () => {
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      env,
      encoding: 'utf8',
    });
    const ms = Number(stdout);
    if (stdout === '' || Number.isNaN(ms)) throw new Error(`${file} did not load: ${stderr}`);
    return ms;
  });
}

/** Initialisation and size of each function's bundle, and of what it is made of. */
export async function benchCold(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'keyrelay-bench-'));
  try {
    await bundleFunctions(ROOT, join(folder, 'functions'));
    const env = environment(folder);
    const metrics: Metric[] = [];
    for (const name of ['push', 'reconcile', 'reconcile-shard']) {
      const index = join(folder, 'functions', name, 'index.mjs');
      metrics.push(
        { name: `${name}: entry`, unit: 'kB', value: kilobytes(index) },
        {
          name: `${name}: with the chunks loaded on demand`,
          unit: 'kB',
          value: totalKilobytes(join(folder, 'functions', name)),
        },
      );
      metrics.push({ name: `${name}: init`, unit: 'ms', ...percentiles(initTimes(index, env)) });
    }
    report({ name: 'cold', command: 'npm run bench -- cold', metrics });
    report({ name: 'import-cost', command: 'npm run bench -- cold', metrics: await partCosts(folder, env) });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function partCosts(folder: string, env: NodeJS.ProcessEnv): Promise<readonly Metric[]> {
  const metrics: Metric[] = [];
  for (const [index, [name, contents]] of Object.entries(PARTS).entries()) {
    const entry = join(folder, `part-${index}.ts`);
    writeFileSync(entry, contents);
    // Outside the tree, so packages are looked for where the tree has them.
    await build({
      ...bundleOptions(ROOT, { part: entry }, join(folder, `part-${index}`)),
      splitting: false,
      nodePaths: [join(ROOT, 'node_modules')],
    });
    const file = join(folder, `part-${index}`, 'part.mjs');
    metrics.push(
      { name: `${name}: size`, unit: 'kB', value: kilobytes(file) },
      { name: `${name}: init`, unit: 'ms', ...percentiles(initTimes(file, env)) },
    );
  }
  return metrics;
}

function kilobytes(file: string): number {
  return round(statSync(file).size / 1000);
}

function totalKilobytes(folder: string): number {
  return round(readdirSync(folder).reduce((sum, name) => sum + kilobytes(join(folder, name)), 0));
}
