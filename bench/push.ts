import type { Context } from 'aws-lambda';
import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { consoleProgress } from '../local/progress.ts';
import { clientOptions, toSqsEvent } from '../local/relay/queues.ts';
import type { LocalFunction } from '../local/relay/start-function.ts';
import { startRelay } from '../local/relay/start-relay.ts';
import { startLocal } from '../local/start-local.ts';
import { benchConfig } from './bench-config.ts';
import { percentiles, report, round } from './result.ts';
import { createStopwatch } from './stopwatch.ts';

const PUSHES = 300;
const WARM_UP = 50;
const MANY = 1000;

/** Warm pushes against a real API server, and the memory of one push and of a reconcile of a thousand. */
export async function benchPush(): Promise<void> {
  const local = await startLocal({ clusters: ['bench'], progress: consoleProgress });
  const manager = new SecretsManager(clientOptions(local.aws));
  try {
    await local.clusters.get('bench')?.allow('bench');
    await manager.createSecret({ Name: 'bench-0', SecretString: 'fake-0' });
    const relay = await startRelay({
      local,
      compiled: benchConfig({ count: 1 }),
      env: { POWERTOOLS_LOG_LEVEL: 'SILENT', POWERTOOLS_METRICS_DISABLED: 'true' },
    });
    const event = await eventFor(manager);
    await pushTimes(relay.functions.push, manager, event, WARM_UP);
    const bundled = await pushTimes(relay.functions.push, manager, event, PUSHES);
    const rss = relay.functions.push.memory();
    const shares = await ownShares(relay.environment, manager, event);
    await relay.stop();
    report({
      name: 'push',
      command: 'npm run bench -- push',
      metrics: [
        {
          name: 'bundled function: event handed over to the end, rollout message, receipt and Event included',
          unit: 'ms',
          ...percentiles(bundled),
        },
        {
          name: 'handler in this process, in all',
          unit: 'ms',
          ...percentiles(shares.map(({ total }) => total)),
        },
        {
          name: 'of it, waiting for the API server and AWS',
          unit: 'ms',
          ...percentiles(shares.map(({ remote }) => remote)),
        },
        {
          name: "of it, the relay's own",
          unit: 'ms',
          ...percentiles(shares.map(({ total, remote }) => total - remote)),
        },
      ],
    });
    const many = await reconcileMemory(local, manager);
    report({
      name: 'memory',
      command: 'npm run bench -- push',
      metrics: [
        { name: `push: peak RSS over ${PUSHES + WARM_UP} pushes`, unit: 'MB', value: round(rss / 2 ** 20) },
        {
          name: `reconcile-shard: peak RSS of a first fill of ${MANY} Secrets`,
          unit: 'MB',
          value: round(many / 2 ** 20),
        },
      ],
    });
  } finally {
    manager.destroy();
    await local.stop();
  }
}

/** Rotates, then hands the event over, so that neither the rotation nor the queue's polling is part of the figure. */
async function pushTimes(
  target: Pick<LocalFunction, 'invoke'>,
  manager: SecretsManager,
  event: () => unknown,
  count: number,
): Promise<readonly number[]> {
  const times: number[] = [];
  for (let n = 1; n <= count; n += 1) {
    await manager.putSecretValue({ SecretId: 'bench-0', SecretString: `fake-${n}` });
    const started = performance.now();
    await target.invoke(event());
    times.push(performance.now() - started);
  }
  return times;
}

/** The handler with its real ports, each call of which is timed: what is not spent in them is the relay's own. */
async function ownShares(
  environment: Readonly<Record<string, string>>,
  manager: SecretsManager,
  event: () => SqsEvent,
): Promise<readonly { readonly total: number; readonly remote: number }[]> {
  Object.assign(process.env, environment);
  const { startRuntime } = await import('../lambda/runtime.ts');
  const { handlePush } = await import('../lambda/handlers/handle-push.ts');
  const runtime = await startRuntime();
  const remote = createStopwatch();
  const { secrets, source, reports } = runtime.ports;
  const watched = {
    ...runtime,
    ports: {
      ...runtime.ports,
      secrets: remote.watch(secrets),
      source: remote.watch(source),
      reports: remote.watch(reports),
    },
    sqs: remote.watch(runtime.sqs),
    receipts: remote.watch(runtime.receipts),
  };
  const shares: { total: number; remote: number }[] = [];
  for (let n = 1; n <= WARM_UP + PUSHES; n += 1) {
    await manager.putSecretValue({ SecretId: 'bench-0', SecretString: `fake-again-${n}` });
    remote.reset();
    const started = performance.now();
    await handlePush(event(), benchContext, watched);
    shares.push({ total: performance.now() - started, remote: remote.elapsed() });
  }
  return shares.slice(WARM_UP);
}

type SqsEvent = ReturnType<typeof toSqsEvent>;

/** What a handler looks at of Lambda's context. */
const benchContext: Context = {
  callbackWaitsForEmptyEventLoop: false,
  logGroupName: 'bench',
  logStreamName: 'bench',
  awsRequestId: 'bench',
  functionName: 'push',
  functionVersion: '$LATEST',
  invokedFunctionArn: 'arn:aws:lambda:local:123456789012:function:push',
  memoryLimitInMB: '512',
  getRemainingTimeInMillis: () => 60_000,
  /* eslint-disable @typescript-eslint/no-deprecated -- the type asks for what nobody calls */
  done: () => undefined,
  fail: () => undefined,
  succeed: () => undefined,
  /* eslint-enable @typescript-eslint/no-deprecated */
};

async function eventFor(manager: SecretsManager): Promise<() => SqsEvent> {
  const { ARN = '' } = await manager.describeSecret({ SecretId: 'bench-0' });
  // An old event that names no version in doubt: what is measured is a push, not a confirmation.
  const body = {
    id: 'bench',
    'detail-type': 'AWS API Call via CloudTrail',
    source: 'aws.secretsmanager',
    account: '123456789012',
    time: '2026-01-01T00:00:00Z',
    region: 'eu-west-1',
    resources: [],
    detail: { eventName: 'UpdateSecret', requestParameters: { secretId: ARN } },
  };
  return () =>
    toSqsEvent([{ MessageId: 'm', ReceiptHandle: 'none', Body: JSON.stringify(body) }], 'eu-west-1');
}

async function reconcileMemory(
  local: Parameters<typeof startRelay>[0]['local'],
  manager: SecretsManager,
): Promise<number> {
  for (let n = 1; n < MANY; n += 1)
    await manager.createSecret({ Name: `bench-${n}`, SecretString: `fake-${n}` });
  const relay = await startRelay({
    local,
    compiled: benchConfig({ count: MANY }),
    name: 'many',
    env: { POWERTOOLS_LOG_LEVEL: 'WARN' },
    visibilitySeconds: 300,
  });
  await relay.reconcile();
  await relay.settled(300_000);
  const rss = relay.functions['reconcile-shard'].memory();
  await relay.stop();
  return rss;
}
