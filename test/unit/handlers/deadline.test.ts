import { afterEach, expect, jest, test } from '@jest/globals';
import { deadlineOf } from '../../../lambda/handlers/deadline.ts';

afterEach(() => {
  jest.restoreAllMocks();
});

test.each([
  { remaining: 60_000, works: 57_000 },
  { remaining: 4000.7, works: 1000 },
  { remaining: 3000, works: 0 },
  { remaining: 1000, works: 0 },
])(
  'with $remaining ms left it works for $works ms, and has the rest to hand back what is unfinished',
  ({ remaining, works }) => {
    const timeout = jest.spyOn(AbortSignal, 'timeout');

    const signal = deadlineOf({ getRemainingTimeInMillis: () => remaining });

    expect(timeout.mock.calls).toEqual([[works]]);
    expect(signal).toBe(timeout.mock.results[0]?.value);
  },
);
