import { expect, test } from '@jest/globals';
import { rateOf } from '../../../lambda/declarations/schedule.ts';

test.each([
  ['rate(1 minute)', 60],
  ['rate(15 minutes)', 900],
  ['rate(1 hour)', 3600],
  ['rate(2 days)', 172_800],
  ['cron(0 * * * ? *)', undefined],
])('%s comes every %p seconds', (schedule, seconds) => {
  expect(rateOf(schedule)?.seconds).toBe(seconds);
});
