import { expect, test } from '@jest/globals';
import { RelayError } from '../../../lambda/errors.ts';
import type { ErrorCode } from '../../../lambda/errors.ts';
import type { SourceChange } from '../../../lambda/model/change.ts';
import { followUp } from '../../../lambda/relay/follow-up.ts';
import type { Outcome } from '../../../lambda/relay/outcome.ts';
import type { Assignment, PushMessage } from '../../../lambda/relay/push.ts';
import { aDeclaration } from '../../support/builders.ts';

const change: SourceChange = {
  eventId: 'event-1',
  time: new Date('2026-01-02T00:00:00Z'),
  region: 'eu-west-1',
  account: '111122223333',
  kind: 'value',
  ids: ['shop/db'],
  versionId: 'version-2',
  service: 'SecretsManager',
};
const later: SourceChange = { ...change, eventId: 'event-2', time: new Date('2026-01-03T00:00:00Z') };

const asks = (id: string, content: PushMessage['content'], ...clusters: readonly string[]): Assignment => ({
  message: { id, content },
  work: clusters.map((cluster) => ({ declaration: aDeclaration(), cluster, expected: new Map() })),
});
const changed = (id: string, ...clusters: readonly string[]): Assignment =>
  asks(id, { kind: 'change', change }, ...clusters);
const retried = (id: string, cluster: string): Assignment =>
  asks(id, { kind: 'retry', declaration: 'shop/db', cluster, change: undefined }, cluster);

const asked = (id: string, ...clusters: readonly string[]): Assignment =>
  asks(id, { kind: 'ask', cluster: 'a', change }, ...clusters);

const head = (cluster: string) => ({
  target: { cluster, namespace: 'shop', name: 'db' },
  declaration: 'shop/db',
  attempts: 1,
});
const kept = (cluster: string): Outcome => ({ ...head(cluster), kind: 'kept' });
const failed = (cluster: string, code: ErrorCode): Outcome => ({
  ...head(cluster),
  kind: 'failed',
  error: new RelayError(code, 'x'),
});

/** The follow-up in words. */
function words(
  assignments: readonly Assignment[],
  outcomes: readonly Outcome[],
  unknown: readonly (readonly [string, RelayError])[] = [],
): unknown {
  const { asks: again, retries, dead, redeliver } = followUp(assignments, outcomes, new Map(unknown));
  return {
    asks: again.map((item) => `${item.cluster} ${item.change.eventId} from ${item.from.join()}`),
    retries: retries.map((item) => `${item.cluster} ${item.declaration} from ${item.from.join()}`),
    dead: dead.map((item) => `${item.cluster} ${item.error.code} from ${item.from.join()}`),
    redeliver: redeliver.map(({ id }) => id),
  };
}

