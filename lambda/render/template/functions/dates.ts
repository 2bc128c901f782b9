import { fromGo, toGo } from '../go-string.ts';
import { any, fn0, fn1, fn2, fn3, int as intParam, string, structParam } from '../signature.ts';
import { FunctionError } from '../template-error.ts';
import { durationText, parseDuration } from '../time/duration.ts';
import { formatTime } from '../time/format-time.ts';
import { parseTime } from '../time/parse-time.ts';
import { ZERO_TIME, addDuration, civilOf, secondsOf, timeAt } from '../time/time.ts';
import type { Civil, Time } from '../time/time.ts';
import { UTC, zoneOf } from '../time/zone.ts';
import { int, struct } from '../value.ts';
import type { GoStruct, TemplateFunction, Value } from '../value.ts';
import { under } from './names.ts';
import type { NamedFunctions } from './names.ts';

const time = structParam('time.Time');
const DATE = '2006-01-02';

/**
 * Sprig's dates (https://masterminds.github.io/sprig/date.html). ESO's local time is UTC. There is no clock: what sprig makes of now is
 * refused, since a Secret must come out the same each time that it is rendered.
 */
export const dateFunctions: NamedFunctions = [
  ['date', fn2(string, any, (layout, date) => shown(date, layout, 'Local'))],
  ...under(
    ['dateInZone', 'date_in_zone'],
    fn3(string, any, string, (layout, date, zone) => shown(date, layout, zone)),
  ),
  ['htmlDate', fn1(any, (date) => shown(date, DATE, 'Local'))],
  ['htmlDateInZone', fn2(any, string, (date, zone) => shown(date, DATE, zone))],
  ...under(
    ['dateModify', 'date_modify'],
    fn2(string, time, (by, date) => modified(by, date) ?? date),
  ),
  ...under(
    ['mustDateModify', 'must_date_modify'],
    fn2(string, time, (by, date) => modified(by, date) ?? failed('the text is no duration')),
  ),
  ['toDate', fn2(string, string, (layout, text) => timeStruct(parsed(layout, text) ?? ZERO_TIME))],
  [
    'mustToDate',
    fn2(string, string, (layout, text) =>
      timeStruct(parsed(layout, text) ?? failed('the text is no time of that layout')),
    ),
  ],
  ['unixEpoch', fn1(time, (date) => timeOf(date).seconds.toString())],
  [
    'duration',
    fn1(any, (seconds) => toGo(durationText(BigInt.asIntN(64, secondsIn(seconds) * 1_000_000_000n)))),
  ],
  ['durationRound', fn1(any, (duration) => rounded(nanosecondsIn(duration)))],
];

function failed(reason: string): never {
  throw new FunctionError(reason);
}

/** Longer layouts and times have no use, and take their time. */
const MAX_LENGTH = 1000;

function checkLength(text: string): string {
  return text.length <= MAX_LENGTH ? text : failed(`a layout or time is longer than ${MAX_LENGTH} bytes`);
}

function shown(date: Value, layout: string, zone: string): string {
  return formatTime({ ...momentOf(date), zone: zoneOf(zone) }, checkLength(layout));
}

/** A time, or seconds since 1970. */
function momentOf(date: Value): Time {
  if (date !== null && typeof date === 'object') {
    if (date.kind === 'struct' && isTime(date.payload)) return date.payload;
    if (date.kind === 'int' && ['int', 'int32', 'int64'].includes(date.type))
      return timeAt(Number(date.value), 0, UTC);
  }
  return failed('the date is no time and no number of seconds, and there is no clock in a template');
}

function parsed(layout: string, text: string): Time | undefined {
  return parseTime(checkLength(text), checkLength(layout));
}

function modified(by: string, date: GoStruct): Value | undefined {
  const duration = parseDuration(fromGo(by));
  return duration === undefined ? undefined : timeStruct(addDuration(timeOf(date), duration));
}

function timeOf({ payload }: GoStruct): Time {
  if (isTime(payload)) return payload;
  throw new Error('defect: a time.Time holds no time');
}

function isTime(payload: unknown): payload is Time {
  return typeof payload === 'object' && payload !== null && 'nanoseconds' in payload;
}

