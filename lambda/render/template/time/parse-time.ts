import { MONTHS, WEEKDAYS, partsOf } from './layout.ts';
import { daysIn, secondsOf, timeAt } from './time.ts';
import type { Time } from './time.ts';
import { UTC } from './zone.ts';
import type { Zone } from './zone.ts';

/** What has been read so far. */
interface Reading {
  readonly text: string;
  at: number;
  year: number;
  month: number | undefined;
  day: number | undefined;
  yearDay: number | undefined;
  hour: number;
  minute: number;
  second: number;
  nanoseconds: number;
  half: 'am' | 'pm' | undefined;
  isUtc: boolean;
  /** Seconds east of UTC. */
  offset: number | undefined;
  zoneName: string;
}

/**
 * time.ParseInLocation with UTC as the location: what the layout leaves out is 1 January of the year 0, midnight, UTC.
 *
 * @returns undefined where the text is not of the layout, or no such day exists
 */
export function parseTime(text: string, layout: string): Time | undefined {
  const reading = start(text);
  const parts = partsOf(layout);
  const matches = parts.every(({ kind, text: part }, index) => {
    if (kind === 'text') return skip(reading, part);
    if (!readElement(reading, part)) return false;
    const next = parts.slice(index + 1).find((one) => one.kind === 'element');
    return !/^0?5$/u.test(part) || /^[.,]/u.test(next?.text ?? '') || readFraction(reading, 'optional');
  });
  return matches && reading.at === text.length ? timeOf(reading) : undefined;
}

function start(text: string): Reading {
  return {
    text,
    at: 0,
    year: 0,
    month: undefined,
    day: undefined,
    yearDay: undefined,
    hour: 0,
    minute: 0,
    second: 0,
    nanoseconds: 0,
    half: undefined,
    isUtc: false,
    offset: undefined,
    zoneName: '',
  };
}

/** Text of the layout; spaces there stand for any number of spaces, at the end for none. */
function skip(reading: Reading, part: string): boolean {
  for (const piece of part.split(/( +)/u)) {
    if (!piece.startsWith(' ')) {
      if (!reading.text.startsWith(piece, reading.at)) return false;
      reading.at += piece.length;
      continue;
    }
    const spaces = take(reading, / */uy);
    if (spaces === '' && reading.at < reading.text.length) return false;
  }
  return true;
}

/** The match at the current place, past which the reading goes on; undefined where there is none. */
function take(reading: Reading, sticky: RegExp): string | undefined {
  sticky.lastIndex = reading.at;
  const match = sticky.exec(reading.text)?.[0];
  if (match !== undefined) reading.at += match.length;
  return match;
}

/** A number between two bounds. */
function takeNumber(
  reading: Reading,
  sticky: RegExp,
  [least, most]: readonly [number, number],
): number | undefined {
  const value = Number(take(reading, sticky) ?? NaN);
  return value >= least && value <= most ? value : undefined;
}

/** A name of the list, in any case: its index. */
function takeName(reading: Reading, names: readonly string[]): number | undefined {
  const rest = reading.text.slice(reading.at, reading.at + 20).toLowerCase();
  const index = names.findIndex((name) => rest.startsWith(name.toLowerCase()));
  reading.at += names[index]?.length ?? 0;
  return index < 0 ? undefined : index;
}

const SHORT_OR_LONG = /\d\d?/uy;
const TWO = /\d\d/uy;

function readElement(reading: Reading, element: string): boolean {
  const digits = element.startsWith('0') ? TWO : SHORT_OR_LONG;
  switch (element) {
    case '2006':
      return set(reading, 'year', takeNumber(reading, /\d{4}/uy, [0, 9999]));
    case '06':
      return readShortYear(reading);
    case 'January':
    case 'Jan':
      return readMonthName(reading, element);
    case 'Monday':
    case 'Mon':
      return (
        takeName(
          reading,
          WEEKDAYS.map((name) => (element === 'Mon' ? name.slice(0, 3) : name)),
        ) !== undefined
      );
    case '1':
    case '01':
      return set(reading, 'month', takeNumber(reading, digits, [1, 12]));
    case '2':
    case '02':
      return set(reading, 'day', takeNumber(reading, digits, [0, 99]));
    case '_2':
      return set(reading, 'day', takeNumber(reading, / ?\d\d?/uy, [0, 99]));
    case '__2':
      return set(reading, 'yearDay', takeNumber(reading, / {0,2}\d{1,3}/uy, [0, 999]));
    case '002':
      return set(reading, 'yearDay', takeNumber(reading, /\d{3}/uy, [0, 999]));
    case '15':
      return set(reading, 'hour', takeNumber(reading, digits, [0, 23]));
    case '3':
    case '03':
      return set(reading, 'hour', takeNumber(reading, digits, [0, 12]));
    case '4':
    case '04':
      return set(reading, 'minute', takeNumber(reading, digits, [0, 59]));
    case '5':
    case '05':
      return set(reading, 'second', takeNumber(reading, digits, [0, 59]));
    case 'PM':
    case 'pm':
      return readHalf(reading, element);
    case 'MST':
      return readZoneName(reading);
    default:
      return /^[-Z]/u.test(element) ? readOffset(reading, element) : readFraction(reading, element);
  }
}

