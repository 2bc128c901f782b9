import type { Interval } from '../model/declared-object.ts';

const UNIT_SECONDS: Readonly<Record<string, number>> = { minute: 60, hour: 3600, day: 86_400 };

/** How often a schedule of EventBridge comes; undefined for a cron expression, which may come at any times. */
export function rateOf(schedule: string): Interval | undefined {
  const [, count, unit = ''] = /^rate\((\d+) (minute|hour|day)s?\)$/u.exec(schedule) ?? [];
  return count === undefined
    ? undefined
    : { text: schedule, seconds: Number(count) * (UNIT_SECONDS[unit] ?? 0) };
}
