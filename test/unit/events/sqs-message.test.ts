import { expect, test } from '@jest/globals';
import {
  parseQueueMessage,
  serializeAsk,
  serializeCollect,
  serializeRetry,
  serializeRollout,
  serializeShard,
} from '../../../lambda/events/sqs-message.ts';

const change = {
  eventId: 'event-1',
  service: 'SecretsManager',
  time: new Date('2026-01-02T03:04:05.678Z'),
  region: 'eu-west-1',
  account: '111122223333',
  kind: 'value',
  ids: ['prod/db'],
  versionId: 'v2',
} as const;

const rollout = {
  cluster: 'dev',
  namespaces: ['shop'],
  attempt: 3,
  memory: {
    seen: new Map([['dev/shop/Deployment/web', { done: 1, since: new Date('2026-01-02T03:04:05.678Z') }]]),
    restarts: new Map([['dev/shop/Deployment/web db=v2', 1]]),
  },
  eventIds: new Map([['shop/db', ['event-1', 'event-2']]]),
};
const begun = new Date('2026-01-02T03:04:05.678Z');

test.each([
  {
    what: 'a retry',
    message: { kind: 'retry', declaration: 'shop/db', cluster: 'dev', change },
    body: serializeRetry({ declaration: 'shop/db', cluster: 'dev', change }),
  },
  {
    what: 'a retry that no event caused',
    message: { kind: 'retry', declaration: 'shop/db', cluster: 'dev', change: undefined },
    body: serializeRetry({ declaration: 'shop/db', cluster: 'dev', change: undefined }),
  },
  {
    what: 'a retry of an event without version',
    message: {
      kind: 'retry',
      declaration: 'shop/db',
      cluster: 'dev',
      change: { ...change, versionId: undefined },
    },
    body: serializeRetry({
      declaration: 'shop/db',
      cluster: 'dev',
      change: { ...change, versionId: undefined },
    }),
  },
  {
    what: 'an ask',
    message: { kind: 'ask', cluster: 'dev', change },
    body: serializeAsk({ cluster: 'dev', change }),
  },
  {
    what: 'a retry that several events caused',
    message: { kind: 'retry', declaration: 'shop/db', cluster: 'dev', change, earlier: ['event-0'] },
    body: serializeRetry({ declaration: 'shop/db', cluster: 'dev', change, earlier: ['event-0'] }),
  },
  {
    what: 'a rollout',
    message: { kind: 'rollout', ...rollout },
    body: serializeRollout(rollout),
  },
  {
    what: 'a shard',
    message: { kind: 'shard', cluster: 'dev', namespaces: ['shop'], begun },
    body: serializeShard({ cluster: 'dev', namespaces: ['shop'], begun }),
  },
  {
    what: 'a shard of before it said when its sweep began',
    message: { kind: 'shard', cluster: 'dev', namespaces: ['shop'], begun: undefined },
    body: '{"kind":"keyrelay.shard","format":1,"cluster":"dev","namespaces":["shop"]}',
  },
  {
    what: 'a collection',
    message: { kind: 'collect', cluster: 'dev', allowMassDeletion: true, begun },
    body: serializeCollect({ cluster: 'dev', allowMassDeletion: true, begun }),
  },
  {
    what: 'a collection of before it said when its sweep began',
    message: { kind: 'collect', cluster: 'dev', allowMassDeletion: true, begun: undefined },
    body: '{"kind":"keyrelay.collect","format":1,"cluster":"dev","allowMassDeletion":true}',
  },
])('$what is read back as it was written', ({ message, body }) => {
  expect(parseQueueMessage(body)).toEqual(message);
});

test.each([
  { what: 'text that is not JSON', body: 'canary-5f1c' },
  { what: 'an unknown kind', body: '{"kind":"canary-5f1c"}' },
  {
    what: 'a later format',
    body: '{"kind":"keyrelay.shard","format":2,"cluster":"canary-5f1c","namespace":"n"}',
  },
  {
    what: 'a message without its fields',
    body: '{"kind":"keyrelay.retry","format":1,"cluster":"canary-5f1c"}',
  },
  { what: 'a null', body: 'null' },
])('$what is refused and not quoted', ({ body }) => {
  const refusal = (): unknown => parseQueueMessage(body);

  expect(refusal).toThrow(/^EVENT_MALFORMED: /u);
  expect(refusal).not.toThrow('canary-5f1c');
});

test('a rollout message of before events were named is read all the same', () => {
  const body = JSON.stringify({ ...JSON.parse(serializeRollout(rollout)), events: undefined });

  expect(parseQueueMessage(body)).toEqual({ kind: 'rollout', ...rollout, eventIds: new Map() });
});
