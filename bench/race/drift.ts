import { clusterOf } from '../../local/start-local.ts';
import { watchRival } from './arrivals-of.ts';
import type { Awaited } from './arrivals-of.ts';
import { secretPathOf } from './stage.ts';
import type { Stage } from './stage.ts';

/** So many Secrets are edited by hand. */
export const EDITED = 20;

/** Somebody writes another value into a managed Secret, which makes the key theirs. */
export async function edit(
  { local, size }: Stage,
  { cluster, rival }: Pick<Awaited, 'cluster' | 'rival'>,
  n: number,
): Promise<void> {
  await clusterOf(local, cluster).admin.patch(secretPathOf(rival.key, size, n), {
    data: { value: Buffer.from('drift').toString('base64') },
  });
}

/** Edits one Secret after the other. Seconds from the edit until it is right again, for each. */
export async function repairTimes(
  stage: Stage,
  awaited: Awaited,
  timeoutMs: number,
): Promise<readonly number[]> {
  const times: number[] = [];
  for (const n of awaited.which) {
    const arrivals = await watchRival(stage, { ...awaited, which: [n] });
    const edited = performance.now();
    await edit(stage, awaited, n);
    for (const { at } of await arrivals.all(timeoutMs)) times.push((at - edited) / 1000);
    arrivals.stop();
  }
  return times;
}
