import { rateOf } from '../lambda/declarations/schedule.ts';

/** Seconds between two runs of an EventBridge schedule; a day for a cron expression, which is taken to run at least daily. Pure. */
export function scheduleSeconds(schedule: string): number {
  return rateOf(schedule)?.seconds ?? 86_400;
}
