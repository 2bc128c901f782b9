import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { RelayError } from '../../../lambda/errors.ts';
import {
  parseQueueMessage,
  serializeCollect,
  serializeRetry,
  serializeShard,
} from '../../../lambda/events/sqs-message.ts';
import { handlePush } from '../../../lambda/handlers/handle-push.ts';
import { handleReconcile } from '../../../lambda/handlers/handle-reconcile.ts';
import { handleShard } from '../../../lambda/handlers/handle-shard.ts';
import type { SourceChange } from '../../../lambda/model/change.ts';
import { catchMetrics } from '../../support/emf.ts';
import type { Published } from '../../support/emf.ts';
import { fakeRuntime } from '../../support/fake-runtime.ts';
import { context, eventOf, labelEvent } from '../../support/invocations.ts';
import { CLUSTER } from '../declarations/cluster-objects.ts';

type Runtime = ReturnType<typeof fakeRuntime>;

afterEach(() => void jest.restoreAllMocks());

/** All values of a metric, in the order in which they were noted. */
const valuesOf = (metric: string, published: readonly Published[]): readonly number[] =>
  published.filter(({ name }) => name === metric).flatMap(({ values }) => values);

function pass({ ports: { clock } }: Runtime, seconds: number): void {
  clock.time = new Date(clock.time.getTime() + seconds * 1000);
}

/** Lets one target fail with this code. */
function breakTarget({ ports }: Runtime, name: string, code: RelayError['code']): void {
  ports.secrets.before = (_operation, target) => {
    if (target === `dev/shop/${name}`) throw new RelayError(code, target);
  };
}

/** What was sent to the shard queue. */
const shardsOf = ({ sqs }: Runtime): readonly string[] =>
  sqs.sent().flatMap((line) => (line.startsWith('shard ') ? [line.slice('shard '.length)] : []));

describe('a sweep', () => {
  test('lasts from its beginning to the end of the last of its messages', async () => {
    const published = catchMetrics();
    const runtime = fakeRuntime();
    await handleReconcile({}, context, runtime);
    const [shard = '', collect = ''] = shardsOf(runtime);

    pass(runtime, 20);
    await handleShard(eventOf(shard), context, runtime);
    pass(runtime, 70);
    await handleShard(eventOf(collect), context, runtime);

    expect(valuesOf('SweepDuration', published)).toEqual([20_000, 90_000]);
  });

  test('whose shard is handed back lasts until what is left is done', async () => {
    const published = catchMetrics();
    const runtime = fakeRuntime();
    const begun = runtime.ports.clock.now();
    breakTarget(runtime, 'db', 'DEADLINE');
    pass(runtime, 20);
    await handleShard(
      eventOf(serializeShard({ cluster: 'dev', namespaces: ['shop'], begun })),
      context,
      runtime,
    );
    const [rest = ''] = shardsOf(runtime);

    expect(parseQueueMessage(rest)).toMatchObject({ kind: 'shard', begun });
    expect(valuesOf('SweepDuration', published)).toEqual([]);
    runtime.ports.secrets.before = () => undefined;
    pass(runtime, 40);
    await handleShard(eventOf(rest), context, runtime);
    expect(valuesOf('SweepDuration', published)).toEqual([60_000]);
  });

  test('whose message is delivered again has not ended', async () => {
    const published = catchMetrics();
    const runtime = fakeRuntime();
    const begun = runtime.ports.clock.now();
    runtime.ports.secrets.before = () => {
      throw new RelayError('CLUSTER_UNREACHABLE', 'dev');
    };

    await handleShard(
      eventOf(serializeShard({ cluster: 'dev', namespaces: ['shop'], begun })),
      context,
      runtime,
    );

    expect(valuesOf('SweepDuration', published)).toEqual([]);
    expect(published.filter(({ name }) => name === 'TargetsFailedByReason')).toMatchObject([
      { dimensions: { cluster: 'dev', reason: 'CLUSTER_UNREACHABLE' }, values: [1] },
    ]);
  });

  test('that an earlier version began is served, and has no duration', async () => {
    const published = catchMetrics();
    const runtime = fakeRuntime();
    const old = { cluster: 'dev', begun: undefined };
    const bodies = [
      serializeShard({ ...old, namespaces: ['shop'] }),
      serializeCollect({ ...old, allowMassDeletion: false }),
    ];

    for (const body of bodies) await handleShard(eventOf(body), context, runtime);

    expect([...runtime.ports.secrets.objects.keys()]).toHaveLength(2);
    expect(valuesOf('SweepDuration', published)).toEqual([]);
  });
});

describe('a change', () => {
  const changeAt = (time: Date): SourceChange => ({
    eventId: 'event-1',
    service: 'SecretsManager',
    time,
    region: 'eu-west-1',
    account: '111122223333',
    kind: 'value',
    ids: ['shop/db'],
    versionId: 'version-1',
  });
  const retry = (time: Date): string =>
    serializeRetry({ declaration: 'shop/db', cluster: 'dev', change: changeAt(time) });

  test('takes from its time to the write, and not to the end of whatever else its batch holds', async () => {
    const published = catchMetrics();
    const runtime = fakeRuntime();
    const { clock, secrets } = runtime.ports;
    const change = changeAt(clock.now());
    pass(runtime, 3);
    let contended = false;
    secrets.before = (operation, target) => {
      if (target !== 'dev/shop/other') return;
      if (operation === 'observe' && contended) pass(runtime, 500);
      if (operation !== 'create' || contended) return;
      contended = true;
      throw new RelayError('TARGET_CONTENDED', target);
    };

    await handlePush(
      eventOf(
        ...['shop/db', 'shop/other'].map((declaration) =>
          serializeRetry({ declaration, cluster: 'dev', change }),
        ),
      ),
      context,
      runtime,
    );

    expect(valuesOf('PropagationLatency', published)).toEqual([3000, expect.any(Number)]);
  });

  test('that arrives with a later try is measured from when it happened', async () => {
    const published = catchMetrics();
    const runtime = fakeRuntime();
    const rotated = runtime.ports.clock.now();
    pass(runtime, 600);

    await handlePush(eventOf(retry(rotated)), context, runtime);

    expect(valuesOf('PropagationLatency', published)).toEqual([600_000]);
  });

  test('that waited longest counts where several come together, and never less than nothing', async () => {
    const published = catchMetrics();
    const runtime = fakeRuntime();
    const now = runtime.ports.clock.now().getTime();

    await handlePush(eventOf(retry(new Date(now - 1000)), retry(new Date(now - 9000))), context, runtime);
    const ahead = fakeRuntime();
    await handlePush(eventOf(retry(new Date(now + 50))), context, ahead);

    expect(valuesOf('PropagationLatency', published)).toEqual([9000, 0]);
  });
});

test('a cluster that does not say what it declares is a failure of that cluster', async () => {
  const published = catchMetrics();
  const runtime = fakeRuntime({ clusters: [CLUSTER] });
  const silent = () => Promise.reject(new RelayError('CLUSTER_TIMEOUT', CLUSTER.name));
  const ports = { ...runtime.ports, declared: { list: silent, namespaces: silent } };

  await handlePush(eventOf(labelEvent()), context, { ...runtime, ports });

  expect(published.filter(({ name }) => name === 'TargetsFailedByReason')).toMatchObject([
    { dimensions: { cluster: CLUSTER.name, reason: 'CLUSTER_TIMEOUT' }, values: [1] },
  ]);
});
