import type { RolloutRecord } from '../model/change-marks.ts';
import { workloadId } from '../model/workload.ts';
import { casesOf } from './cases.ts';
import type { Case } from './cases.ts';
import { chooseRestarts, restartIds } from './choose-restarts.ts';
import type { Choice, Restart } from './choose-restarts.ts';
import { recordOf } from './conclude.ts';
import { restartId } from '../model/rollout-memory.ts';
import type { Memory } from '../model/rollout-memory.ts';
import { pendingSecrets } from './view.ts';
import type { PendingSecret, RolloutView } from './view.ts';

/** What one visit does, and when the next is due: data, as every plan. */
export interface RolloutPlan {
  readonly restarts: readonly Restart[];
  /** Secrets whose rollout is over. */
  readonly records: readonly Conclusion[];
  /** Secrets that are not rolled out now, because a person or the clock says so: the next sweep looks again. */
  readonly held: readonly Held[];
  /** Undefined where there is nothing to wait for. */
  readonly next: NextVisit | undefined;
}

/** A Secret whose rollout is over, and how it ended. */
export interface Conclusion {
  readonly secret: PendingSecret;
  readonly record: RolloutRecord;
  readonly cases: readonly Case[];
}

export interface Held {
  readonly secret: PendingSecret;
  /** Each reason once. */
  readonly why: readonly string[];
}

export interface NextVisit {
  readonly namespaces: readonly string[];
  /** When something may be restarted that may not be now; undefined where that depends on pods alone. */
  readonly at: Date | undefined;
  /** Whether anything is being restarted, so that there is something to see soon. */
  readonly active: boolean;
  readonly memory: Memory;
}

/**
 * Decides which workloads are restarted now. Pure: same view, same plan.
 *
 * | a Secret's workloads                            | then                                                                   |
 * |-------------------------------------------------|------------------------------------------------------------------------|
 * | there are none, or all have its revision        | it is recorded as complete                                             |
 * | one failed                                      | no further one is restarted; when none is under way, that is recorded  |
 * | some are to be restarted, and may be            | those of the lowest wave, as many at once as the limits allow          |
 * | some are to be restarted, and may not be yet    | the next visit                                                         |
 * | some are to be restarted, and a person says no  | nothing: the next sweep looks again                                    |
 *
 * A workload that is to be restarted for several Secrets is restarted once, when it may be for all of them.
 */
export function planRollouts(view: RolloutView): RolloutPlan {
  const all = pendingSecrets(view.secrets, view.rollouts).map((secret): Rollout => {
    const cases = casesOf(secret, view);
    return { secret, cases, record: recordOf(secret, cases, view.now) };
  });
  const open = all.filter(({ record }) => record === undefined);
  const choice = chooseRestarts(
    open.map(({ cases }) => cases),
    view,
  );
  const live = open.filter(({ cases }) => cases.some((item) => isLive(item, choice)));
  return {
    restarts: choice.restarts,
    records: all.flatMap(({ secret, cases, record }) =>
      record === undefined ? [] : [{ secret, cases, record }],
    ),
    held: open.filter((rollout) => !live.includes(rollout)).map((rollout) => heldBy(rollout, choice)),
    next: live.length === 0 ? undefined : nextVisit(live, choice, view),
  };
}

interface Rollout {
  readonly secret: PendingSecret;
  readonly cases: readonly Case[];
  readonly record: RolloutRecord | undefined;
}

/** Whether something becomes of it without anybody's doing. */
function isLive(item: Case, { waits, restarts }: Choice): boolean {
  if (item.state.kind === 'running') return true;
  if (item.state.kind !== 'due') return false;
  const hold = waits.get(item);
  if (hold !== undefined) return hold.kind === 'until' || hold.kind === 'limit';
  return restarts.some(({ workload }) => workload === item.workload);
}

function heldBy({ secret, cases }: Rollout, { waits }: Choice): Held {
  const why = cases.flatMap((item): readonly string[] => {
    const hold = waits.get(item);
    if (hold?.kind === 'held') return [hold.why];
    const name = `${item.workload.ref.kind}/${item.workload.ref.name}`;
    switch (item.state.kind) {
      case 'held':
        return [item.state.by === 'namespace' ? 'the namespace is paused' : `${name} is paused`];
      case 'halted':
        return [`${name} is restarted, and paused by its own strategy`];
      case 'done':
      case 'due':
      case 'failed':
      case 'left':
      case 'running':
        return [];
    }
  });
  return { secret, why: [...new Set(why)].toSorted() };
}

function nextVisit(live: readonly Rollout[], { waits, restarts }: Choice, view: RolloutView): NextVisit {
  const cases = live.flatMap((rollout) => rollout.cases);
  const times = cases.flatMap((item) => {
    const hold = waits.get(item);
    return hold?.kind === 'until' ? [hold.time.getTime()] : [];
  });
  return {
    namespaces: [...new Set(live.map(({ secret }) => secret.target.namespace))].toSorted(),
    at: times.length === 0 ? undefined : new Date(Math.min(...times)),
    active: restarts.length > 0 || cases.some(({ state }) => state.kind === 'running'),
    memory: memoryOf(cases, restarts, view.memory),
  };
}

function memoryOf(cases: readonly Case[], restarts: readonly Restart[], before: Memory): Memory {
  const seen = cases.flatMap(({ state, workload }) =>
    state.kind === 'running' ? [[workloadId(workload.ref), state.seen] as const] : [],
  );
  const counts = new Map(
    cases.flatMap(({ secret, workload }) => {
      const id = restartId(workloadId(workload.ref), secret.target.name, secret.revision);
      const count = before.restarts.get(id);
      return count === undefined ? [] : [[id, count] as const];
    }),
  );
  for (const id of restarts.flatMap(restartIds)) counts.set(id, (counts.get(id) ?? 0) + 1);
  return { seen: new Map(seen), restarts: counts };
}
