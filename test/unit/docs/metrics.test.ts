import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, jest, test } from '@jest/globals';
import { METRIC } from '../../../lambda/contract.ts';
import type { Metric } from '../../../lambda/contract.ts';
import { RelayError } from '../../../lambda/errors.ts';
import {
  serializeCollect,
  serializeRetry,
  serializeRollout,
  serializeShard,
} from '../../../lambda/events/sqs-message.ts';
import { handlePush } from '../../../lambda/handlers/handle-push.ts';
import { handleReconcile } from '../../../lambda/handlers/handle-reconcile.ts';
import { handleRollout } from '../../../lambda/handlers/handle-rollout.ts';
import { handleShard } from '../../../lambda/handlers/handle-shard.ts';
import { NO_MEMORY } from '../../../lambda/model/rollout-memory.ts';
import { aCluster, aDeclaration, aFailure, aManagedSecret, aRef, aVersion } from '../../support/builders.ts';
import { catchMetrics } from '../../support/emf.ts';
import { fakeRuntime } from '../../support/fake-runtime.ts';
import { context, eventOf } from '../../support/invocations.ts';
import { NOW, aChangedSecret, aStatus, aWorkload, restartedFor } from '../../support/rollout-builders.ts';

/** The table of docs/operations.md against what the functions publish where everything happens to them that is measured. */
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

interface Row {
  readonly name: string;
  readonly unit: string;
  readonly dimensions: readonly string[];
  readonly by: readonly string[];
}

const listOf = (cell: string): readonly string[] =>
  cell
    .split(', ')
    .map((word) => word.replaceAll('`', ''))
    .toSorted();

function tableOf(page: string): readonly Row[] {
  const [, table = ''] = page.split('| metric ');
  const rows = (table.split('\n\n')[0] ?? '').split('\n').slice(2);
  return rows.map((row) => {
    const [, name = '', unit = '', dimensions = '', by = ''] = row.split('|').map((cell) => cell.trim());
    return { name: name.replaceAll('`', ''), unit, dimensions: listOf(dimensions), by: listOf(by) };
  });
}

const TABLE = tableOf(readFileSync(join(ROOT, 'docs/operations.md'), 'utf8'));

type Runtime = ReturnType<typeof fakeRuntime>;

const target = { cluster: 'dev', namespace: 'shop', name: 'db' };

/** One declared Secret whose event bus takes nothing, and whose cluster nothing that is told. */
function aRuntime(): Runtime {
  const { settings } = fakeRuntime().config;
  const runtime = fakeRuntime({
    clusters: [aCluster({ rollouts: { policy: 'auto', reloader: 'detect' } })],
    settings: { ...settings, receipts: { bus: 'default', when: 'stages' } },
    declarations: [aDeclaration({ target: { deletionPolicy: 'Delete' } })],
  });
  runtime.ports.clock.time = NOW;
  runtime.receipts.refuses = () => 'RECEIPT_REFUSED';
  runtime.ports.reports.before = (_operation, about) => {
    throw new RelayError('CLUSTER_REJECTED', about);
  };
  runtime.calls.count('kubernetes');
  return runtime;
}

/** What may happen to a Secret that is pushed or swept. */
const SITUATIONS: readonly ((runtime: Runtime) => void)[] = [
  // It is not there.
  () => undefined,
  // It is right.
  ({ ports }) => ports.secrets.put(target, aManagedSecret()),
  // Somebody else wrote to it.
  ({ ports }) =>
    ports.secrets.put(
      target,
      aManagedSecret({ keyOwners: new Map([['password', new Set(['kubectl-edit'])]]) }),
    ),
  // Its source is gone.
  ({ ports }) => {
    ports.secrets.put(target, aManagedSecret());
    ports.source.set(aRef(), aFailure('SOURCE_DELETED'));
  },
  // Its source cannot be read.
  ({ ports }) => void ports.source.set(aRef(), aFailure('SOURCE_DENIED')),
];

