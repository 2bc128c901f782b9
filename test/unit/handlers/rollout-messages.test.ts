import { expect, test } from '@jest/globals';
import { parseQueueMessage, serializeRollout } from '../../../lambda/events/sqs-message.ts';
import { sendRollouts } from '../../../lambda/handlers/rollout-messages.ts';
import { NO_EVENT_IDS } from '../../../lambda/model/event-ids.ts';
import { NO_MEMORY } from '../../../lambda/model/rollout-memory.ts';
import { ROLLOUT_SETTINGS } from '../../../lambda/model/rollout.ts';
import type { Outcome } from '../../../lambda/relay/outcome.ts';
import { fakeRuntime } from '../../support/fake-runtime.ts';

const settings = {
  garbageCollection: { maxShare: 1, minimum: 1, graceSeconds: 0 },
  clusterConcurrency: 4,
  rollouts: { ...ROLLOUT_SETTINGS, debounceSeconds: 25 },
};

const aRuntime = () => fakeRuntime({ settings });

/** A Secret that is as it should be, `cluster/namespace/name`, with restarts due. */
function due(id: string, restartsDue = true): Outcome {
  const [cluster = '', namespace = '', name = ''] = id.split('/');
  return {
    kind: 'kept',
    target: { cluster, namespace, name },
    declaration: `${namespace}/${name}`,
    attempts: 1,
    restartsDue,
  };
}

const asked = (cluster: string, ...namespaces: readonly string[]): string =>
  `rollout ${serializeRollout({ cluster, namespaces, attempt: 0, memory: NO_MEMORY, eventIds: NO_EVENT_IDS })}`;

test.each<{ what: string; outcomes: readonly Outcome[]; sends: readonly string[] }>([
  { what: 'nothing', outcomes: [], sends: [] },
  { what: 'Secrets without restarts due', outcomes: [due('dev/shop/db', false)], sends: [] },
  { what: 'one Secret', outcomes: [due('dev/shop/db')], sends: [asked('dev', 'shop')] },
  {
    what: 'several Secrets of one cluster',
    outcomes: [due('dev/shop/db'), due('dev/other/db'), due('dev/shop/flags'), due('dev/third/db', false)],
    sends: [asked('dev', 'other', 'shop')],
  },
  {
    what: 'Secrets of several clusters',
    outcomes: [due('dev/shop/db'), due('prod/shop/db')],
    sends: [asked('dev', 'shop'), asked('prod', 'shop')],
  },
])('for $what, one message for each cluster with restarts due is sent', async ({ outcomes, sends }) => {
  const runtime = aRuntime();

  expect(await sendRollouts(runtime, outcomes)).toBe('sent');
  expect(runtime.sqs.sent()).toEqual(sends);
});

test('a message is delivered when the debounce is over', async () => {
  const runtime = aRuntime();

  await sendRollouts(runtime, [due('dev/shop/db')]);

  expect(runtime.sqs.batches[0]?.Entries?.map(({ DelaySeconds }) => DelaySeconds)).toEqual([25]);
});

test('one message that is not taken is said', async () => {
  const runtime = aRuntime();
  runtime.sqs.refuses = (body) => body.includes('prod');

  expect(await sendRollouts(runtime, [due('dev/shop/db'), due('prod/shop/db')])).toBe('not sent');
});

test('a message names the events that concern each of its Secrets', async () => {
  const runtime = aRuntime();
  const asking = (id: string, ...events: readonly string[]): Outcome => ({
    ...due(id),
    causes: events.map((event) => ({ event })),
  });

  await sendRollouts(runtime, [
    asking('dev/shop/db', 'event-1', 'event-2', 'event-1'),
    asking('dev/shop/flags', 'event-2'),
    asking('prod/shop/db', 'event-3'),
    due('dev/shop/swept'),
  ]);

  const messages = runtime.sqs.batches.flatMap(({ Entries = [] }) =>
    Entries.map(({ MessageBody = '' }) => parseQueueMessage(MessageBody)),
  );
  expect(messages).toMatchObject([
    {
      cluster: 'dev',
      eventIds: new Map([
        ['shop/db', ['event-1', 'event-2']],
        ['shop/flags', ['event-2']],
      ]),
    },
    { cluster: 'prod', eventIds: new Map([['shop/db', ['event-3']]]) },
  ]);
});
