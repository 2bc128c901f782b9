import { report } from '../result.ts';
import type { Metric } from '../result.ts';
import { sizesOf } from '../sizes.ts';
import { esoFiles } from './eso-files.ts';
import { raceFills } from './fills.ts';
import { raceIntervals } from './intervals.ts';

const SIZES = [1000, 10_000] as const;

/**
 * External Secrets Operator and the relay on the same API server, the same emulator and the same declarations, one after the other. About 20 minutes.
 *
 * @throws {Error} that says what to give, where no release of ESO was given
 */
export async function benchRace(): Promise<void> {
  const files = esoFiles(process.env);
  const metrics: Metric[] = [...(await raceIntervals(files))];
  for (const size of sizesOf(SIZES)) metrics.push(...(await raceFills(files, size)));
  report({
    name: 'race',
    command: 'ESO_BIN=… ESO_CRDS=… ESO_VERSION=… npm run bench -- race',
    metrics,
    versions: { eso: files.version },
  });
}