test.each([
  {
    when: 'all targets are done',
    assignments: [changed('m1', 'a', 'b')],
    outcomes: [kept('a'), kept('b')],
    then: { retries: [], dead: [], redeliver: [] },
  },
  {
    when: 'one of a change’s targets may pass later',
    assignments: [changed('m1', 'a', 'b')],
    outcomes: [kept('a'), failed('b', 'CLUSTER_UNREACHABLE')],
    then: { retries: ['b shop/db from m1'], dead: [], redeliver: [] },
  },
  {
    when: 'one of a change’s targets failed for good',
    assignments: [changed('m1', 'a')],
    outcomes: [failed('a', 'SOURCE_DENIED')],
    then: { retries: [], dead: ['a SOURCE_DENIED from m1'], redeliver: [] },
  },
  {
    when: 'two changes ask for the same failed target',
    assignments: [changed('m1', 'a'), changed('m2', 'a')],
    outcomes: [failed('a', 'CLUSTER_TIMEOUT')],
    then: { retries: ['a shop/db from m1,m2'], dead: [], redeliver: [] },
  },
  {
    when: 'a retry fails again',
    assignments: [retried('m1', 'a')],
    outcomes: [failed('a', 'CLUSTER_TIMEOUT')],
    then: { retries: [], dead: [], redeliver: ['m1'] },
  },
  {
    when: 'a retry fails for good',
    assignments: [retried('m1', 'a')],
    outcomes: [failed('a', 'TARGET_NOT_OURS')],
    then: { retries: [], dead: ['a TARGET_NOT_OURS from m1'], redeliver: [] },
  },
  {
    when: 'a retry and a change ask for the same failed target',
    assignments: [retried('m1', 'a'), changed('m2', 'a')],
    outcomes: [failed('a', 'CLUSTER_TIMEOUT')],
    then: { retries: ['a shop/db from m2'], dead: [], redeliver: ['m1'] },
  },
  {
    when: 'a message cannot be read',
    assignments: [asks('m1', { kind: 'malformed', error: new RelayError('EVENT_MALFORMED', 'x') })],
    outcomes: [],
    then: { retries: [], dead: [], redeliver: ['m1'] },
  },
  {
    when: 'a message changes nothing',
    assignments: [asks('m1', { kind: 'ignored', reason: 'AWSPENDING', eventId: 'event-1' })],
    outcomes: [],
    then: { retries: [], dead: [], redeliver: [] },
  },
])('follows up when $when', ({ assignments, outcomes, then }) => {
  expect(words(assignments, outcomes)).toEqual({ asks: [], ...then });
});

const silent = ['a', new RelayError('CLUSTER_TIMEOUT', 'x')] as const;
const nothing = { asks: [], retries: [], dead: [], redeliver: [] };

test.each([
  {
    when: 'a change meets a cluster that does not say what it declares',
    assignments: [changed('m1', 'b')],
    outcomes: [kept('b')],
    unknown: [silent],
    then: { ...nothing, asks: ['a event-1 from m1'] },
  },
  {
    when: 'another target of that change failed',
    assignments: [changed('m1', 'b')],
    outcomes: [failed('b', 'CLUSTER_UNREACHABLE')],
    unknown: [silent],
    then: { ...nothing, asks: ['a event-1 from m1'], retries: ['b shop/db from m1'] },
  },
  {
    when: 'the cluster will never say it',
    assignments: [changed('m1', 'b')],
    outcomes: [kept('b')],
    unknown: [['a', new RelayError('DECLARATION_UNSUPPORTED', 'x')] as const],
    then: nothing,
  },
  {
    when: 'the cluster still does not say it',
    assignments: [asked('m1')],
    outcomes: [],
    unknown: [silent],
    then: { ...nothing, redeliver: ['m1'] },
  },
  {
    when: 'the cluster says it and a target failed',
    assignments: [asked('m1', 'a')],
    outcomes: [failed('a', 'CLUSTER_THROTTLED')],
    unknown: [],
    then: { ...nothing, retries: ['a shop/db from m1'] },
  },
  {
    when: 'a retry’s declaration cannot be looked up',
    assignments: [asks('m1', { kind: 'retry', declaration: 'shop/db', cluster: 'a', change })],
    outcomes: [],
    unknown: [silent],
    then: { ...nothing, redeliver: ['m1'] },
  },
  {
    when: 'a retry is of what files declare',
    assignments: [retried('m1', 'a')],
    outcomes: [kept('a')],
    unknown: [silent],
    then: nothing,
  },
])('follows up when $when', ({ assignments, outcomes, unknown, then }) => {
  expect(words(assignments, outcomes, unknown)).toEqual(then);
});

test('a retry carries the latest of the changes that asked for it, and the events of the others', () => {
  const assignments = [
    changed('m1', 'a'),
    asks('m2', { kind: 'change', change: later }, 'a'),
    changed('m3', 'a'),
  ];

  expect(followUp(assignments, [failed('a', 'CLUSTER_TIMEOUT')]).retries).toMatchObject([
    { change: { eventId: 'event-2' }, earlier: ['event-1'] },
  ]);
});
