import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readResult } from './read-results.ts';
import { burstTable } from './report-burst.ts';
import { oneDownTable } from './report-one-down.ts';
import { freshnessPlot, racePlot } from './report-race-plots.ts';
import { raceTables } from './report-race.ts';
import { measuredBy, scalingTables } from './report-scaling.ts';
import { soakTable } from './report-soak.ts';
import { memoryPlot, sweepPlot, sweepTable } from './report-sweep.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** A file as the results would have it. */
export interface Reported {
  /** From the top of the repository. */
  readonly path: string;
  readonly text: string;
}

/** Everything that is made from the results: the plots, and the parts of pages between `<!-- bench:NAME -->` and `<!-- /bench -->`. */
export function reportAll(): readonly Reported[] {
  const sweep = readResult('sweep');
  const race = readResult('race');
  const parts = new Map([
    ['sweep', sweepTable(sweep)],
    ['burst', burstTable(readResult('burst'))],
    ['one-down', oneDownTable(readResult('one-down'))],
    ['race', raceTables(race)],
    ['soak', soakTable(readResult('soak'))],
    ['scaling', scalingTables(measuredBy(sweep, readResult('push')))],
  ]);
  return [
    { path: 'bench/plots/sweep-time.svg', text: sweepPlot(sweep) },
    { path: 'bench/plots/sweep-memory.svg', text: memoryPlot(sweep) },
    { path: 'bench/plots/race-fill.svg', text: racePlot(race) },
    { path: 'bench/plots/race-freshness.svg', text: freshnessPlot(race) },
    ...['bench/README.md', 'docs/scaling.md'].map((path) => ({
      path,
      text: withParts(readFileSync(`${ROOT}${path}`, 'utf8'), parts),
    })),
  ];
}

/** `npm run bench -- report` */
export function writeReports(): void {
  mkdirSync(`${ROOT}bench/plots`, { recursive: true });
  for (const { path, text } of reportAll()) writeFileSync(`${ROOT}${path}`, text);
}

function withParts(page: string, parts: ReadonlyMap<string, string>): string {
  return page.replaceAll(
    /(<!-- bench:([a-z-]+) -->\n)[\s\S]*?(<!-- \/bench -->)/gu,
    (_whole, begin: string, name: string, end: string) => `${begin}\n${parts.get(name) ?? ''}\n\n${end}`,
  );
}
