import { changeMarks, isPending } from '../model/change-marks.ts';
import type { Change } from '../model/change-marks.ts';
import type { RolloutPolicy, RolloutSettings, VisitedRollouts } from '../model/rollout.ts';
import type { ListedSecret } from '../model/target.ts';
import type { Workload } from '../model/workload.ts';
import type { Memory } from '../model/rollout-memory.ts';

/** What a visit sees: everything that the plan depends on. */
export interface RolloutView {
  readonly rollouts: VisitedRollouts;
  readonly settings: RolloutSettings;
  /** The Secrets of some namespaces that the relay writes to. */
  readonly secrets: readonly ListedSecret[];
  /** The workloads of the namespaces where something is pending. */
  readonly workloads: readonly Workload[];
  /** Those of these namespaces that somebody paused. */
  readonly pausedNamespaces: ReadonlySet<string>;
  readonly memory: Memory;
  readonly now: Date;
}

/** A Secret whose newest revision is still to be rolled out. */
export interface PendingSecret extends ListedSecret {
  readonly revision: string;
  readonly policy: RolloutPolicy;
  readonly change: Change;
}

/** Those of the Secrets that wait for a rollout. One for which nothing is to be restarted any more is among them, until that is told and recorded. */
export function pendingSecrets(
  secrets: readonly ListedSecret[],
  rollouts: VisitedRollouts,
): readonly PendingSecret[] {
  return secrets.flatMap((secret): readonly PendingSecret[] => {
    const marks = changeMarks(secret.observed.annotations);
    const policy = rollouts.policy === 'off' ? 'off' : (marks.policy ?? rollouts.policy);
    if (marks.revision === undefined || !isPending(marks) || secret.observed.terminating) return [];
    const change = marks.change ?? { written: new Date(0), since: new Date(0) };
    return [{ ...secret, revision: marks.revision, policy, change }];
  });
}
