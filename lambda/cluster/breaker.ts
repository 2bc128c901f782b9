import { RelayError } from '../errors.ts';
import type { Clock } from '../model/ports.ts';
import { ANSWERING, admit, afterRequest } from './silence.ts';
import type { Sign } from './silence.ts';

/** Keeps requests from a cluster that was silent just now, across the invocations of one execution environment. */
export interface Breaker {
  /**
   * Runs the request, or fails at once.
   *
   * @param signOf what its result tells of the server, and what a failure does
   * @throws RelayError CLUSTER_SILENT, with the time to wait, and whatever the request throws
   */
  run<T>(request: () => Promise<T>, signOf: SignOf<T>): Promise<T>;
}

export interface SignOf<T> {
  readonly result: (result: T) => Sign;
  readonly failure: (thrown: unknown) => Sign;
}

export function createBreaker(cluster: string, clock: Clock): Breaker {
  let state = ANSWERING;
  const now = (): number => clock.now().getTime();
  return {
    run: async (request, signOf) => {
      const began = now();
      const admission = admit(state, began);
      if (admission.kind === 'refused') throw silentError(cluster, admission.waitMs);
      state = admission.state;
      const end = (sign: Sign): void => {
        state = afterRequest(state, { sign, began, now: now() });
      };
      try {
        const result = await request();
        end(signOf.result(result));
        return result;
      } catch (thrown) {
        end(signOf.failure(thrown));
        throw thrown;
      }
    },
  };
}

function silentError(cluster: string, waitMs: number): RelayError {
  return new RelayError(
    'CLUSTER_SILENT',
    `${cluster} let a whole timeout pass just now and is left alone for ${Math.ceil(waitMs / 1000)} s; it is tried again later, check its endpoint access, its security group and its load`,
    { retryAfterMs: waitMs },
  );
}
