import { consoleProgress } from '../../local/progress.ts';
import { round } from '../result.ts';
import type { Metric } from '../result.ts';
import { untilQuiet } from './audit-log.ts';
import { fill } from './fill.ts';
import { withRelay } from './keyrelay.ts';
import { fillMetrics, of, windowMetrics } from './metrics.ts';
import { KEYRELAY, RELAY } from './rivals.ts';
import type { Stage } from './stage.ts';
import { during } from './window.ts';

/**
 * The first sweep, from the loading of its functions until every Secret is right; and a sweep that finds everything in sync.
 *
 * @param capMs longer than this it is not waited for
 */
export async function fillByKeyrelay(
  stage: Stage,
  cluster: string,
  capMs: number,
): Promise<readonly Metric[]> {
  consoleProgress.step(`the relay: first fill of ${stage.size} Secrets, then a sweep in sync`);
  return withRelay(stage, cluster, async (relay) => {
    const name = of(`${stage.size} Secrets`, KEYRELAY);
    const loading = await relay.renew();
    const { right, waited } = await fill(stage, { cluster, rival: RELAY, capMs }, () => relay.sweep());
    const filled = { right: right.map((seconds) => seconds + loading), waited: waited + loading };
    const spent = { name: name('processor time'), unit: 's', value: round(relay.processor()) };
    // What goes on after it is no part of a sweep in sync.
    await untilQuiet(relay.auditLogPath);
    await relay.renew();
    const inSync = await during(relay, () => relay.sweep());
    return [
      ...fillMetrics(name, stage.size, filled),
      spent,
      ...windowMetrics(of(`${stage.size} Secrets`, KEYRELAY, 'a sweep in sync'), inSync),
    ];
  });
}