const change = {
  eventId: 'event-1',
  service: 'SecretsManager',
  time: aVersion(1).created,
  region: 'eu-west-1',
  account: '111122223333',
  kind: 'value',
  ids: ['shop/db'],
  versionId: 'version-1',
} as const;
const begun = NOW;
const retry = serializeRetry({ declaration: 'shop/db', cluster: 'dev', change });
const shard = serializeShard({ cluster: 'dev', namespaces: ['shop'], begun });
const collect = serializeCollect({ cluster: 'dev', allowMassDeletion: true, begun });
const visit = serializeRollout({
  cluster: 'dev',
  namespaces: ['shop'],
  attempt: 0,
  memory: NO_MEMORY,
  eventIds: new Map(),
});

/** A Secret that changed, with its workload. */
function changed(runtime: Runtime, workload: Partial<Parameters<typeof aWorkload>[0]>): void {
  const { target: its, observed } = aChangedSecret();
  runtime.ports.secrets.put(its, observed);
  runtime.workloads.put(aWorkload(workload));
}

const ROLLOUTS: readonly ((runtime: Runtime) => void)[] = [
  // A restart is due.
  (runtime) => changed(runtime, {}),
  // Every pod has the change.
  (runtime) => changed(runtime, { templateAnnotations: restartedFor({ db: 'v2' }) }),
  // The new pods do not become available.
  (runtime) =>
    changed(runtime, {
      templateAnnotations: restartedFor({ db: 'v2' }),
      status: aStatus({ updated: 1, deadlineExceeded: true }),
    }),
  // The cluster does not let the relay look.
  ({ ports }) => {
    ports.secrets.before = (_operation, where) => {
      throw new RelayError('CLUSTER_FORBIDDEN', where);
    };
  },
];

async function each(
  situations: readonly ((runtime: Runtime) => void)[],
  run: (runtime: Runtime) => Promise<unknown>,
): Promise<void> {
  for (const bring of situations) {
    const runtime = aRuntime();
    bring(runtime);
    await run(runtime);
  }
}

const FUNCTIONS: Readonly<Record<string, () => Promise<void>>> = {
  push: () => each(SITUATIONS, (runtime) => handlePush(eventOf(retry), context, runtime)),
  reconcile: () => each([() => undefined], (runtime) => handleReconcile({}, context, runtime)),
  'reconcile-shard': () =>
    each(SITUATIONS, (runtime) => handleShard(eventOf(shard, collect), context, runtime)),
  rollout: () => each(ROLLOUTS, (runtime) => handleRollout(eventOf(visit), context, runtime)),
};

afterEach(() => void jest.restoreAllMocks());

test('the table has name, unit and dimensions of every metric, and no other', () => {
  const known = Object.values<Metric>(METRIC).map(({ name, unit, by }) => ({
    name,
    unit,
    dimensions: ['service', ...by].toSorted(),
  }));
  const byName = (a: { name: string }, b: { name: string }): number => a.name.localeCompare(b.name);

  expect(TABLE.map(({ name, unit, dimensions }) => ({ name, unit, dimensions })).toSorted(byName)).toEqual(
    known.toSorted(byName),
  );
});

test.each(Object.entries(FUNCTIONS))('%s publishes what the table says, and no more', async (name, run) => {
  const published = catchMetrics();

  await run();

  const seen = new Map(
    published.map((metric) => [
      metric.name,
      { unit: metric.unit, dimensions: Object.keys(metric.dimensions).toSorted() },
    ]),
  );
  const told = new Map(
    TABLE.filter(({ by }) => by.includes(name)).map((row) => [
      row.name,
      { unit: row.unit, dimensions: row.dimensions },
    ]),
  );
  expect(seen).toEqual(told);
});

test('nothing is published but by way of that list', () => {
  const files = readdirSync(join(ROOT, 'lambda'), { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );

  expect(
    files.filter((file) =>
      readFileSync(join(ROOT, 'lambda', file), 'utf8').includes("'@aws-lambda-powertools/metrics'"),
    ),
  ).toEqual(['telemetry/metrics.ts']);
});
