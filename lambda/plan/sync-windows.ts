import { Cron } from 'croner';
import type { SyncWindow, SyncWindows } from '../model/declaration.ts';

/** Words of robfig/cron that croner calls otherwise (https://pkg.go.dev/github.com/robfig/cron/v3#hdr-Predefined_schedules). */
const WORDS: ReadonlyMap<string, string> = new Map([
  ['@midnight', '@daily'],
  ['@annually', '@yearly'],
]);

/** Whether a cron expression can be read. */
export function isCron(expression: string): boolean {
  try {
    cronOf(expression);
    return true;
  } catch {
    return false;
  }
}

/** Whether new values may be written now: in one of the windows that allow it, or in none of those that deny it. */
export function permits({ kind, windows }: SyncWindows, now: Date): boolean {
  const open = windows.some((window) => isOpen(window, now));
  return kind === 'allow' ? open : !open;
}

/**
 * Whether the window opened no longer ago than it stays open: at its opening it is open, at its end it is not. What opens every so often counts
 * from any moment, as in ESO, and so is open always or never.
 */
function isOpen({ opens, seconds }: SyncWindow, now: Date): boolean {
  if (opens.kind === 'every') return opens.seconds <= seconds;
  const opening = cronOf(opens.expression).nextRun(new Date(now.getTime() - seconds * 1000));
  return opening !== null && opening.getTime() <= now.getTime();
}

function cronOf(expression: string): Cron {
  return new Cron(WORDS.get(expression) ?? expression, { timezone: 'UTC', paused: true });
}
