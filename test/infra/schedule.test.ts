import { expect, test } from '@jest/globals';
import { lastSweeps } from '../../infra/schedule.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;

test.each([
  { schedule: 'rate(1 minute)', period: 60, periods: 2, sweeps: 2 },
  { schedule: 'rate(1 hour)', period: HOUR, periods: 2, sweeps: 2 },
  { schedule: 'cron(0 3 * * ? *)', period: DAY, periods: 2, sweeps: 2 },
  { schedule: 'rate(2 days)', period: DAY, periods: 4, sweeps: 2 },
  // A week, which is as far as an alarm looks back, has no two of these.
  { schedule: 'rate(4 days)', period: DAY, periods: 7, sweeps: 1 },
])('$schedule: $sweeps sweeps in $periods periods', ({ schedule, ...expected }) => {
  expect(lastSweeps(schedule)).toEqual(expected);
});
