import { MONTHS, WEEKDAYS, partsOf } from './layout.ts';
import { civilOf } from './time.ts';
import type { Civil, Time } from './time.ts';
import { abbreviationOf, offsetAt } from './zone.ts';

/** A time in Go's layout (https://pkg.go.dev/time#Time.Format). */
export function formatTime(time: Time, layout: string): string {
  const civil = civilOf(time);
  return partsOf(layout)
    .map(({ kind, text }) => (kind === 'text' ? text : element(text, time, civil)))
    .join('');
}

function element(text: string, time: Time, civil: Civil): string {
  if (/^[.,]/u.test(text)) return fraction(text, time.nanoseconds);
  if (/^[-Z]/u.test(text)) return offset(text, offsetAt(time.zone, time.seconds));
  return text === 'MST' ? zoneName(time) : (FIELDS.get(text)?.(civil) ?? text);
}

const number = (value: number, width: number): string =>
  (value < 0 ? '-' : '') + Math.abs(value).toString().padStart(width, '0');
const hour12 = ({ hour }: Civil): number => (hour % 12 === 0 ? 12 : hour % 12);
const month = ({ month: index }: Civil): string => MONTHS[index - 1] ?? '';
const weekday = ({ weekday: index }: Civil): string => WEEKDAYS[index] ?? '';

const FIELDS: ReadonlyMap<string, (civil: Civil) => string> = new Map([
  ['2006', ({ year }: Civil) => number(year, 4)],
  ['06', ({ year }) => number(Math.abs(year) % 100, 2)],
  ['January', month],
  ['Jan', (civil) => month(civil).slice(0, 3)],
  ['1', (civil) => number(civil.month, 0)],
  ['01', (civil) => number(civil.month, 2)],
  ['Monday', weekday],
  ['Mon', (civil) => weekday(civil).slice(0, 3)],
  ['2', ({ day }) => number(day, 0)],
  ['_2', ({ day }) => number(day, 0).padStart(2)],
  ['02', ({ day }) => number(day, 2)],
  ['__2', ({ yearDay }) => number(yearDay, 0).padStart(3)],
  ['002', ({ yearDay }) => number(yearDay, 3)],
  ['15', ({ hour }) => number(hour, 2)],
  ['3', (civil) => number(hour12(civil), 0)],
  ['03', (civil) => number(hour12(civil), 2)],
  ['4', ({ minute }) => number(minute, 0)],
  ['04', ({ minute }) => number(minute, 2)],
  ['5', ({ second }) => number(second, 0)],
  ['05', ({ second }) => number(second, 2)],
  ['PM', ({ hour }) => (hour >= 12 ? 'PM' : 'AM')],
  ['pm', ({ hour }) => (hour >= 12 ? 'pm' : 'am')],
]);

/** `.000` with that many digits, `.999` without the zeros at the end. */
function fraction(text: string, nanoseconds: number): string {
  const digits = nanoseconds
    .toString()
    .padStart(9, '0')
    .slice(0, text.length - 1);
  if (text.charAt(1) === '0') return text.charAt(0) + digits;
  const shown = digits.replace(/0+$/u, '');
  return shown === '' ? '' : text.charAt(0) + shown;
}

/** `-0700`, `-07:00:00`, ...; with `Z` in the place of `-`, a `Z` for UTC. */
function offset(text: string, seconds: number): string {
  if (text.startsWith('Z') && seconds === 0) return 'Z';
  const minutes = Math.trunc(seconds / 60);
  const separator = text.includes(':') ? ':' : '';
  const parts = [Math.trunc(Math.abs(minutes) / 60), Math.abs(minutes) % 60, Math.abs(seconds) % 60];
  const count = text.replaceAll(/\D/gu, '').length / 2;
  const sign = minutes < 0 ? '-' : '+';
  return (
    sign +
    parts
      .slice(0, count)
      .map((part) => number(part, 2))
      .join(separator)
  );
}

function zoneName({ zone, seconds }: Time): string {
  const name = abbreviationOf(zone);
  return name === '' ? offset('-0700', offsetAt(zone, seconds)) : name;
}