type Field = 'year' | 'month' | 'day' | 'yearDay' | 'hour' | 'minute' | 'second';

function set(reading: Reading, field: Field, value: number | undefined): boolean {
  if (value === undefined) return false;
  reading[field] = value;
  return true;
}

/** From 69 on of the last century. */
function readShortYear(reading: Reading): boolean {
  const year = takeNumber(reading, /\d\d/uy, [0, 99]);
  return set(reading, 'year', year === undefined ? undefined : year + (year >= 69 ? 1900 : 2000));
}

function readMonthName(reading: Reading, element: 'January' | 'Jan'): boolean {
  const index = takeName(
    reading,
    MONTHS.map((name) => (element === 'Jan' ? name.slice(0, 3) : name)),
  );
  return set(reading, 'month', index === undefined ? undefined : index + 1);
}

function readHalf(reading: Reading, element: 'PM' | 'pm'): boolean {
  const half = take(reading, element === 'PM' ? /[AP]M/uy : /[ap]m/uy)?.toLowerCase();
  reading.half = half === 'am' ? 'am' : 'pm';
  return half !== undefined;
}

/** `.000` wants as many digits; after seconds, and for `.999`, any number of them or nothing will do. */
function readFraction(reading: Reading, element: string): boolean {
  const isExact = element.charAt(1) === '0';
  const digits = take(reading, isExact ? new RegExp(`[.,]\\d{${element.length - 1}}`, 'uy') : /[.,]\d+/uy);
  if (digits !== undefined) reading.nanoseconds = Number(digits.slice(1, 10).padEnd(9, '0'));
  return digits !== undefined || !isExact;
}

/** `-0700` and the like; where the layout has `Z`, a `Z` is UTC. */
function readOffset(reading: Reading, element: string): boolean {
  if (element.startsWith('Z') && take(reading, /Z/uy) !== undefined) return (reading.isUtc = true);
  const shape = element.slice(1).replaceAll(/\d\d/gu, '(\\d\\d)');
  const sticky = new RegExp(`([-+])${shape}`, 'uy');
  sticky.lastIndex = reading.at;
  const match = sticky.exec(reading.text);
  const [whole = '', sign, hours = '0', minutes = '0', seconds = '0'] = match ?? [];
  if (match === null || Number(hours) > 24 || Number(minutes) > 60 || Number(seconds) > 60) return false;
  const distance = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  reading.offset = sign === '-' ? -distance : distance;
  reading.at += whole.length;
  return true;
}

/** Three to five capitals, and distances with or without GMT. */
function readZoneName(reading: Reading): boolean {
  const name = take(
    reading,
    /UTC|ChST|MeST|GMT(?:[-+](?:[01]?\d|2[0-3])(?!\d))?|[-+](?:[01]?\d|2[0-3])(?!\d)|(?:[A-Z]{4}T|[A-Z]{3}T|WITA|[A-Z]{3})(?![A-Z])/uy,
  );
  if (name === 'UTC') reading.isUtc = true;
  else reading.zoneName = name ?? '';
  return name !== undefined;
}

function timeOf(reading: Reading): Time | undefined {
  const { year, minute, second, nanoseconds } = reading;
  const { month, day } = dateOf(reading) ?? {};
  if (month === undefined || day === undefined || day < 1 || day > daysIn(year, month)) return undefined;
  const seconds = secondsOf({ year, month, day, hour: hourOf(reading), minute, second });
  const zone = zoneOf(reading);
  const isElsewhere = !reading.isUtc && reading.offset !== undefined;
  return timeAt(isElsewhere ? seconds - (reading.offset ?? 0) : seconds, nanoseconds, zone);
}

/** A name alone does not say where it is, but for GMT with a distance: that changes what is shown, and not the moment. */
function zoneOf({ isUtc, offset, zoneName }: Reading): Zone {
  if (isUtc || (offset === 0 && zoneName === '')) return UTC;
  if (offset !== undefined) return { kind: 'fixed', name: zoneName, offset };
  if (zoneName === '') return UTC;
  const hours = Number(/^GMT(.+)$/u.exec(zoneName)?.[1] ?? 0);
  return { kind: 'fixed', name: zoneName, offset: hours * 3600 };
}

function hourOf({ half, hour }: Reading): number {
  if (half === 'pm' && hour < 12) return hour + 12;
  return half === 'am' && hour === 12 ? 0 : hour;
}

/** The day of the year decides where it is given; a month or day besides has to agree. */
function dateOf({ year, month, day, yearDay }: Reading): { month: number; day: number } | undefined {
  if (yearDay === undefined) return { month: month ?? 1, day: day ?? 1 };
  const isLeap = daysIn(year, 2) === 29;
  if (yearDay < 1 || yearDay > (isLeap ? 366 : 365)) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(year, 0, yearDay);
  const found = { month: date.getUTCMonth() + 1, day: date.getUTCDate() };
  return (month ?? found.month) === found.month && (day ?? found.day) === found.day ? found : undefined;
}
