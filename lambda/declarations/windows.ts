import * as z from 'zod/mini';
import type { SyncWindow, SyncWindows } from '../model/declaration.ts';
import { isCron } from '../plan/sync-windows.ts';
import { described } from './described.ts';
import { durationSeconds } from '../model/duration.ts';
import { cron, duration, fields, list } from './formats.ts';
import type { Report } from './own-annotations.ts';
import { quote } from './problems.ts';

const Window = fields({
  schedule: described(
    cron,
    'When the window opens: cron with five fields, in UTC, or a word such as @daily.',
  ),
  duration: described(duration, 'How long it stays open, such as 2h, in quotes.'),
});

/** Times in which something is, or is not, done, in the shape of ESO's syncWindows (https://external-secrets.io/latest/api/externalsecret/). */
export const Windows = fields({
  kind: described(z.enum(['allow', 'deny']), '`allow`: in one of them only. `deny`: in none of them.'),
  windows: described(list(Window).check(z.minLength(1)), 'The windows.'),
});
export type Windows = z.infer<typeof Windows>;

/**
 * What windows mean; reports schedules that cannot be read.
 *
 * @param path of the windows in their document
 */
export function windowsOf(
  { kind, windows }: Windows,
  path: readonly PropertyKey[],
  report: Report,
): SyncWindows {
  const windowOf = ({ schedule, duration: text }: Windows['windows'][number], index: number): SyncWindow => {
    const seconds = durationSeconds(text);
    if (schedule.startsWith('@every '))
      return { opens: { kind: 'every', seconds: durationSeconds(schedule) }, seconds };
    if (!isCron(schedule))
      report(
        [...path, 'windows', index, 'schedule'],
        quote(schedule),
        'a schedule of five fields such as 0 22 * * 1-5, or a word such as @daily',
      );
    return { opens: { kind: 'cron', expression: schedule }, seconds };
  };
  return { kind, windows: windows.map(windowOf) };
}
