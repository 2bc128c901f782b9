import { describe, expect, test } from '@jest/globals';
import { ANNOTATION } from '../../../lambda/contract.ts';
import { RelayError } from '../../../lambda/errors.ts';
import {
  serializeCollect,
  serializeRetry,
  serializeRollout,
  serializeShard,
} from '../../../lambda/events/sqs-message.ts';
import { handlePush } from '../../../lambda/handlers/handle-push.ts';
import { handleRollout } from '../../../lambda/handlers/handle-rollout.ts';
import { handleShard } from '../../../lambda/handlers/handle-shard.ts';
import { changeMarks } from '../../../lambda/model/change-marks.ts';
import type { SourceChange } from '../../../lambda/model/change.ts';
import type { Cluster, CompiledConfig } from '../../../lambda/model/config.ts';
import { NO_EVENT_IDS } from '../../../lambda/model/event-ids.ts';
import { NO_MEMORY } from '../../../lambda/model/rollout-memory.ts';
import {
  aCluster,
  aDeclaration,
  aFailure,
  aManagedSecret,
  aRef,
  aText,
  aVersion,
} from '../../support/builders.ts';
import { FakeSqs } from '../../support/fake-sqs.ts';
import { fakeRuntime } from '../../support/fake-runtime.ts';
import { context, eventOf, failing, labelEvent } from '../../support/invocations.ts';
import { NOW, aChangedSecret, aWorkload, restartedFor } from '../../support/rollout-builders.ts';

const rolling = aCluster({ rollouts: { policy: 'auto', reloader: 'detect' } });

const aRuntime = (changes: Partial<CompiledConfig> = {}) => {
  const { settings } = fakeRuntime().config;
  return fakeRuntime({ settings: { ...settings, receipts: { bus: 'default', when: 'end' } }, ...changes });
};

const change: SourceChange = {
  eventId: 'event-1',
  service: 'SecretsManager',
  time: new Date('2025-01-01T00:00:00Z'),
  region: 'eu-west-1',
  account: '111122223333',
  kind: 'value',
  ids: ['shop/db'],
  versionId: 'version-1',
};
const changed = (id = 'event-1'): string => labelEvent('shop/db', id);
const shard = serializeShard({ cluster: 'dev', namespaces: ['shop'], begun: undefined });

/** The same batch, delivered for the n-th time. */
function delivered(count: number, ...bodies: readonly string[]) {
  const { Records } = eventOf(...bodies);
  return {
    Records: Records.map((record) => ({
      ...record,
      attributes: { ...record.attributes, ApproximateReceiveCount: String(count) },
    })),
  };
}

type Runtime = ReturnType<typeof aRuntime>;

/** Runs until the function dies of its first receipt. */
async function die(runtime: Runtime, run: () => Promise<unknown>): Promise<void> {
  runtime.receipts.dies = true;
  await expect(run()).rejects.toThrow(RelayError);
  runtime.receipts.dies = false;
}

