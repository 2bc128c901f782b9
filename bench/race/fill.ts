import { watchRival } from './arrivals-of.ts';
import type { Awaited } from './arrivals-of.ts';
import { valueOf, numbers } from './stage.ts';
import type { Stage } from './stage.ts';

/** How a first fill came along. */
export interface Fill {
  /** Seconds after which a Secret was right, for each that was, by growing time. */
  readonly right: readonly number[];
  /** Seconds that were waited. */
  readonly waited: number;
}

/** Starts what is to fill the cluster, and waits until every Secret is right, or until the time is over. */
export async function fill(
  stage: Stage,
  { capMs, ...whose }: Pick<Awaited, 'cluster' | 'rival'> & { readonly capMs: number },
  start: () => Promise<void>,
): Promise<Fill> {
  const arrivals = await watchRival(stage, { ...whose, which: numbers(stage.size), value: valueOf });
  const began = performance.now();
  await start();
  const seen = await arrivals.within(capMs - (performance.now() - began));
  const waited = (performance.now() - began) / 1000;
  arrivals.stop();
  return { right: seen.map(({ at }) => (at - began) / 1000).toSorted((a, b) => a - b), waited };
}
