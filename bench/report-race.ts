import type { Day } from './race/day.ts';
import { of } from './race/metrics.ts';
import { INTERVALS, TYPICAL, delaysOf, esoOf, refreshOf, relayOf, rotationOf } from './race/reckon.ts';
import type { Interval } from './race/reckon.ts';
import { DEFAULT_QPS, FILLING, KEYRELAY } from './race/rivals.ts';
import type { Committed } from './read-results.ts';
import { sizesIn } from './report-sweep.ts';
import { figure, markdownTable } from './table.ts';

/** All that the page tells of the race. */
export function raceTables(result: Committed): string {
  return [
    rotationTable(result),
    '',
    dayTable(result),
    '',
    limitOf(result),
    '',
    fillTable(result),
    '',
    repairTable(result),
    '',
    `${result.made}.${isQuiet(result) ? '' : BUSY}`,
  ].join('\n');
}

/** Both rivals share the processors with whatever else runs, and the slower one is the longer disturbed. */
const BUSY = ' **The machine was not known to be quiet: take the times for a first look.**';
const QUIET_LOAD = 1;

function isQuiet({ loadAtStart }: Committed): boolean {
  return loadAtStart !== undefined && loadAtStart <= QUIET_LOAD;
}

function rotationTable(result: Committed): string {
  const delay = of(KEYRELAY)('rotation to Secret');
  const { calls, requests, processor } = rotationOf(result, KEYRELAY);
  return markdownTable([
    [
      ...['rotation to Secret', 'p50', 'p99'],
      ...['AWS calls', 'requests of the API server', 'processor time'].map((what) => `${what}, each`),
    ],
    ...INTERVALS.map((interval) => esoRow(result, interval)),
    [
      '**Keyrelay, by event**',
      ...[result.value(delay), result.p99(delay)].map((seconds) => amount(seconds, 's')),
      ...[figure(calls), figure(requests), amount(1000 * processor, 'ms')],
    ],
  ]);
}

/** What a rotation takes beyond the refresh that finds it is the same at any interval. */
function esoRow(result: Committed, interval: Interval): readonly string[] {
  const measured = of(`ESO every ${interval.name}`)('rotation to Secret');
  const [p50, p99] = delaysOf(result, interval);
  const { requests, processor } = rotationOf(result, `ESO every ${TYPICAL.name}`);
  return [
    `ESO every ${interval.name}${Number.isNaN(result.value(measured)) ? ', reckoned' : ''}`,
    ...[amount(p50, 's'), amount(p99, 's')],
    // It is a difference of two windows, and may drown in what a refresh takes.
    ...[
      'none beyond refreshes',
      figure(requests),
      processor > 0 ? amount(1000 * processor, 'ms') : 'too little to tell',
    ],
  ];
}

function dayTable(result: Committed): string {
  const rivals: readonly (readonly [string, (size: number) => Day])[] = [
    ...INTERVALS.map((interval): readonly [string, (size: number) => Day] => [
      `ESO every ${interval.name}`,
      (size) => esoOf(result, size, interval),
    ]),
    ['**Keyrelay, hourly sweeps**', (size) => relayOf(result, size)],
  ];
  const row = (size: number, what: string, cell: (day: Day) => string): readonly string[] => [
    `${figure(size)} Secrets: ${what}`,
    ...rivals.map(([, dayOf]) => cell(dayOf(size))),
  ];
  return markdownTable([
    ['what it takes', ...rivals.map(([name]) => name)],
    ...sizesIn(result).flatMap((size) => [
      row(size, 'AWS calls an hour, at rest', ({ callsPerHour }) => figure(callsPerHour)),
      row(size, 'requests of the API server an hour, at rest', ({ requestsPerHour }) =>
        figure(requestsPerHour),
      ),
      row(size, 'processor time a day, each rotated once', ({ processorPerDay }) =>
        amount(processorPerDay, 's'),
      ),
      row(size, 'memory a day, each rotated once', ({ gigabyteHoursPerDay }) =>
        amount(gigabyteHoursPerDay, 'GB h'),
      ),
    ]),
  ]);
}

/** How often ESO can look, where nobody changed its limit. */
function limitOf(result: Committed): string {
  const { requests } = refreshOf(result);
  const perMinute = (60 * DEFAULT_QPS) / requests;
  return `A refresh that finds nothing new is ${figure(requests)} requests of the API server, so that with its default of ${DEFAULT_QPS} a second ESO looks at no more than ${figure(perMinute)} Secrets a minute.`;
}

function fillTable(result: Committed): string {
  const cell = (size: number, who: string): string => {
    const name = of(`${size} Secrets`, who);
    const right = result.value(name('Secrets that were right'));
    return right < size
      ? `${figure(right)} in ${figure(result.value(name('waited')))} s, then stopped`
      : amount(result.value(name('100 % right after')), 's');
  };
  return markdownTable([
    ['first fill', ...FILLING.map((who) => (who === KEYRELAY ? `**${who}**` : who))],
    ...sizesIn(result).map((size) => [`${figure(size)} Secrets`, ...FILLING.map((who) => cell(size, who))]),
  ]);
}

function repairTable(result: Committed): string {
  const eso = of('ESO');
  const relay = of(KEYRELAY);
  const times = (name: string): string =>
    `${figure(result.value(name))} s, p99 ${figure(result.p99(name))} s`;
  return markdownTable([
    ['a Secret that somebody edited', 'is right again', 'AWS calls'],
    [
      '**ESO**, after the edit',
      times(eso('edit to repair')),
      figure(result.value(eso('calls of AWS, each repair'))),
    ],
    [
      'Keyrelay, after the begin of the next sweep, up to an hour later',
      times(relay('begin of the next sweep to repair')),
      figure(result.value(relay('calls of AWS, each repair'))),
    ],
  ]);
}

/** Nothing where nothing was measured. */
function amount(value: number, unit: string): string {
  return Number.isNaN(value) ? '' : `${figure(value)} ${unit}`;
}
