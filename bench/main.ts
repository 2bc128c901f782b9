// `npm run bench`: all benchmarks but the race, which needs a release of ESO, or those that are named. Each writes bench/results/NAME.json; `report` makes
// tables and plots of them.
import { benchBurst } from './burst.ts';
import { benchCold } from './cold.ts';
import { benchOneDown } from './one-down.ts';
import { benchPush } from './push.ts';
import { benchRace } from './race/main.ts';
import { writeReports } from './report.ts';
import { benchSoak } from './soak.ts';
import { benchSweep } from './sweep.ts';

const ALL = new Map<string, () => Promise<void> | void>([
  ['burst', benchBurst],
  ['cold', benchCold],
  ['one-down', benchOneDown],
  ['push', benchPush],
  ['soak', benchSoak],
  ['sweep', benchSweep],
  ['race', benchRace],
  ['report', writeReports],
]);

const names =
  process.argv.length > 2 ? process.argv.slice(2) : [...ALL.keys()].filter((name) => name !== 'race');
for (const name of names) {
  const bench = ALL.get(name);
  if (bench === undefined) throw new Error(`no benchmark ${name}; there are: ${[...ALL.keys()].join(', ')}`);
  await bench();
}
