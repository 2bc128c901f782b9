import { setTimeout as sleep } from 'node:timers/promises';
import { mapLimited } from '../../lambda/concurrency.ts';
import { benchSecret } from '../bench-config.ts';
import { watchRival } from './arrivals-of.ts';
import type { Awaited } from './arrivals-of.ts';
import { numbers, valueOf } from './stage.ts';
import type { Stage } from './stage.ts';

export interface Rotations extends Pick<Awaited, 'cluster' | 'rival'> {
  /** Tells the values from those before. */
  readonly round: string;
  /** Over which the rotations are spread evenly: over an interval, they meet it at all of its moments. */
  readonly duringMs: number;
  readonly timeoutMs: number;
}

/** Rotates every secret once. Seconds from the answer to PutSecretValue to the right Secret, for each. */
export async function rotateAll(
  stage: Stage,
  { round, duringMs, timeoutMs, ...whose }: Rotations,
): Promise<readonly number[]> {
  const { manager, size } = stage;
  const value = (n: number): string => valueOf(n, round);
  const arrivals = await watchRival(stage, { ...whose, which: numbers(size), value });
  const rotated = await mapLimited(numbers(size), size, async (n) => {
    await sleep((duringMs * n) / size);
    await manager.putSecretValue({ SecretId: benchSecret(n), SecretString: value(n) });
    return performance.now();
  });
  const seen = await arrivals.all(timeoutMs);
  arrivals.stop();
  return seen.map(({ n, at }) => (at - (rotated[n] ?? NaN)) / 1000);
}
