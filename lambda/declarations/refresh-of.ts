import type { Refresh } from '../model/declaration.ts';
import { durationSeconds } from '../model/duration.ts';
import type { ExternalSecret } from './external-secret-schema.ts';
import type { Report } from './own-annotations.ts';
import { windowsOf } from './windows.ts';

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
  return { windows: windowsOf(syncWindows, ['spec', 'syncWindows'], report) };
}
