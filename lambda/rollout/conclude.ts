import type { RolloutRecord } from '../model/change-marks.ts';
import type { Case, CaseState } from './cases.ts';
import type { PendingSecret } from './view.ts';

/** How the rollout of a Secret ended, or undefined while it has not: one that failed ends when nothing of it is under way any more. */
export function recordOf(
  { revision }: PendingSecret,
  cases: readonly Case[],
  now: Date,
): RolloutRecord | undefined {
  const count = (...kinds: readonly CaseState['kind'][]): number =>
    cases.filter(({ state }) => kinds.includes(state.kind)).length;
  const failed = cases.filter(({ state }) => state.kind === 'failed');
  const unfinished = count('due', 'held', 'halted');
  if (count('running') > 0 || (failed.length === 0 && unfinished > 0)) return undefined;
  return {
    revision,
    state: failed.length > 0 ? 'failed' : 'complete',
    at: now,
    restarted: count('done'),
    left: count('left'),
    stopped: unfinished,
    failed: failed.map(({ workload: { ref } }) => `${ref.kind}/${ref.name}`),
  };
}
