import { describe, expect, test } from '@jest/globals';
import { ANNOTATION } from '../../../lambda/contract.ts';
import {
  changeAnnotations,
  changeMarks,
  isPending,
  keptAnnotations,
  serializeRecord,
} from '../../../lambda/model/change-marks.ts';
import type { Change } from '../../../lambda/model/change-marks.ts';
import { aRecord } from '../../support/rollout-builders.ts';

const at = (second: number): Date => new Date(Date.UTC(2026, 1, 1, 12, 0, second));
const change: Change = {
  event: 'event-1',
  sweep: undefined,
  rotated: at(1),
  received: at(2),
  since: at(0),
  written: at(3),
  reason: 'version',
};
const write = { event: undefined, sweep: 'message-1', rotated: undefined, received: undefined };
const annotations = changeAnnotations('v2', change);

test('what is written is read back', () => {
  const record = aRecord({ state: 'failed', failed: ['Deployment/web'] });

  expect(changeMarks({ ...annotations, [ANNOTATION.rollout]: serializeRecord(record) })).toEqual({
    revision: 'v2',
    change: { ...change, restarts: undefined },
    write: undefined,
    rollout: record,
    policy: undefined,
  });
});

test.each([
  ['nothing is there', {}],
  ['they are no JSON', { [ANNOTATION.change]: '{', [ANNOTATION.rollout]: '[' }],
  ['they hold something else', { [ANNOTATION.change]: '7', [ANNOTATION.rollout]: '{"revision":7}' }],
  ['the policy is none', { [ANNOTATION.rolloutPolicy]: 'always' }],
])('annotations count as absent where %s', (_, broken) => {
  expect(changeMarks(broken)).toEqual({
    revision: undefined,
    change: undefined,
    write: undefined,
    rollout: undefined,
    policy: undefined,
  });
});

test('a broken change keeps the time at which it was', () => {
  expect(changeMarks({ ...annotations, [ANNOTATION.change]: 'x' }).change).toMatchObject({
    written: at(3),
    since: at(3),
  });
});

test('a write that leaves the data alone carries over what tells of the change, and tells of itself', () => {
  const last = { ...write, written: at(9), reason: 'drift' as const };
  const before = { ...annotations, other: 'x', [ANNOTATION.rollout]: '{}', [ANNOTATION.write]: '{}' };

  const kept = keptAnnotations(before, last);

  expect(kept).toEqual({ ...annotations, [ANNOTATION.write]: JSON.stringify(last) });
  expect(changeMarks(kept)).toMatchObject({ change, write: last });
});

test('a reason that is none counts as absent', () => {
  const broken = JSON.stringify({ written: at(1), reason: 'boredom' });

  expect(changeMarks({ [ANNOTATION.write]: broken }).write).toEqual({
    ...write,
    sweep: undefined,
    written: at(1),
    reason: undefined,
  });
});

describe('a rollout is pending', () => {
  const marks = changeMarks(annotations);

  test.each([
    { when: 'there is no record of any', given: marks, pending: true },
    {
      when: 'the record is of another revision',
      given: { ...marks, rollout: aRecord({ revision: 'v1', at: at(9) }) },
      pending: true,
    },
    {
      when: 'the record is of the revision',
      given: { ...marks, rollout: aRecord({ at: at(9) }) },
      pending: false,
    },
    {
      when: 'the record is of a failure',
      given: { ...marks, rollout: aRecord({ at: at(9), state: 'failed' as const }) },
      pending: false,
    },
    {
      when: 'the record is of the revision, from before a rollback',
      given: { ...marks, rollout: aRecord({ at: at(1) }) },
      pending: true,
    },
    {
      when: 'nothing was to be restarted',
      given: { ...marks, change: { ...change, restarts: 'off' as const } },
      pending: false,
    },
    { when: 'the Secret has no revision', given: { ...marks, revision: undefined }, pending: false },
  ])('or not, when $when: $pending', ({ given, pending }) => {
    expect(isPending(given)).toBe(pending);
  });
});
