const UNIT_SECONDS: Readonly<Record<string, number>> = { minute: 60, hour: 3600, day: 86_400 };

/** Seconds between two runs of an EventBridge schedule; a day for a cron expression, which is taken to run at least daily. Pure. */
export function scheduleSeconds(schedule: string): number {
  const [, count = '1', unit = 'day'] = /^rate\((\d+) (minute|hour|day)s?\)$/u.exec(schedule) ?? [];
  return Number(count) * (UNIT_SECONDS[unit] ?? 86_400);
}
