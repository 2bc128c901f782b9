import { describe, expect, test } from '@jest/globals';
import { RelayError } from '../../../lambda/errors.ts';
import { parseQueueMessage, serializeRollout, serializeShard } from '../../../lambda/events/sqs-message.ts';
import type { RolloutMessage } from '../../../lambda/events/sqs-message.ts';
import { handleRollout } from '../../../lambda/handlers/handle-rollout.ts';
import type { Cluster } from '../../../lambda/model/config.ts';
import { NO_EVENT_IDS } from '../../../lambda/model/event-ids.ts';
import { NO_MEMORY } from '../../../lambda/model/rollout-memory.ts';
import { aCluster } from '../../support/builders.ts';
import { fakeRuntime } from '../../support/fake-runtime.ts';
import { context, eventOf, failing } from '../../support/invocations.ts';
import {
  NOW,
  aChangedSecret,
  aRollingStatus,
  aWorkload,
  restartedFor,
  secondsAgo,
} from '../../support/rollout-builders.ts';

const off = aCluster({ name: 'off', namespaces: ['shop', 'other'] });
const dev: Cluster = { ...off, name: 'dev', rollouts: { policy: 'auto', reloader: 'detect' } };

/** The Secret `db` has changed in both namespaces of `dev`, and each has a workload that consumes it. */
function aRuntime() {
  const clusters = [dev, { ...dev, name: 'prod' }, off];
  const runtime = fakeRuntime({ clusters, stores: [], declarations: [] });
  const { ports, workloads } = runtime;
  ports.clock.time = NOW;
  for (const namespace of dev.namespaces) {
    const { target, observed } = aChangedSecret({ namespace });
    ports.secrets.put(target, observed);
    workloads.put(aWorkload({ ref: { namespace } }));
  }
  return runtime;
}

type Asked = Partial<Omit<RolloutMessage, 'kind'>>;

const ask = (message: Asked = {}): string =>
  serializeRollout({
    cluster: 'dev',
    namespaces: ['shop'],
    attempt: 0,
    memory: NO_MEMORY,
    eventIds: NO_EVENT_IDS,
    ...message,
  });

const handle = (runtime: ReturnType<typeof aRuntime>, ...bodies: readonly string[]) =>
  handleRollout(eventOf(...bodies), context, runtime);

/** What was sent, and after how many seconds each is delivered. */
const sent = ({ sqs }: ReturnType<typeof aRuntime>) =>
  sqs.batches.flatMap(({ QueueUrl, Entries = [] }) =>
    Entries.map(({ MessageBody = '', DelaySeconds }) => ({
      queue: QueueUrl,
      delay: DelaySeconds,
      message: parseQueueMessage(MessageBody),
    })),
  );

/** What is looked at, in order. */
function looks(runtime: ReturnType<typeof aRuntime>): readonly string[] {
  const looked: string[] = [];
  runtime.ports.secrets.before = (operation, where) => {
    if (operation === 'list') looked.push(where);
  };
  return looked;
}

function breakNamespaces(
  { ports }: ReturnType<typeof aRuntime>,
  code: RelayError['code'],
  ...names: readonly string[]
): void {
  ports.secrets.before = (_operation, where) => {
    if (names.some((name) => where.startsWith(name))) throw new RelayError(code, where);
  };
}

