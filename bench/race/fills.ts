import { clusterOf } from '../../local/start-local.ts';
import type { Metric } from '../result.ts';
import type { EsoFiles } from './eso-files.ts';
import { fillByEso, restOfEso } from './fill-of-eso.ts';
import { fillByKeyrelay } from './fill-of-keyrelay.ts';
import { DEFAULTS, TUNED } from './rivals.ts';
import { onStage } from './stage.ts';

const FIRST = 'defaults';
const SECOND = 'race';
/** It keeps to its limit of requests, so that its pace is seen long before 10,000 are right. */
const DEFAULTS_CAP_MS = 150_000;
const CAP_MS = 300_000;

/**
 * The first fill of so many Secrets, and what each rival does once all are in sync. ESO with its defaults goes first, on a cluster of its own that is then
 * stopped; then ESO with more at once; and, when that has ended, the relay on the same API server.
 */
export async function raceFills(files: EsoFiles, size: number): Promise<readonly Metric[]> {
  return onStage([FIRST, SECOND], size, async (stage) => {
    const defaults = await fillByEso(stage, {
      cluster: FIRST,
      setting: DEFAULTS,
      files,
      capMs: DEFAULTS_CAP_MS,
      afterwards: () => Promise.resolve([]),
    });
    await clusterOf(stage.local, FIRST).stop();
    const raced = { cluster: SECOND, setting: TUNED };
    const tuned = await fillByEso(stage, {
      ...raced,
      files,
      capMs: CAP_MS,
      afterwards: (eso) => restOfEso(stage, raced, eso),
    });
    return [...defaults, ...tuned, ...(await fillByKeyrelay(stage, SECOND, CAP_MS))];
  });
}
