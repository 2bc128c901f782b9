import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { silentProgress } from '../../local/progress.ts';
import { pythonEnvironment } from '../../local/python.ts';

/** Which of the events match any of the patterns, by an implementation that is not ours. */
export async function woken(
  patterns: readonly unknown[],
  events: readonly unknown[],
): Promise<readonly boolean[]> {
  const python = await pythonEnvironment(silentProgress);
  const run = promisify(execFile)(python, ['test/infra/match_events.py']);
  run.child.stdin?.end(JSON.stringify({ patterns, events }));
  const answer: unknown = JSON.parse((await run).stdout);
  const rows = Array.isArray(answer) ? answer : [];
  return events.map((_, index) => rows.some((row) => Array.isArray(row) && row[index] === true));
}
