import { expect, test } from '@jest/globals';
import { raceTables } from '../../../bench/report-race.ts';
import type { Committed } from '../../../bench/read-results.ts';

const TUNED = '1000 Secrets, ESO, 10 at once';
const SWEEP = '1000 Secrets, Keyrelay, a sweep in sync';

const FIGURES: Readonly<Record<string, number>> = {
  'ESO: Secrets': 100,
  'ESO every 1m: rotation to Secret': 30,
  'ESO every 1m: requests of the API server, each rotation': 2,
  'ESO every 1m: processor time, each rotation': 4,
  'Keyrelay: calls of AWS, each rotation': 3,
  'Keyrelay: requests of the API server, each rotation': 6,
  'Keyrelay: processor time, each rotation': 20,
  'ESO every 10s: rotation to Secret': 5,
  'ESO every 1m, at rest: seconds': 60,
  'ESO every 1m, at rest: calls of AWS': 100,
  'ESO every 1m, at rest: requests of the API server': 106,
  'ESO every 1m, at rest: processor time': 1.6,
  [`${TUNED}, at rest: seconds`]: 60,
  [`${TUNED}, at rest: calls of AWS`]: 0,
  [`${TUNED}, at rest: requests of the API server`]: 6,
  [`${TUNED}, at rest: processor time`]: 0.6,
  [`${TUNED}, at rest: resident memory`]: 128,
  '1000 Secrets, ESO, defaults: Secrets that were right': 700,
  '1000 Secrets, ESO, defaults: waited': 120,
  [`${TUNED}: Secrets that were right`]: 1000,
  [`${TUNED}: 100 % right after`]: 20,
  [`${SWEEP}: calls of AWS`]: 10,
  [`${SWEEP}: requests of the API server`]: 60,
  [`${SWEEP}: processor time`]: 0.5,
};

const result: Committed = {
  value: (name) => FIGURES[name] ?? NaN,
  p99: (name) => 2 * (FIGURES[name] ?? NaN),
  names: Object.keys(FIGURES),
  made: 'made here',
  loadAtStart: 0.2,
};

/** The cells of the row that begins so. */
function row(begin: string): readonly string[] {
  const line = raceTables(result)
    .split('\n')
    .find((text) => text.startsWith(`| ${begin}`));
  return (line ?? '').split('|').map((cell) => cell.trim());
}

test('the delay of an interval that was not waited for is reckoned, and said to be', () => {
  expect(row('ESO every 1h')).toContain('ESO every 1h, reckoned');
  expect(row('ESO every 1h').slice(2, 4)).toEqual(['1,800 s', '3,564 s']);
  expect(row('ESO every 1m').slice(1, 4)).toEqual(['ESO every 1m', '30 s', '60 s']);
});

test('what ESO asks for at rest grows with the Secrets and with how often it looks', () => {
  expect(row('1,000 Secrets: AWS calls an hour').slice(2, 6)).toEqual(['1,000', '60,000', '360,000', '10']);
  // One for each refresh, and six a minute whatever there is to do.
  expect(row('1,000 Secrets: requests').slice(2, 4)).toEqual(['1,360', '60,360']);
  expect(row('1,000 Secrets: memory').slice(2, 4)).toEqual(['3 GB h', '3 GB h']);
});

test('how many Secrets ESO can look at is what its limit of requests allows', () => {
  // 100 requests beyond those of an idle minute, for 100 refreshes.
  expect(raceTables(result)).toContain('is 1 requests of the API server');
  expect(raceTables(result)).toContain('no more than 3,000 Secrets a minute');
});

test('a fill that was stopped tells how far it came', () => {
  expect(row('1,000 Secrets ').slice(2, 4)).toEqual(['700 in 120 s, then stopped', '20 s']);
});

test.each([
  [0.2, 'is not doubted'],
  [4, 'is said to be of a machine that others used'],
  [undefined, 'is taken for one of a machine that others used'],
])('a run that began at load %s %s', (loadAtStart, meaning) => {
  const text = raceTables({ ...result, loadAtStart });

  expect(text.includes('not known to be quiet')).toBe(meaning !== 'is not doubted');
});
