import { clusterOf } from '../../local/start-local.ts';
import { watchArrivals } from '../arrivals.ts';
import type { Arrivals } from '../arrivals.ts';
import type { Rival } from './rivals.ts';
import { secretIdOf } from './stage.ts';
import type { Stage } from './stage.ts';

/** Which Secrets of whom are to hold what. */
export interface Awaited {
  readonly cluster: string;
  readonly rival: Rival;
  /** Numbers of the Secrets. */
  readonly which: readonly number[];
  readonly value: (n: number) => string;
}

/** When something began, and when each Secret was right, both as `performance.now()` has it. */
export interface Arrival {
  readonly n: number;
  readonly at: number;
}

/** Watches a rival's Secrets. */
export async function watchRival(
  { local, size }: Stage,
  { cluster, rival, which, value }: Awaited,
): Promise<RivalArrivals> {
  const ids = new Map(which.map((n) => [secretIdOf(cluster, rival.key, size, n), n]));
  const expected = new Map([...ids].map(([id, n]) => [id, value(n)]));
  const admins = new Map([[cluster, clusterOf(local, cluster).admin]]);
  const arrivals: Arrivals = await watchArrivals(admins, expected, rival.labels);
  const seen = (): readonly Arrival[] =>
    [...arrivals.soFar()].flatMap(([id, at]) => {
      const n = ids.get(id);
      return n === undefined ? [] : [{ n, at }];
    });
  return {
    all: async (timeoutMs) => {
      await arrivals.all(timeoutMs);
      return seen();
    },
    within: async (capMs) => {
      // It rejects for want of time and for nothing else.
      await arrivals.all(capMs).catch(() => undefined);
      return seen();
    },
    stop: () => arrivals.stop(),
  };
}

export interface RivalArrivals {
  /** All of them. Rejects where that takes too long. */
  all(timeoutMs: number): Promise<readonly Arrival[]>;
  /** Those that come in time: all, as soon as they have come, or what there is when the time is over. */
  within(capMs: number): Promise<readonly Arrival[]>;
  stop(): void;
}
