import { consoleProgress } from '../../local/progress.ts';
import type { Metric } from '../result.ts';
import { round } from '../result.ts';
import { untilQuiet } from './audit-log.ts';
import { watchRival } from './arrivals-of.ts';
import { EDITED, edit } from './drift.ts';
import { withRelay } from './keyrelay.ts';
import type { RacingRelay } from './keyrelay.ts';
import { of, samplesMetric } from './metrics.ts';
import { KEYRELAY, RELAY } from './rivals.ts';
import { rotateAll } from './rotate.ts';
import { numbers, valueOf } from './stage.ts';
import type { Stage } from './stage.ts';
import { during, sum } from './window.ts';

const ROTATING_MS = 10_000;
const PATIENCE_MS = 60_000;
const ROUND = 'by-event';
const name = of(KEYRELAY);

/** The relay on the same secrets: rotation to Secret by event, and repairs by a sweep. */
export async function relayIntervals(stage: Stage, cluster: string): Promise<readonly Metric[]> {
  consoleProgress.step('the relay: rotations, then edits');
  return withRelay(stage, cluster, async (relay) => {
    await relay.sweep();
    const rotations = await rotate(stage, cluster, relay);
    return [...rotations, ...(await repair(stage, cluster, relay))];
  });
}

async function rotate(stage: Stage, cluster: string, relay: RacingRelay): Promise<readonly Metric[]> {
  let times: readonly number[] = [];
  const changed = await during(relay, async () => {
    const spread = { round: ROUND, duringMs: ROTATING_MS, timeoutMs: PATIENCE_MS };
    times = await rotateAll(stage, { cluster, rival: RELAY, ...spread });
    await relay.settled();
  });
  const each = (unit: string, figure: string, total: number): Metric => ({
    ...{ name: name(`${figure}, each rotation`), unit },
    value: round(total / stage.size),
  });
  return [
    samplesMetric(name('rotation to Secret'), times),
    each('calls', 'calls of AWS', changed.calls),
    each('requests', 'requests of the API server', sum(changed.requests)),
    each('ms', 'processor time', 1000 * changed.processor),
  ];
}

/** What somebody edited waits for the next sweep, which is what its times are counted from. */
async function repair(stage: Stage, cluster: string, relay: RacingRelay): Promise<readonly Metric[]> {
  const which = numbers(EDITED);
  for (const n of which) await edit(stage, { cluster, rival: RELAY }, n);
  const value = (n: number): string => valueOf(n, ROUND);
  const arrivals = await watchRival(stage, { cluster, rival: RELAY, which, value });
  await untilQuiet(relay.auditLogPath);
  const loading = await relay.renew();
  const began = performance.now();
  const repaired = await during(relay, () => relay.sweep());
  const seen = await arrivals.all(PATIENCE_MS);
  arrivals.stop();
  return [
    samplesMetric(
      name('begin of the next sweep to repair'),
      seen.map(({ at }) => loading + (at - began) / 1000),
    ),
    { name: name('calls of AWS, each repair'), unit: 'calls', value: round(repaired.calls / EDITED) },
  ];
}
