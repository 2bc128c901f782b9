import { expect, test } from '@jest/globals';
import { dayOfEso, dayOfRelay, eachOf, times } from '../../../../bench/race/day.ts';

const nothing = { calls: 0, requests: 0, processor: 0 };

test('ESO looks at each Secret once an interval, and stays resident all day', () => {
  const rest = dayOfEso({
    ...{ secrets: 1000, intervalSeconds: 60, residentMB: 128 },
    refresh: { calls: 1, requests: 2, processor: 0.003 },
    rotation: { calls: 0, requests: 2, processor: 0.01 },
    idle: { calls: 0, requests: 0.5, processor: 0.001 },
  });

  expect(rest.callsPerHour).toBeCloseTo(60_000, 6);
  expect(rest.requestsPerHour).toBeCloseTo(120_000 + 1800, 6);
  expect(rest.processorPerDay).toBeCloseTo(1000 * 1440 * 0.003 + 86.4 + 10, 6);
  expect(rest.gigabyteHoursPerDay).toBeCloseTo(3, 6);
});

test('the relay is there for 24 sweeps and its pushes, on its share of a processor', () => {
  const rest = dayOfRelay({
    secrets: 100,
    sweep: { calls: 10, requests: 60, processor: 1024 / 1769 },
    rotation: { calls: 3, requests: 6, processor: 102.4 / 1769 },
  });

  expect(rest.callsPerHour).toBe(10);
  expect(rest.requestsPerHour).toBe(60);
  expect(rest.processorPerDay).toBeCloseTo((24 * 1024 + 100 * 102.4) / 1769, 6);
  // 1 s of its own and 10 calls of 0.1 s, 24 times; and 0.1 s and 3 calls, a hundred times.
  expect(rest.gigabyteHoursPerDay).toBeCloseTo((48 + 40) / 3600, 6);
});

test('what each refresh takes is what the window took beyond an idle one', () => {
  const window = { calls: 100, requests: 260, processor: 0.7 };
  const idle = { calls: 0, requests: 1, processor: 0.01 };

  const refresh = eachOf(100, window, times(60, idle));

  expect(refresh.calls).toBe(1);
  expect(refresh.requests).toBe(2);
  expect(refresh.processor).toBeCloseTo(0.001, 9);
});

test('what is too little to be seen counts as nothing', () => {
  expect(eachOf(100, nothing, { calls: 0, requests: 3, processor: 0.01 })).toEqual(nothing);
});
