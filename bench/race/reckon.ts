import type { Committed } from '../read-results.ts';
import { sizesIn } from '../report-sweep.ts';
import { dayOfEso, dayOfRelay, eachOf, times } from './day.ts';
import type { Day, Effort } from './day.ts';
import { of } from './metrics.ts';
import type { Of } from './metrics.ts';
import { KEYRELAY, TUNED } from './rivals.ts';

/** ESO's refresh intervals; of an hour nothing is measured that would have to be waited for. */
export const INTERVALS = [
  { name: '1h', seconds: 3600 },
  { name: '1m', seconds: 60 },
  { name: '10s', seconds: 10 },
] as const;
export type Interval = (typeof INTERVALS)[number];
/** The one of which the cost of a refresh is taken. */
export const TYPICAL = INTERVALS[1];

/** Seconds from a rotation to the Secret: median, and the slowest of a hundred. */
export function delaysOf(result: Committed, { name, seconds }: Interval): readonly [number, number] {
  const measured = of(`ESO every ${name}`)('rotation to Secret');
  // What falls anywhere between two refreshes waits for the next as long as it falls before it.
  const waits = [seconds * 0.5, seconds * 0.99] as const;
  return Number.isNaN(result.value(measured)) ? waits : [result.value(measured), result.p99(measured)];
}

/** What ESO takes. */
export function esoOf(result: Committed, secrets: number, { seconds: intervalSeconds }: Interval): Day {
  return dayOfEso({
    ...{ secrets, intervalSeconds },
    refresh: refreshOf(result),
    rotation: rotationOf(result, `ESO every ${TYPICAL.name}`),
    idle: idleOf(result, secrets),
    residentMB: result.value(restingOf(secrets)('resident memory')),
  });
}

/** What each refresh takes that finds nothing new. */
export function refreshOf(result: Committed): Effort {
  const refreshing = of(`ESO every ${TYPICAL.name}`, 'at rest');
  const seconds = result.value(refreshing('seconds'));
  const refreshes = (result.value('ESO: Secrets') * seconds) / TYPICAL.seconds;
  // Of the fewest: an idle ESO does little, however much it watches.
  const idle = idleOf(result, Math.min(...sizesIn(result)));
  return eachOf(refreshes, effortOf(result, refreshing), times(seconds, idle));
}

/** What each second takes in which nothing is due. */
function idleOf(result: Committed, secrets: number): Effort {
  const name = restingOf(secrets);
  return times(1 / result.value(name('seconds')), effortOf(result, name));
}

function restingOf(secrets: number): Of {
  return of(`${secrets} Secrets`, TUNED.name, 'at rest');
}

/** What the relay takes. */
export function relayOf(result: Committed, secrets: number): Day {
  const sweep = effortOf(result, of(`${secrets} Secrets`, KEYRELAY, 'a sweep in sync'));
  return dayOfRelay({ secrets, sweep, rotation: rotationOf(result, KEYRELAY) });
}

/** What each rotation takes. */
export function rotationOf(result: Committed, who: string): Effort {
  const each = (figure: string): number => result.value(of(who)(`${figure}, each rotation`));
  return {
    calls: each('calls of AWS'),
    requests: each('requests of the API server'),
    processor: each('processor time') / 1000,
  };
}

function effortOf(result: Committed, name: Of): Effort {
  return {
    calls: result.value(name('calls of AWS')),
    requests: result.value(name('requests of the API server')),
    processor: result.value(name('processor time')),
  };
}