describe('a push', () => {
  test('tells of each Secret that it wrote, once', async () => {
    const runtime = aRuntime();

    await handlePush(eventOf(changed()), context, runtime);
    await handlePush(eventOf(changed('event-2')), context, runtime);

    expect(runtime.receipts.told()).toEqual(['complete shop/db', 'complete shop/other']);
    expect(runtime.receipts.sent).toMatchObject([{ eventId: 'event-1' }, { eventId: 'event-1' }]);
  });

  test('that dies after it wrote is told by the next delivery, which writes nothing', async () => {
    const runtime = aRuntime();
    await die(runtime, () => handlePush(eventOf(changed()), context, runtime));
    const writes = runtime.ports.secrets.writes.length;

    await handlePush(delivered(2, changed('event-0'), changed()), context, runtime);

    expect(runtime.receipts.told()).toEqual(['complete shop/db', 'complete shop/other']);
    expect(runtime.ports.secrets.writes).toHaveLength(writes);
  });

  test('that dies after a write that changed no data is told by the next delivery too', async () => {
    const runtime = aRuntime({ declarations: [aDeclaration()] });
    await handlePush(eventOf(changed('event-0')), context, runtime);
    runtime.ports.source.set(aRef(), aText('fake', aRef(), aVersion(2)));
    await die(runtime, () => handlePush(eventOf(changed()), context, runtime));

    await handlePush(delivered(2, changed()), context, runtime);

    expect(runtime.receipts.sent).toMatchObject([
      { eventId: 'event-0', dataChanged: true },
      { eventId: 'event-1', dataChanged: false, reason: 'version', sources: [{ versionId: 'version-2' }] },
    ]);
  });

  test('whose receipt is not taken has its message delivered again, later, and the Secret is written', async () => {
    const runtime = aRuntime();
    runtime.receipts.refuses = ({ secret }) => (secret.name === 'db' ? 'RECEIPT_UNSENT' : undefined);

    expect(await handlePush(eventOf(changed(), '{'), context, runtime)).toEqual(failing('m0', 'm1'));
    expect(runtime.sqs.postponed.map(({ ReceiptHandle }) => ReceiptHandle)).toEqual(['r0', 'r1']);
    expect([...runtime.ports.secrets.objects.keys()]).toHaveLength(2);
    runtime.receipts.refuses = () => undefined;
    expect(await handlePush(delivered(2, changed()), context, runtime)).toEqual(failing());
    expect(runtime.receipts.told()).toContain('complete shop/db');
  });

  test('whose receipt is refused for good is done', async () => {
    const runtime = aRuntime();
    runtime.receipts.refuses = () => 'RECEIPT_REFUSED';

    expect(await handlePush(eventOf(changed()), context, runtime)).toEqual(failing());
  });

  test('tells nothing of Secrets whose workloads wait, unless it is asked for stages', async () => {
    const end = aRuntime({ clusters: [rolling] });
    await handlePush(eventOf(changed()), context, end);
    const stages = aRuntime({ clusters: [rolling] });
    const settings = { ...stages.config.settings, receipts: { bus: 'default', when: 'stages' as const } };
    await handlePush(eventOf(changed()), context, { ...stages, config: { ...stages.config, settings } });

    expect([end.receipts.told(), stages.receipts.told()]).toEqual([
      [],
      ['written shop/db', 'written shop/other'],
    ]);
  });

  test('tells that it overtook a change whose workloads still wait, and of that one what it was', async () => {
    const runtime = aRuntime({ clusters: [rolling], declarations: [aDeclaration()] });
    await handlePush(eventOf(changed('event-0')), context, runtime);
    runtime.ports.source.set(aRef(), aText('other', aRef(), aVersion(2)));

    await handlePush(eventOf(changed()), context, runtime);
    runtime.ports.source.set(aRef(), aText('other', aRef(), aVersion(3)));
    await handlePush(eventOf(changed('event-2')), context, runtime);

    // The last one brought no other data: what waits goes on waiting.
    expect(runtime.receipts.sent).toMatchObject([
      {
        outcome: 'superseded',
        eventId: 'event-0',
        revision: 'version-1',
        sources: [{ versionId: 'version-1' }],
      },
      { outcome: 'complete', eventId: 'event-2', revision: 'version-2', dataChanged: false },
    ]);
  });

  test('overtakes nothing where nothing waited', async () => {
    const runtime = aRuntime({ declarations: [aDeclaration()] });
    await handlePush(eventOf(changed('event-0')), context, runtime);
    runtime.ports.source.set(aRef(), aText('other', aRef(), aVersion(2)));

    await handlePush(eventOf(changed()), context, runtime);

    expect(runtime.receipts.told()).toEqual(['complete shop/db', 'complete shop/db']);
  });

  test('tells nothing where nobody wants receipts', async () => {
    const runtime = aRuntime();
    const { garbageCollection, clusterConcurrency } = runtime.config.settings;
    const settings = { garbageCollection, clusterConcurrency };

    await handlePush(eventOf(changed()), context, { ...runtime, config: { ...runtime.config, settings } });

    expect(runtime.receipts.sent).toEqual([]);
  });
});

