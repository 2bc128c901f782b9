import { plotSvg } from './plot.ts';
import type { Committed } from './read-results.ts';
import { figure, markdownTable } from './table.ts';

const KINDS = [
  'first fill',
  'in sync',
  'in sync, 5 times in one process',
  '1 % changed',
  '100 % drifted',
] as const;

/** The sweeps by size and kind. */
export function sweepTable(result: Committed): string {
  const rows = sizesIn(result).flatMap((size) => KINDS.map((kind) => rowOf(result, size, kind)));
  const head = [
    'Secrets',
    'sweep',
    'time',
    "function's processor time",
    'AWS calls',
    'reads of values',
    'peak RSS',
  ];
  const exponent = (of: string): string =>
    figure(result.value(`in sync: exponent of growth of the ${of} (1 is linear)`));
  return [
    markdownTable([head, ...rows]),
    '',
    `Growth in sync, as the exponent of a power law (1 is linear): time ${exponent('time')}, processor time ${exponent('processor time')}. ${result.made}.`,
  ].join('\n');
}

function rowOf(result: Committed, size: number, kind: string): readonly string[] {
  const of = (what: string): number => result.value(`${size} Secrets, ${kind}: ${what}`);
  return [
    figure(size),
    kind,
    `${figure(of('time'))} s`,
    `${figure(of("the function's processor time"))} s`,
    figure(of('calls of AWS')),
    figure(of('of them, reads of values')),
    `${figure(of('peak RSS'))} MB`,
  ];
}

/** How the time of each kind grows with the number of Secrets. */
export function sweepPlot(result: Committed): string {
  return plotSvg({
    title: 'Time of a sweep',
    ...{ x: 'Secrets', y: 'seconds' },
    series: KINDS.filter((kind) => !kind.includes('times')).map((kind) => ({
      name: kind,
      points: sizesIn(result).map((size) => [size, result.value(`${size} Secrets, ${kind}: time`)] as const),
    })),
  });
}

/** How memory grows with the number of Secrets. */
export function memoryPlot(result: Committed): string {
  return plotSvg({
    title: 'Peak of resident memory in a sweep',
    ...{ x: 'Secrets', y: 'MB' },
    series: KINDS.map((kind) => ({
      name: kind.replace(' in one process', ''),
      points: sizesIn(result).map(
        (size) => [size, result.value(`${size} Secrets, ${kind}: peak RSS`)] as const,
      ),
    })),
  });
}

/** The numbers of Secrets that were swept. */
export function sizesIn({ names }: Committed): readonly number[] {
  const sizes = names.flatMap((name) => /^(\d+) Secrets/u.exec(name)?.[1] ?? []);
  return [...new Set(sizes)].map(Number).toSorted((a, b) => a - b);
}
