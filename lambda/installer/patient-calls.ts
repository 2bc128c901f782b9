import type { Clock } from '../model/ports.ts';
import type { AccessCalls } from './temporary-access.ts';

export interface Patience {
  readonly clock: Clock;
  /** So long after the beginning, a denial is taken for one that will pass. */
  readonly patienceMs: number;
  readonly signal: AbortSignal;
}

const PAUSE_MS = 2000;

/**
 * The same calls, repeated while they are denied: the policy that allows them was made seconds ago, and IAM is eventually consistent
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency).
 */
export function patientCalls(eks: AccessCalls, { clock, patienceMs, signal }: Patience): AccessCalls {
  const until = clock.now().getTime() + patienceMs;
  const patiently = async <T>(call: () => Promise<T>): Promise<T> => {
    for (;;) {
      try {
        return await call();
      } catch (thrown) {
        const denied = thrown instanceof Error && thrown.name.startsWith('AccessDenied');
        if (!denied || clock.now().getTime() >= until) throw thrown;
        await clock.sleep(PAUSE_MS, signal);
      }
    }
  };
  return {
    describeCluster: (input) => patiently(() => eks.describeCluster(input)),
    createAccessEntry: (input) => patiently(() => eks.createAccessEntry(input)),
    associateAccessPolicy: (input) => patiently(() => eks.associateAccessPolicy(input)),
    deleteAccessEntry: (input) => patiently(() => eks.deleteAccessEntry(input)),
  };
}