describe('a push that fails', () => {
  const retry = (event: SourceChange | undefined): string =>
    serializeRetry({ declaration: 'shop/db', cluster: 'dev', change: event });

  test.each([
    { what: 'for good', code: 'SOURCE_DENIED', body: changed(), count: 1, told: true },
    { what: 'for good, as a retry', code: 'SOURCE_DENIED', body: retry(change), count: 1, told: true },
    { what: 'for now', code: 'SOURCE_THROTTLED', body: changed(), count: 1, told: false },
    { what: 'for now, as a retry', code: 'SOURCE_THROTTLED', body: retry(change), count: 2, told: false },
    { what: 'for the last time', code: 'SOURCE_THROTTLED', body: retry(change), count: 3, told: true },
    {
      what: 'for the last time, after a sweep',
      code: 'SOURCE_THROTTLED',
      body: retry(undefined),
      count: 3,
      told: false,
    },
    { what: 'for good, after a sweep', code: 'SOURCE_DENIED', body: retry(undefined), count: 1, told: false },
  ] as const)('$what: told is $told', async ({ code, body, count, told }) => {
    const runtime = aRuntime({ declarations: [aDeclaration()] });
    runtime.ports.source.set(aRef(), aFailure(code));

    await handlePush(delivered(count, body), context, runtime);

    expect(runtime.receipts.sent).toMatchObject(
      told
        ? [
            {
              outcome: 'write-failed',
              declaration: 'shop/db',
              sources: [{ secret: 'shop/db', versionId: 'version-1' }],
              eventId: 'event-1',
              error: { code },
            },
          ]
        : [],
    );
  });

  test('in one of two Secrets tells of both, each for itself', async () => {
    const runtime = aRuntime();
    runtime.ports.secrets.before = (_operation, target) => {
      if (target === 'dev/shop/db') throw new RelayError('TARGET_NOT_OURS', target);
    };

    await handlePush(eventOf(changed()), context, runtime);

    expect(runtime.receipts.told().toSorted()).toEqual(['complete shop/other', 'write-failed shop/db']);
  });
});

describe('a sweep', () => {
  test('tells of what it wrote, and nothing of what it found right', async () => {
    const runtime = aRuntime();

    await handleShard(eventOf(shard), context, runtime);
    await handleShard({ Records: eventOf('', shard).Records.slice(1) }, context, runtime);

    expect(runtime.receipts.told()).toEqual(['complete shop/db', 'complete shop/other']);
  });

  test('that dies after it wrote is told by the next delivery', async () => {
    const runtime = aRuntime();
    runtime.receipts.dies = true;
    expect(await handleShard(eventOf(shard), context, runtime)).toEqual(failing('m0'));
    runtime.receipts.dies = false;
    const writes = runtime.ports.secrets.writes.length;

    expect(await handleShard(delivered(2, shard), context, runtime)).toEqual(failing());
    expect(runtime.receipts.told()).toEqual(['complete shop/db', 'complete shop/other']);
    expect(runtime.ports.secrets.writes).toHaveLength(writes);
  });

  test('whose receipts are not taken is delivered again', async () => {
    const runtime = aRuntime();
    runtime.receipts.refuses = () => 'RECEIPT_UNSENT';

    expect(await handleShard(eventOf(shard), context, runtime)).toEqual(failing('m0'));
  });

  test('tells of the Secret that nobody declares any more, with what it held', async () => {
    const runtime = aRuntime({ declarations: [] });
    runtime.ports.secrets.put({ cluster: 'dev', namespace: 'shop', name: 'old' }, aManagedSecret());

    await handleShard(
      eventOf(serializeCollect({ cluster: 'dev', allowMassDeletion: true, begun: undefined })),
      context,
      runtime,
    );

    expect(runtime.receipts.sent).toMatchObject([
      {
        outcome: 'deleted',
        reason: 'undeclared',
        secret: { namespace: 'shop', name: 'old', uid: 'uid-1' },
        declaration: 'shop/db',
        sources: [{ versionId: 'version-1' }],
      },
    ]);
  });
});

/** The bodies of the messages about rollouts that a sweep sends. */
async function sweptBy(runtime: ReturnType<typeof aRuntime>): Promise<readonly string[]> {
  await handleShard(eventOf(shard), context, runtime);
  return runtime.sqs.sent().flatMap((sent) => (sent.startsWith('rollout ') ? [sent.slice(8)] : []));
}