describe('a visit', () => {
  test('restarts what is due in the whole cluster, and has it looked at again soon, with what it did', async () => {
    const runtime = aRuntime();

    expect(await handle(runtime, ask({ attempt: 4 }))).toEqual(failing());
    expect(runtime.workloads.restarts).toContain('dev/shop/Deployment/web');
    expect(sent(runtime)).toMatchObject([
      { queue: 'rollout', delay: 2, message: { kind: 'rollout', cluster: 'dev', attempt: 0 } },
    ]);
    const [next] = sent(runtime);
    expect(next?.message).toMatchObject({
      memory: {
        restarts: new Map([
          ['dev/other/Deployment/web db=v2', 1],
          ['dev/shop/Deployment/web db=v2', 1],
        ]),
      },
    });
  });

  test('that begins nothing is followed by a later one each time', async () => {
    const runtime = aRuntime();
    const rolling = { templateAnnotations: restartedFor({ db: 'v2' }), status: aRollingStatus() };
    runtime.workloads.put(aWorkload(rolling));

    await handle(runtime, ask({ attempt: 2 }));

    expect(sent(runtime)).toMatchObject([{ delay: 16, message: { namespaces: ['shop'], attempt: 3 } }]);
  });

  test('that comes before the end of the debounce is followed by one after it', async () => {
    const runtime = aRuntime();
    const { target, observed } = aChangedSecret({ change: { written: secondsAgo(3) } });
    runtime.ports.secrets.put(target, observed);

    await handle(runtime, ask());

    expect(runtime.workloads.restarts).toEqual([]);
    expect(sent(runtime)).toMatchObject([{ delay: 7 }]);
  });

  test('after which nothing is left to follow sends nothing', async () => {
    const runtime = aRuntime();
    runtime.workloads.put(aWorkload({ templateAnnotations: restartedFor({ db: 'v2' }) }));

    expect(await handle(runtime, ask())).toEqual(failing());
    expect(sent(runtime)).toEqual([]);
  });
});

describe('where what is to be written is refused again and again, it is left to the next sweep', () => {
  const refuse = ({ workloads }: ReturnType<typeof aRuntime>): void => {
    workloads.before = (operation, where) => {
      if (operation === 'restart') throw new RelayError('CLUSTER_FORBIDDEN', where);
    };
  };

  test.each([
    { attempt: 9, messages: 1 },
    { attempt: 10, messages: 0 },
  ])('after $attempt visits: $messages more', async ({ attempt, messages }) => {
    const runtime = aRuntime();
    refuse(runtime);

    expect(await handle(runtime, ask({ attempt }))).toEqual(failing());
    expect(sent(runtime)).toHaveLength(messages);
  });

  test('unless others are under way', async () => {
    const runtime = aRuntime();
    refuse(runtime);
    const rolling = { templateAnnotations: restartedFor({ db: 'v2' }), status: aRollingStatus() };
    runtime.workloads.put(aWorkload({ ref: { name: 'slow' }, ...rolling }));

    await handle(runtime, ask({ attempt: 50 }));

    expect(sent(runtime)).toMatchObject([{ delay: 60, message: { attempt: 51 } }]);
  });
});

describe('messages of one cluster', () => {
  test('that come together are one visit of all their namespaces', async () => {
    const runtime = aRuntime();
    const looked = looks(runtime);

    await handle(runtime, ask(), ask({ namespaces: ['other'] }), ask());

    expect(looked.toSorted()).toEqual(['dev/other', 'dev/shop']);
    expect(sent(runtime)).toMatchObject([{ message: { namespaces: ['other', 'shop'] } }]);
  });

  test('are looked at again as soon as the most impatient of them asks for', async () => {
    const runtime = aRuntime();
    const rolling = { templateAnnotations: restartedFor({ db: 'v2' }), status: aRollingStatus() };
    runtime.workloads.put(aWorkload(rolling));

    await handle(runtime, ask({ attempt: 5 }), ask({ attempt: 1 }));

    expect(sent(runtime)).toMatchObject([{ delay: 8, message: { attempt: 2 } }]);
  });

  test('share what they remember', async () => {
    const runtime = aRuntime();
    const status = aRollingStatus();
    const rolling = { templateAnnotations: restartedFor({ db: 'v2' }), status };
    for (const namespace of dev.namespaces)
      runtime.workloads.put(aWorkload({ ref: { namespace }, ...rolling }));
    const seen = (namespace: string, since: Date) => ({
      seen: new Map([[`dev/${namespace}/Deployment/web`, { done: 4, since }]]),
      restarts: new Map([[`dev/${namespace}/Deployment/web db=v2`, 1]]),
    });

    await handle(
      runtime,
      ask({ memory: seen('shop', secondsAgo(100)) }),
      ask({ namespaces: ['other'], memory: seen('other', secondsAgo(50)) }),
    );

    const [next] = sent(runtime);
    expect(next?.message).toMatchObject({
      memory: {
        seen: new Map([
          ['dev/shop/Deployment/web', { done: 4, since: secondsAgo(100) }],
          ['dev/other/Deployment/web', { done: 4, since: secondsAgo(50) }],
        ]),
        restarts: new Map([
          ['dev/shop/Deployment/web db=v2', 1],
          ['dev/other/Deployment/web db=v2', 1],
        ]),
      },
    });
  });
});

