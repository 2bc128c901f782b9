import type { Refresh, SyncWindow } from '../model/declaration.ts';
import { isCron } from '../plan/sync-windows.ts';
import { durationSeconds } from './duration.ts';
import type { ExternalSecret } from './external-secret-schema.ts';
import type { Report } from './own-annotations.ts';
import { quote } from './problems.ts';

/**
 * When the Secret follows its sources. An interval of nothing means once, as in ESO: the declaration's change is then what counts. Any other
 * interval is met by the events and by the hourly reconcile.
 */
export function refreshOf({ spec }: ExternalSecret, report: Report): Refresh | undefined {
  const { refreshPolicy, refreshInterval, syncWindows } = spec;
  const once = refreshInterval !== undefined && durationSeconds(refreshInterval) === 0;
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
    const seconds = durationSeconds(duration);
    if (schedule.startsWith('@every '))
      return { opens: { kind: 'every', seconds: durationSeconds(schedule) }, seconds };
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
