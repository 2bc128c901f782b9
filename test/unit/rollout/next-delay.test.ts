import { expect, test } from '@jest/globals';
import { NO_MEMORY } from '../../../lambda/model/rollout-memory.ts';
import { nextDelaySeconds } from '../../../lambda/rollout/next-delay.ts';
import { NOW } from '../../support/rollout-builders.ts';

const inSeconds = (seconds: number): Date => new Date(NOW.getTime() + seconds * 1000);

test.each([
  { when: 'workloads restart', active: true, attempt: 0, seconds: 2 },
  { when: 'they still do', active: true, attempt: 3, seconds: 16 },
  { when: 'they take minutes', active: true, attempt: 5, seconds: 60 },
  { when: 'they take hours', active: true, attempt: 5000, seconds: 60 },
  { when: 'others may be restarted before that', active: true, attempt: 4, at: 7, seconds: 7 },
  { when: 'others may be restarted after that', active: true, attempt: 2, at: 20, seconds: 8 },
  { when: 'a limit holds them back', active: false, attempt: 1, seconds: 4 },
  { when: 'they may be restarted at a time', active: false, attempt: 0, at: 45, seconds: 45 },
  { when: 'that time has a fraction', active: false, attempt: 0, at: 45.2, seconds: 46 },
  { when: 'that time is later than a queue can wait', active: false, attempt: 0, at: 7200, seconds: 900 },
  { when: 'that time is over', active: false, attempt: 0, at: -5, seconds: 1 },
])('where $when, the next visit is in $seconds s', ({ active, attempt, at, seconds }) => {
  const visit = {
    namespaces: ['shop'],
    at: at === undefined ? undefined : inSeconds(at),
    active,
    memory: NO_MEMORY,
  };

  expect(nextDelaySeconds(visit, attempt, NOW)).toBe(seconds);
});
