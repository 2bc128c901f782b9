import { FunctionError } from '../template-error.ts';
import { UTC, offsetAt } from './zone.ts';
import type { Zone } from './zone.ts';

/** A moment, seen from a zone. */
export interface Time {
  /** Seconds since 1970, a whole number, and nanoseconds after them. */
  readonly seconds: number;
  readonly nanoseconds: number;
  readonly zone: Zone;
}

/** A moment as a calendar and a clock show it. */
export interface Civil {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** From Sunday, which is 0. */
  readonly weekday: number;
  /** From 1. */
  readonly yearDay: number;
}

/** As far as JS's Date goes: 270,000 years before and after 1970. */
const MAX_SECONDS = 8.64e12;
const DAY_SECONDS = 86_400;

/** Go's zero time: the first moment of the year 1. */
export const ZERO_TIME: Time = { seconds: -62_135_596_800, nanoseconds: 0, zone: UTC };

/** A moment by its distance from 1970. */
export function timeAt(seconds: number, nanoseconds: number, zone: Zone): Time {
  if (Math.abs(seconds) > MAX_SECONDS) throw new FunctionError('the time is too far away');
  return { seconds, nanoseconds, zone };
}

/** The calendar and clock of the time's zone. */
export function civilOf({ seconds, zone }: Time): Civil {
  const local = new Date((seconds + offsetAt(zone, seconds)) * 1000);
  if (Number.isNaN(local.getTime())) throw new FunctionError('the time is too far away');
  const startOfYear = new Date(0);
  startOfYear.setUTCFullYear(local.getUTCFullYear(), 0, 1);
  const days = Math.floor((local.getTime() - startOfYear.getTime()) / 1000 / DAY_SECONDS);
  return {
    year: local.getUTCFullYear(),
    month: local.getUTCMonth() + 1,
    day: local.getUTCDate(),
    hour: local.getUTCHours(),
    minute: local.getUTCMinutes(),
    second: local.getUTCSeconds(),
    weekday: local.getUTCDay(),
    yearDay: days + 1,
  };
}

/** Seconds since 1970 of what calendar and clock show in UTC; what is too much for a month or a day goes on into the next. */
export function secondsOf(
  civil: Pick<Civil, 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second'>,
): number {
  const { year, month, day, hour, minute, second } = civil;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getTime() / 1000 + hour * 3600 + minute * 60 + second;
}

/** The days of a month. */
export function daysIn(year: number, month: number): number {
  const last = new Date(0);
  last.setUTCFullYear(year, month, 0);
  return last.getUTCDate();
}

/** Later by a duration in nanoseconds. */
export function addDuration({ seconds, nanoseconds, zone }: Time, duration: bigint): Time {
  const total = BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds) + duration;
  const rest = ((total % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
  return timeAt(Number((total - rest) / 1_000_000_000n), Number(rest), zone);
}
