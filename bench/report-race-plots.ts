import { plotSvg } from './plot.ts';
import type { Series } from './plot.ts';
import { DECILES, of } from './race/metrics.ts';
import { INTERVALS, delaysOf, esoOf, relayOf } from './race/reckon.ts';
import { FILLING, KEYRELAY } from './race/rivals.ts';
import type { Committed } from './read-results.ts';
import { sizesIn } from './report-sweep.ts';
import { figure } from './table.ts';

/** How the first fill of the most Secrets came along. */
export function racePlot(result: Committed): string {
  const size = Math.max(...sizesIn(result));
  const lineOf = (who: string): Series => ({
    name: who,
    points: DECILES.flatMap((percent) => {
      const seconds = result.value(of(`${size} Secrets`, who)(`${percent} % right after`));
      return Number.isNaN(seconds) ? [] : [[seconds, (size * percent) / 100] as const];
    }),
  });
  return plotSvg({
    title: `First fill of ${figure(size)} Secrets`,
    ...{ x: 'seconds', y: 'Secrets that are right' },
    series: FILLING.map(lineOf),
  });
}

/** What it takes to have a rotated value sooner: for ESO more calls, for the relay an event. */
export function freshnessPlot(result: Committed): string {
  const size = Math.max(...sizesIn(result));
  const { callsPerHour } = relayOf(result, size);
  return plotSvg({
    title: `Rotation to Secret, median, by AWS calls at rest (${figure(size)} Secrets)`,
    ...{ x: 'AWS calls an hour', y: 'seconds' },
    series: [
      {
        name: 'ESO every 1h, 1m, 10s',
        points: INTERVALS.map((interval) => [
          esoOf(result, size, interval).callsPerHour,
          delaysOf(result, interval)[0],
        ]),
      },
      { name: KEYRELAY, points: [[callsPerHour, result.value(of(KEYRELAY)('rotation to Secret'))]] },
    ],
  });
}
