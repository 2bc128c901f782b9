import type { Committed } from './read-results.ts';
import { sizesIn } from './report-sweep.ts';
import { LIST_SECONDS, SHARD_CONCURRENCY, loadOf, monthlyCost } from './scaling.ts';
import type { Fleet, Measured } from './scaling.ts';
import { figure, markdownTable } from './table.ts';

/** Every Secret of a secret of its own, which is the most that there is to list and to read. */
const FLEETS: readonly Fleet[] = [
  { clusters: 1, secrets: 1000, sources: 1000 },
  { clusters: 10, secrets: 10_000, sources: 10_000 },
  { clusters: 100, secrets: 100_000, sources: 100_000 },
  { clusters: 100, secrets: 100_000, sources: 10_000 },
];
/** A fleet's sweep is reckoned from the largest that was measured. */
export function measuredBy(sweep: Committed, push: Committed): Measured {
  const size = Math.max(...sizesIn(sweep));
  return {
    sweepProcessor: sweep.value(`${size} Secrets, in sync: the function's processor time`) / size,
    pushProcessor:
      push.value(
        'bundled function: event handed over to the end, rollout message, receipt and Event included',
      ) / 1000,
  };
}

/** What sweeps of fleets take, and what a month of them costs: a column for each fleet. */
export function scalingTables(measured: Measured): string {
  const heads = FLEETS.map(
    ({ clusters, secrets, sources }) =>
      `${figure(clusters)} ${clusters === 1 ? 'cluster' : 'clusters'}, ${figure(secrets)} Secrets of ${figure(sources)} secrets`,
  );
  const loads = FLEETS.map((fleet) => loadOf(fleet, measured));
  const costs = FLEETS.map((fleet) => monthlyCost(fleet, measured));
  const row = (what: string, of: (load: (typeof loads)[number]) => string): readonly string[] => [
    what,
    ...loads.map(of),
  ];
  const [first = []] = costs;
  const dollars = first.map(({ what }, line) => [what, ...costs.map((lines) => price(lines[line]?.dollars))]);
  const total = costs.map((lines) => price(lines.reduce((sum, line) => sum + line.dollars, 0)));
  return [
    markdownTable([
      ['a sweep', ...heads],
      row('shards', ({ shards }) => figure(shards)),
      row('ListSecrets, each shard', ({ listsOfShard }) => figure(listsOfShard)),
      row('ListSecrets, all shards', ({ listsOfSweep }) => figure(listsOfSweep)),
      row('at least, by the quota of 100 a second', ({ quotaSeconds }) => `${figure(quotaSeconds)} s`),
      row('one shard', ({ shardSeconds }) => `${figure(shardSeconds)} s`),
      row(`all, ${SHARD_CONCURRENCY} at once`, ({ sweepSeconds }) => `${figure(sweepSeconds)} s`),
    ]),
    '',
    markdownTable([['a month', ...heads], ...dollars, ['**together**', ...total]]),
    '',
    `From ${figure(measured.sweepProcessor * 1e6)} µs of a processor for each Secret in sync and ${figure(measured.pushProcessor * 1000)} ms for each push; a call of ListSecrets is taken as ${LIST_SECONDS} s.`,
  ].join('\n');
}

function price(dollars = 0): string {
  return dollars < 0.005
    ? '$0.00'
    : `$${dollars.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
}
