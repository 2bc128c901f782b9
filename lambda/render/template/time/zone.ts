import { FunctionError } from '../template-error.ts';

/** A place's time: UTC (which is ESO's local one too), a fixed distance from it, or a place of the tz database. */
export type Zone =
  | { readonly kind: 'utc'; readonly name: 'UTC' }
  | { readonly kind: 'fixed'; readonly name: string; readonly offset: number }
  | { readonly kind: 'place'; readonly name: string };

export const UTC: Zone = { kind: 'utc', name: 'UTC' };

/** Names that node would take and the tz database does not have: distances such as `+01:00`. */
const PLACE = /^[A-Za-z]/u;

/** time.LoadLocation, or UTC for a place that is not known, as sprig has it. */
export function zoneOf(name: string): Zone {
  if (['', 'UTC', 'Local'].includes(name) || !PLACE.test(name)) return UTC;
  try {
    formatterFor(name);
    return { kind: 'place', name };
  } catch {
    return UTC;
  }
}

/** Seconds east of UTC at a moment, in seconds since 1970. */
export function offsetAt(zone: Zone, seconds: number): number {
  if (zone.kind !== 'place') return zone.kind === 'utc' ? 0 : zone.offset;
  const parts = formatterFor(zone.name).formatToParts(new Date(seconds * 1000));
  const part = (type: string): number => Number(parts.find((one) => one.type === type)?.value);
  const isBeforeChrist = parts.some(({ type, value }) => type === 'era' && value === 'B');
  const local = new Date(0);
  local.setUTCFullYear(isBeforeChrist ? 1 - part('year') : part('year'), part('month') - 1, part('day'));
  local.setUTCHours(part('hour'), part('minute'), part('second'));
  return local.getTime() / 1000 - seconds;
}

/** What `MST` in a layout shows: the name of UTC and of fixed zones. Node does not know the tz database's abbreviations. */
export function abbreviationOf(zone: Zone): string {
  if (zone.kind !== 'place') return zone.name;
  throw new FunctionError('the abbreviation of a time zone is not known; use -0700 in place of MST');
}

function formatterFor(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    era: 'narrow',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
}