describe('a rollout', () => {
  const visit = serializeRollout({
    cluster: 'dev',
    namespaces: ['shop'],
    attempt: 0,
    memory: NO_MEMORY,
    eventIds: NO_EVENT_IDS,
  });
  const start = (cluster: Cluster = rolling, annotations: Readonly<Record<string, string>> = {}) => {
    const runtime = aRuntime({ clusters: [cluster] });
    const { target, observed } = aChangedSecret({ annotations });
    runtime.ports.clock.time = NOW;
    runtime.ports.secrets.put(target, observed);
    runtime.workloads.put(aWorkload({ templateAnnotations: restartedFor({ db: 'v2' }) }));
    const recorded = () =>
      changeMarks(runtime.ports.secrets.objects.get('dev/shop/db')?.observed.annotations ?? {}).rollout
        ?.state;
    return { runtime, recorded };
  };

  test('that is over is told, and then recorded', async () => {
    const { runtime, recorded } = start();

    await handleRollout(eventOf(visit), context, runtime);

    expect(runtime.receipts.told()).toEqual(['complete shop/db']);
    expect(recorded()).toBe('complete');
  });

  test.each<[string, Cluster, Readonly<Record<string, string>>]>([
    ['in the cluster', aCluster(), {}],
    ['for its declaration', rolling, { 'keyrelay.dev/rollout-policy': 'off' }],
  ])(
    'that was switched off while it was pending, %s, is told as complete without a workload, and none is looked at',
    async (_, cluster, annotations) => {
      const { runtime, recorded } = start(cluster, annotations);
      runtime.workloads.before = (operation) => {
        throw new Error(operation);
      };

      await handleRollout(eventOf(visit), context, runtime);
      await handleRollout(eventOf(visit), context, runtime);

      expect(runtime.receipts.sent).toMatchObject([
        { outcome: 'complete', revision: 'v2', workloads: { complete: 0, failed: 0, stopped: 0, left: 0 } },
      ]);
      expect(recorded()).toBe('complete');
      expect(runtime.sqs.sent()).toEqual([]);
    },
  );

  test('that was switched off while nobody followed it is found by the next sweep', async () => {
    const runtime = aRuntime({ clusters: [rolling], declarations: [aDeclaration()] });
    await handlePush(eventOf(changed()), context, runtime);
    const off = { ...runtime, sqs: new FakeSqs(), config: { ...runtime.config, clusters: [aCluster()] } };
    const [message = ''] = await sweptBy(off);

    await handleRollout(eventOf(message), context, off);

    expect(off.receipts.told()).toEqual(['complete shop/db']);
    expect(await sweptBy({ ...off, sqs: new FakeSqs() })).toEqual([]);
  });

  test('that is told by a function that dies is not recorded, and told again', async () => {
    const { runtime, recorded } = start();
    runtime.ports.secrets.before = (operation) => {
      if (operation === 'record') throw new RelayError('CLUSTER_UNREACHABLE', 'gone');
    };
    await handleRollout(eventOf(visit), context, runtime);
    runtime.ports.secrets.before = () => undefined;
    expect(recorded()).toBeUndefined();

    await handleRollout(eventOf(visit), context, runtime);

    expect(new Set(runtime.receipts.sent.map(({ id }) => id)).size).toBe(1);
    expect(recorded()).toBe('complete');
  });

  test('whose function dies before it told is found over by the next', async () => {
    const { runtime, recorded } = start();
    await die(runtime, () => handleRollout(eventOf(visit), context, runtime));
    expect(recorded()).toBeUndefined();

    await handleRollout(eventOf(visit), context, runtime);

    expect(runtime.receipts.told()).toEqual(['complete shop/db']);
  });

  test('whose receipt is not taken is not recorded yet, and looked at again', async () => {
    const { runtime, recorded } = start();
    runtime.receipts.refuses = () => 'RECEIPT_UNSENT';

    expect(await handleRollout(eventOf(visit), context, runtime)).toEqual(failing());
    expect(recorded()).toBeUndefined();
    expect(runtime.sqs.sent()).toEqual([expect.stringMatching(/^rollout /u)]);
  });

  test('whose receipt is refused for good is recorded all the same', async () => {
    const { runtime, recorded } = start();
    runtime.receipts.refuses = () => 'RECEIPT_REFUSED';

    await handleRollout(eventOf(visit), context, runtime);

    expect(recorded()).toBe('complete');
    expect(runtime.sqs.sent()).toEqual([]);
  });
});

test('what is told can be read back from the Secret', async () => {
  const runtime = aRuntime({ declarations: [aDeclaration()] });
  await handlePush(eventOf(changed()), context, runtime);

  const { annotations = {} } = runtime.ports.secrets.objects.get('dev/shop/db')?.observed ?? {};
  const [receipt] = runtime.receipts.sent;

  expect(annotations[ANNOTATION.revision]).toBe(receipt?.revision);
  expect(changeMarks(annotations).change).toMatchObject({ event: receipt?.eventId, reason: receipt?.reason });
  expect(annotations[ANNOTATION.changedAt]).toBe(receipt?.times.written);
});
