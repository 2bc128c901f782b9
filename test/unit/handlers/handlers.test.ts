import { describe, expect, test } from '@jest/globals';
import { RelayError } from '../../../lambda/errors.ts';
import { serializeCollect, serializeRetry, serializeShard } from '../../../lambda/events/sqs-message.ts';
import { handlePush } from '../../../lambda/handlers/handle-push.ts';
import { handleReconcile } from '../../../lambda/handlers/handle-reconcile.ts';
import { handleShard } from '../../../lambda/handlers/handle-shard.ts';
import type { CompiledConfig } from '../../../lambda/model/config.ts';
import { aDeclaration, aFailure, aRef } from '../../support/builders.ts';
import { fakeRuntime } from '../../support/fake-runtime.ts';
import type { fakePorts } from '../../support/fakes.ts';
import { context, eventOf, failing, labelEvent } from '../../support/invocations.ts';

const { config } = fakeRuntime();
/** The fake clock's beginning. */
const BEGUN = new Date('2026-02-01T00:00:00Z');

const changed = labelEvent();

/** Lets one target fail with this code, each time that it is observed. */
function breakTarget(ports: ReturnType<typeof fakePorts>, name: string, code: RelayError['code']): void {
  ports.secrets.before = (_operation, target) => {
    if (target === `dev/shop/${name}`) throw new RelayError(code, target);
  };
}

describe('a push', () => {
  test('that succeeds leaves nothing behind', async () => {
    const runtime = fakeRuntime();

    expect(await handlePush(eventOf(changed), context, runtime)).toEqual(failing());
    expect(runtime.sqs.sent()).toEqual([]);
    expect([...runtime.ports.secrets.objects.keys()].toSorted()).toEqual(['dev/shop/db', 'dev/shop/other']);
  });

  test('sends a target that may pass later back on its own', async () => {
    const runtime = fakeRuntime();
    breakTarget(runtime.ports, 'db', 'CLUSTER_THROTTLED');

    expect(await handlePush(eventOf(changed), context, runtime)).toEqual(failing());
    expect(runtime.sqs.sent()).toEqual([expect.stringMatching(/^push .*"shop\/db".*"eventId":"event-1"/u)]);
    expect(runtime.sqs.batches[0]?.Entries?.[0]?.DelaySeconds).toBe(5);
  });

  test('sends a target that failed for good to the dead-letter queue', async () => {
    const runtime = fakeRuntime();
    runtime.ports.source.set(aRef(), aFailure('SOURCE_DENIED'));

    expect(await handlePush(eventOf(changed), context, runtime)).toEqual(failing());
    expect(runtime.sqs.sent().map((line) => line.split(' ')[0])).toEqual(['dead', 'dead']);
  });

  test('keeps the message when what it stands for cannot be sent on', async () => {
    const runtime = fakeRuntime();
    breakTarget(runtime.ports, 'db', 'CLUSTER_THROTTLED');
    runtime.sqs.down = true;

    expect(await handlePush(eventOf(changed), context, runtime)).toEqual(failing('m0'));
  });

  test('has a retry that fails again delivered again, later', async () => {
    const runtime = fakeRuntime();
    breakTarget(runtime.ports, 'db', 'CLUSTER_THROTTLED');

    const response = await handlePush(
      eventOf(serializeRetry({ declaration: 'shop/db', cluster: 'dev', change: undefined })),
      context,
      runtime,
    );

    expect(response).toEqual(failing('m0'));
    expect(runtime.sqs.postponed).toMatchObject([
      { QueueUrl: 'push', ReceiptHandle: 'r0', VisibilityTimeout: 5 },
    ]);
  });

  test('keeps a target away for as long as the cluster asked, the first time and each time after', async () => {
    const runtime = fakeRuntime();
    runtime.ports.secrets.before = (_operation, target) => {
      if (target !== 'dev/shop/db') return;
      throw new RelayError('CLUSTER_THROTTLED', target, { retryAfterMs: 120_000 });
    };

    await handlePush(eventOf(changed), context, runtime);
    const [sent = ''] = runtime.sqs.sent();
    await handlePush(eventOf(sent.slice('push '.length)), context, runtime);

    expect(runtime.sqs.batches[0]?.Entries?.[0]?.DelaySeconds).toBe(120);
    expect(runtime.sqs.postponed[0]?.VisibilityTimeout).toBe(120);
  });

  test('forgets a retry whose declaration is gone', async () => {
    expect(
      await handlePush(
        eventOf(serializeRetry({ declaration: 'shop/gone', cluster: 'dev', change: undefined })),
        context,
        fakeRuntime(),
      ),
    ).toEqual(failing());
  });

  test('has a message that belongs into another queue delivered again', async () => {
    expect(
      await handlePush(
        eventOf(serializeShard({ cluster: 'dev', namespaces: ['shop'], begun: BEGUN })),
        context,
        fakeRuntime(),
      ),
    ).toEqual(failing('m0'));
  });
});

