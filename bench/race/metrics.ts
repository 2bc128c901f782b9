import { percentiles, round } from '../result.ts';
import type { Metric } from '../result.ts';
import type { Fill } from './fill.ts';
import { sum } from './window.ts';
import type { Window } from './window.ts';

/** Every figure is of something, which its name begins with. */
export type Of = (figure: string) => string;

export function of(...what: readonly string[]): Of {
  return (figure) => `${what.join(', ')}: ${figure}`;
}

/** A window in full. */
export function windowMetrics(name: Of, { seconds, calls, requests, processor }: Window): readonly Metric[] {
  return [
    { name: name('seconds'), unit: 's', value: round(seconds) },
    { name: name('calls of AWS'), unit: 'calls', value: calls },
    { name: name('requests of the API server'), unit: 'requests', value: sum(requests) },
    { name: name('processor time'), unit: 's', value: round(processor) },
  ];
}

/** So many seconds after which that share was right. */
export const DECILES = [10, 20, 30, 40, 50, 60, 70, 80, 90, 100] as const;

/** A fill, whether or not it came to its end. */
export function fillMetrics(name: Of, size: number, { right, waited }: Fill): readonly Metric[] {
  const reached = DECILES.flatMap((percent) => {
    const seconds = right[Math.ceil((percent / 100) * size) - 1];
    return seconds === undefined ? [] : [{ percent, seconds }];
  });
  return [
    { name: name('Secrets that were right'), unit: 'Secrets', value: right.length },
    { name: name('waited'), unit: 's', value: round(waited) },
    ...reached.map(({ percent, seconds }) => ({
      name: name(`${percent} % right after`),
      ...{ unit: 's', value: round(seconds) },
    })),
  ];
}

export function samplesMetric(name: string, samples: readonly number[]): Metric {
  return { name, unit: 's', ...percentiles(samples) };
}

/** What came of changes alone: writes of Secrets and Events, which a refresh that finds nothing new makes none of. */
export function writesIn({ requests }: Window): number {
  const kinds = [...requests].filter(([kind]) => /^(?:create|update|patch) (?:secrets|events)$/u.test(kind));
  return sum(new Map(kinds));
}
