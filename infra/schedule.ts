import { rateOf } from '../lambda/declarations/schedule.ts';

const DAY = 86_400;
/** An alarm looks back a week at most (https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html). */
const WEEK = 7 * DAY;

/** How an alarm looks at the last two sweeps. */
export interface LastSweeps {
  /** Seconds: one sweep, or a day where sweeps are rarer than that. */
  readonly period: number;
  /** So many periods have two sweeps, or are a week. */
  readonly periods: number;
  /** Sweeps among them: 2, or 1 where a week has no two. */
  readonly sweeps: number;
}

/** Pure. */
export function lastSweeps(schedule: string): LastSweeps {
  const interval = scheduleSeconds(schedule);
  const period = Math.min(interval, DAY);
  const periods = Math.min(Math.ceil((2 * interval) / period), Math.floor(WEEK / period));
  return { period, periods, sweeps: periods * period < 2 * interval ? 1 : 2 };
}

/** Seconds between two runs of an EventBridge schedule; a day for a cron expression, which is taken to run at least daily. Pure. */
export function scheduleSeconds(schedule: string): number {
  return rateOf(schedule)?.seconds ?? 86_400;
}
