import { setTimeout as delay } from 'node:timers/promises';
import { RelayError } from './errors.ts';
import type { Clock } from './model/ports.ts';

/** The real clock. */
export const systemClock: Clock = {
  now: () => new Date(),
  sleep: async (ms, signal) => {
    try {
      await delay(ms, undefined, { signal });
    } catch {
      throw new RelayError(
        'DEADLINE',
        'the function is about to time out; what is unfinished goes back to the queue',
      );
    }
  },
};
