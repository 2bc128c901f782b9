import { setTimeout as delay } from 'node:timers/promises';
import type { Context } from 'aws-lambda';
import { RelayError } from '../errors.ts';
import type { Clock } from '../model/ports.ts';

/** What a handler keeps of its time to hand back unfinished work and to flush telemetry. */
const MARGIN_MS = 3000;

/** Aborts shortly before Lambda would end the function, so that what is unfinished is handed back instead of being cut off. */
export function deadlineOf(context: Pick<Context, 'getRemainingTimeInMillis'>): AbortSignal {
  return AbortSignal.timeout(Math.max(0, context.getRemainingTimeInMillis() - MARGIN_MS));
}

/** The real clock. */
export const systemClock: Clock = {
  now: () => new Date(),
  sleep: async (ms, signal) => {
    try {
      await delay(ms, undefined, { signal });
    } catch {
      throw new RelayError('DEADLINE', 'the function is about to time out; what is unfinished goes back to the queue');
    }
  },
};