/** What a template may ask a time: the methods of which the results are numbers, texts and times. */
function timeStruct(value: Time): GoStruct {
  const text = (): string => formatTime(value, '2006-01-02 15:04:05.999999999 -0700 MST');
  const civil = (field: keyof Civil): TemplateFunction => fn0(() => int(civilOf(value)[field]));
  const compared = (holds: (difference: number) => boolean): TemplateFunction =>
    fn1(time, (other) => holds(difference(value, timeOf(other))));
  return struct('time.Time', {
    text,
    payload: value,
    json: formatTime(value, '2006-01-02T15:04:05.999999999Z07:00'),
    methods: [
      ['String', fn0(text)],
      ['Format', fn1(string, (layout) => formatTime(value, checkLength(layout)))],
      ['Unix', fn0(() => int(value.seconds, 'int64'))],
      ['UnixMilli', fn0(() => int(nanosecondsOf(value) / 1_000_000n, 'int64'))],
      ['UnixMicro', fn0(() => int(nanosecondsOf(value) / 1000n, 'int64'))],
      ['UnixNano', fn0(() => int(nanosecondsOf(value), 'int64'))],
      ['Year', civil('year')],
      ['Day', civil('day')],
      ['YearDay', civil('yearDay')],
      ['Hour', civil('hour')],
      ['Minute', civil('minute')],
      ['Second', civil('second')],
      ['Nanosecond', fn0(() => int(value.nanoseconds))],
      ['UTC', fn0(() => timeStruct({ ...value, zone: UTC }))],
      [
        'AddDate',
        fn3(intParam, intParam, intParam, (years, months, days) => addDate(value, { years, months, days })),
      ],
      ['Before', compared((distance) => distance < 0)],
      ['After', compared((distance) => distance > 0)],
      ['Equal', compared((distance) => distance === 0)],
      ['IsZero', fn0(() => difference(value, ZERO_TIME) === 0)],
    ],
  });
}

function difference(a: Time, b: Time): number {
  return a.seconds === b.seconds ? a.nanoseconds - b.nanoseconds : a.seconds - b.seconds;
}

function nanosecondsOf({ seconds, nanoseconds }: Time): bigint {
  return BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds);
}

/** The calendar's date changed; what a zone of fixed distance shows stays the same. */
function addDate(
  value: Time,
  { years, months, days }: { readonly years: bigint; readonly months: bigint; readonly days: bigint },
): Value {
  const civil = civilOf(value);
  const seconds = secondsOf({
    ...civil,
    year: civil.year + Number(years),
    month: civil.month + Number(months),
    day: civil.day + Number(days),
  });
  const shift = seconds - secondsOf(civil);
  return timeStruct(
    timeAt(value.seconds + (Number.isNaN(shift) ? Infinity : shift), value.nanoseconds, value.zone),
  );
}

function secondsIn(value: Value): bigint {
  if (typeof value === 'string') return parseSeconds(value);
  return typeof value === 'object' && value?.kind === 'int' && value.type === 'int64' ? value.value : 0n;
}

/** strconv.ParseInt without its error: the nearest int64 for what is out of range, 0 for what is no number. */
function parseSeconds(text: string): bigint {
  if (text.length > MAX_LENGTH || !/^[+-]?\d+$/u.test(text)) return 0n;
  const value = BigInt(text.replace('+', ''));
  const max = (1n << 63n) - 1n;
  return value > max ? max : value < -max - 1n ? -max - 1n : value;
}

function nanosecondsIn(value: Value): bigint {
  if (typeof value === 'string') return parseDuration(fromGo(value)) ?? 0n;
  if (value === null || typeof value !== 'object') return 0n;
  if (value.kind === 'struct' && isTime(value.payload)) return failed('there is no clock in a template');
  return value.kind === 'int' && value.type === 'int64' ? value.value : 0n;
}

const HOUR = 3_600_000_000_000n;

/** The units of durationRound, the largest first; a month has 30 days. */
const ROUND_UNITS: readonly (readonly [string, bigint])[] = [
  ['y', HOUR * 24n * 365n],
  ['mo', HOUR * 24n * 30n],
  ['d', HOUR * 24n],
  ['h', HOUR],
  ['m', HOUR / 60n],
  ['s', HOUR / 3600n],
];

/** In the largest unit that the duration, whatever its sign, is longer than. */
function rounded(duration: bigint): string {
  const size = duration < 0n ? -duration : duration;
  const [name = 's', unit = HOUR] = ROUND_UNITS.find(([, length]) => size > length) ?? [];
  return `${size / unit}${name}`;
}