test.each<[string, Asked]>([
  ['a cluster that is gone', { cluster: 'gone' }],
  ['a namespace that is none of the relay’s any more', { namespaces: ['gone'] }],
])('a message about %s is forgotten', async (_, message) => {
  const runtime = aRuntime();
  const looked = looks(runtime);

  expect(await handle(runtime, ask(message))).toEqual(failing());
  expect(looked).toEqual([]);
  expect(sent(runtime)).toEqual([]);
});

describe('a message is delivered again', () => {
  test.each([
    ['that is no JSON', 'nonsense'],
    [
      'that belongs into another queue',
      serializeShard({ cluster: 'dev', namespaces: ['shop'], begun: undefined }),
    ],
  ])('%s, and holds back no other of its batch', async (_, body) => {
    const runtime = aRuntime();

    expect(await handle(runtime, body, ask())).toEqual(failing('m0'));
    expect(runtime.workloads.restarts).toContain('dev/shop/Deployment/web');
  });

  test('later each time, where nothing could be looked at for now', async () => {
    const runtime = aRuntime();
    breakNamespaces(runtime, 'CLUSTER_UNREACHABLE', 'dev/');

    expect(await handle(runtime, ask({ namespaces: ['shop', 'other'] }))).toEqual(failing('m0'));
    expect(sent(runtime)).toEqual([]);
    expect(runtime.sqs.postponed).toEqual([
      { QueueUrl: 'rollout', ReceiptHandle: 'r0', VisibilityTimeout: 5 },
    ]);
  });

  test('where the next visit could not be sent', async () => {
    const runtime = aRuntime();
    runtime.sqs.refuses = () => true;

    expect(await handle(runtime, ask(), ask({ cluster: 'prod' }))).toEqual(failing('m0'));
  });

  test('with all others of its cluster, and none of another', async () => {
    const runtime = aRuntime();
    breakNamespaces(runtime, 'CLUSTER_UNREACHABLE', 'prod/');

    expect(await handle(runtime, ask({ cluster: 'prod' }), ask(), ask({ cluster: 'prod' }))).toEqual(
      failing('m0', 'm2'),
    );
    expect(runtime.workloads.restarts).toContain('dev/shop/Deployment/web');
  });
});

describe('a namespace that could not be looked at', () => {
  test('is looked at again on its own, while another goes on', async () => {
    const runtime = aRuntime();
    breakNamespaces(runtime, 'CLUSTER_THROTTLED', 'dev/other');

    expect(await handle(runtime, ask({ namespaces: ['shop', 'other'], attempt: 3 }))).toEqual(failing());
    expect(sent(runtime)).toMatchObject([
      { delay: 2, message: { namespaces: ['shop'] } },
      { delay: 5, message: { namespaces: ['other'], attempt: 0, memory: NO_MEMORY } },
    ]);
  });

  test.each([
    ['beside another', ['shop', 'other'], [{ message: { namespaces: ['shop'] } }]],
    ['on its own', ['other'], []],
  ])('for good is left to the next sweep, %s', async (_, namespaces, messages) => {
    const runtime = aRuntime();
    breakNamespaces(runtime, 'CLUSTER_REJECTED', 'dev/other');

    expect(await handle(runtime, ask({ namespaces }))).toEqual(failing());
    expect(sent(runtime)).toHaveLength(messages.length);
    expect(sent(runtime)).toMatchObject(messages);
  });
});
