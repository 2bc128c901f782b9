import type { Metric } from '../result.ts';
import type { EsoFiles } from './eso-files.ts';
import { esoIntervals } from './intervals-of-eso.ts';
import { relayIntervals } from './intervals-of-keyrelay.ts';
import { of } from './metrics.ts';
import { onStage } from './stage.ts';

/** So few that neither the emulator nor a limit of ESO's defaults has a share in the figures. */
const ROTATING = 100;
const CLUSTER = 'race';

/** Rotation to Secret, edit to repair, and what ESO does at rest, with few Secrets: ESO first, and the relay when ESO has ended. */
export async function raceIntervals(files: EsoFiles): Promise<readonly Metric[]> {
  return onStage([CLUSTER], ROTATING, async (stage) => [
    { name: of('ESO')('Secrets'), unit: 'Secrets', value: ROTATING },
    ...(await esoIntervals(stage, CLUSTER, files)),
    ...(await relayIntervals(stage, CLUSTER)),
  ]);
}
