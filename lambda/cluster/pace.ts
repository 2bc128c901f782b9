import { RelayError } from '../errors.ts';
import type { Clock } from '../model/ports.ts';
import { nextPace, startingPace } from './pace-limit.ts';
import type { Outcome } from './retry-policy.ts';

/** Lets so many exchanges with one API server run at once as it bears. */
export interface Pace {
  /**
   * Runs the exchange once there is room for it, in the order of asking.
   *
   * @param timed whether its duration tells how the server is; a list's does not, for it grows with what is listed
   * @throws RelayError DEADLINE where the signal aborts before there is room
   */
  run(exchange: () => Promise<Outcome>, timed: boolean, signal: AbortSignal): Promise<Outcome>;
  /** How many may run at once now. */
  limit(): number;
}

export function createPace(max: number, clock: Clock): Pace {
  let state = startingPace(max);
  let running = 0;
  const waiting: (() => void)[] = [];
  const limit = (): number => Math.floor(state.limit);
  const admit = (): void => {
    while (running < limit() && waiting.length > 0) {
      running += 1;
      waiting.shift()?.();
    }
  };
  const enter = (signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const give = (): void => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const leave = (): void => {
        const place = waiting.indexOf(give);
        if (place >= 0) waiting.splice(place, 1);
        reject(new RelayError('DEADLINE', 'the time ended while a request waited for its turn'));
      };
      if (signal.aborted) {
        leave();
        return;
      }
      signal.addEventListener('abort', leave, { once: true });
      waiting.push(give);
      admit();
    });
  return {
    limit,
    run: async (exchange, timed, signal) => {
      await enter(signal);
      const began = clock.now().getTime();
      try {
        const outcome = await exchange();
        const now = clock.now().getTime();
        const status = outcome.kind === 'answer' ? outcome.response.status : undefined;
        if (timed || status === 429) state = nextPace(state, { status, ms: now - began, now }, max);
        return outcome;
      } finally {
        running -= 1;
        admit();
      }
    },
  };
}
