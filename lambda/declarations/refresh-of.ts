import type { Refresh, SyncWindow } from '../model/declaration.ts';
import { isCron } from '../plan/sync-windows.ts';
import type { ExternalSecret } from './external-secret-schema.ts';
import type { Report } from './own-annotations.ts';
import { quote } from './problems.ts';

/** Nanoseconds of Go's units (https://pkg.go.dev/time#ParseDuration). */
const UNITS: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  µs: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3600,
};

/**
 * When the Secret follows its sources. An interval of nothing means once, as in ESO: the declaration's change is then what counts. Any other
 * interval is met by the events and by the hourly reconcile.
 */
export function refreshOf({ spec }: ExternalSecret, report: Report): Refresh | undefined {
  const { refreshPolicy, refreshInterval, syncWindows } = spec;
  const once = refreshInterval !== undefined && secondsOf(refreshInterval) === 0;
  if (refreshPolicy !== 'Periodic') {
    if (syncWindows !== undefined)
      report(
        ['spec', 'syncWindows'],
        `sync windows with refreshPolicy ${refreshPolicy}`,
        'refreshPolicy Periodic with them',
      );
    return { policy: refreshPolicy };
  }
  if (once) return { policy: 'OnChange' };
  if (syncWindows === undefined) return undefined;
  const windows = syncWindows.windows.map(({ schedule, duration }, index): SyncWindow => {
    const seconds = secondsOf(duration);
    if (schedule.startsWith('@every '))
      return { opens: { kind: 'every', seconds: secondsOf(schedule) }, seconds };
    if (!isCron(schedule))
      report(
        ['spec', 'syncWindows', 'windows', index, 'schedule'],
        quote(schedule),
        'a schedule of five fields such as 0 22 * * 1-5, or a word such as @daily',
      );
    return { opens: { kind: 'cron', expression: schedule }, seconds };
  });
  return { windows: { kind: syncWindows.kind, windows } };
}

/** The seconds of the Go duration in a text of which the schema has checked the form. */
function secondsOf(duration: string): number {
  const parts = duration.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/gu);
  return parts.reduce((sum, [, amount = '0', unit = 's']) => sum + Number(amount) * (UNITS[unit] ?? 1), 0);
}