describe('a reconcile', () => {
  test('is cut into a message per namespace and one to collect, for each cluster', async () => {
    const runtime = fakeRuntime();

    expect(await handleReconcile({}, context, runtime)).toEqual({ shards: 2 });
    expect(runtime.sqs.sent()).toEqual([
      `shard ${serializeShard({ cluster: 'dev', namespaces: ['shop'], begun: BEGUN })}`,
      `shard ${serializeCollect({ cluster: 'dev', allowMassDeletion: false, begun: BEGUN })}`,
    ]);
  });

  test('allows a mass deletion only when it is told so in so many words', async () => {
    const runtime = fakeRuntime();
    await handleReconcile({ allowMassDeletion: true }, context, runtime);
    await handleReconcile({ allowMassDeletion: 'yes' }, context, runtime);

    expect(runtime.sqs.sent().filter((line) => line.includes('"allowMassDeletion":true'))).toHaveLength(1);
  });

  test('fails when a shard cannot be sent, so that the schedule tries again', async () => {
    const runtime = fakeRuntime();
    runtime.sqs.refuses = (body) => body.includes('collect');

    await expect(handleReconcile({}, context, runtime)).rejects.toMatchObject({ code: 'QUEUE_FAILED' });
  });
});

describe('a shard', () => {
  const shard = eventOf(serializeShard({ cluster: 'dev', namespaces: ['shop'], begun: BEGUN }));

  test('sends what the time did not suffice for on as a shard, and no target of it alone', async () => {
    const runtime = fakeRuntime();
    breakTarget(runtime.ports, 'db', 'DEADLINE');

    expect(await handleShard(shard, context, runtime)).toEqual(failing());
    expect(runtime.sqs.sent()).toEqual([
      `shard ${serializeShard({ cluster: 'dev', namespaces: ['shop'], begun: BEGUN })}`,
    ]);
  });

  test('brings about every declaration of its namespace', async () => {
    const runtime = fakeRuntime();

    expect(await handleShard(shard, context, runtime)).toEqual(failing());
    expect(runtime.ports.secrets.objects.size).toBe(2);
  });

  test('hands one target that may pass later over to the push queue', async () => {
    const runtime = fakeRuntime();
    breakTarget(runtime.ports, 'db', 'CLUSTER_THROTTLED');

    expect(await handleShard(shard, context, runtime)).toEqual(failing());
    expect(runtime.sqs.sent()).toEqual([expect.stringMatching(/^push .*"shop\/db"/u)]);
  });

  test('of a cluster that is down is delivered again as a whole, soon', async () => {
    const runtime = fakeRuntime();
    runtime.ports.secrets.before = () => {
      throw new RelayError('CLUSTER_UNREACHABLE', 'down');
    };

    expect(await handleShard(shard, context, runtime)).toEqual(failing('m0'));
    expect(runtime.sqs.sent()).toEqual([]);
    expect(runtime.sqs.postponed).toMatchObject([
      { QueueUrl: 'shard', ReceiptHandle: 'r0', VisibilityTimeout: 5 },
    ]);
  });

  test('that collects and is refused is left to the next sweep', async () => {
    const runtime = {
      ...fakeRuntime(),
      config: {
        ...config,
        declarations: [],
        settings: { ...config.settings, garbageCollection: { maxShare: 0, minimum: 0, graceSeconds: 0 } },
      },
    };
    await handleShard(shard, context, { ...runtime, config });

    expect(
      await handleShard(
        eventOf(serializeCollect({ cluster: 'dev', allowMassDeletion: false, begun: BEGUN })),
        context,
        runtime,
      ),
    ).toEqual(failing());
    expect(runtime.ports.secrets.objects.size).toBe(2);
  });

  test('collects in a namespace that is selected no longer, and leaves what gives way to another declaration', async () => {
    const selectors = [{ matchLabels: { env: 'prod' }, matchExpressions: [] }];
    const everywhere = aDeclaration({ name: 'common', target: { name: 'common' }, selectors });
    const collect = eventOf(serializeCollect({ cluster: 'dev', allowMassDeletion: false, begun: BEGUN }));
    const left = async (env: string, others: CompiledConfig['declarations']): Promise<readonly string[]> => {
      const base = fakeRuntime();
      const labelled = (value: string) => ({
        ...base,
        ports: {
          ...base.ports,
          declared: {
            ...base.ports.declared,
            namespaces: () => Promise.resolve([{ name: 'shop', labels: { env: value } }]),
          },
        },
      });
      await handleShard(shard, context, {
        ...labelled('prod'),
        config: { ...config, declarations: [everywhere] },
      });
      const after = { ...config, declarations: [everywhere, ...others] };
      expect(await handleShard(collect, context, { ...labelled(env), config: after })).toEqual(failing());
      return [...base.ports.secrets.objects.keys()];
    };
    const rival = aDeclaration({ name: 'common', target: { name: 'rival' } });

    expect(await left('prod', [])).toEqual(['dev/shop/common']);
    expect(await left('test', [])).toEqual([]);
    expect(await left('prod', [rival])).toEqual(['dev/shop/common']);
  });
});
