import { mapLimited } from '../concurrency.ts';
import { toRelayError } from '../errors.ts';
import type { RelayError } from '../errors.ts';
import { serializeRecord } from '../model/change-marks.ts';
import type { Cluster } from '../model/config.ts';
import type { ClusterWorkloads, StepSubject } from '../model/ports.ts';
import type { RolloutSettings, VisitedRollouts } from '../model/rollout.ts';
import { targetId } from '../model/target.ts';
import type { ListedSecret, Target } from '../model/target.ts';
import { workloadId } from '../model/workload.ts';
import type { Workload } from '../model/workload.ts';
import { restartIds } from '../rollout/choose-restarts.ts';
import type { Restart } from '../rollout/choose-restarts.ts';
import { NO_MEMORY, withoutRestarts } from '../model/rollout-memory.ts';
import type { Memory } from '../model/rollout-memory.ts';
import { planRollouts } from '../rollout/plan-rollouts.ts';
import type { Conclusion, NextVisit, RolloutPlan } from '../rollout/plan-rollouts.ts';
import { pendingSecrets } from '../rollout/view.ts';
import type { PendingSecret } from '../rollout/view.ts';
import type { Ports } from './ports.ts';

/** Every effect that rollouts have on the world. */
export type RolloutPorts = Pick<Ports, 'secrets' | 'clock' | 'tracing' | 'concurrency'> & {
  readonly workloads: ClusterWorkloads;
  /**
   * Tells of rollouts that are over, before that is recorded: whoever dies in between leaves a rollout that the next visit finds over again.
   *
   * @returns those that are to be told again, and so not to be recorded yet
   */
  readonly announce: (
    ended: readonly Conclusion[],
    signal: AbortSignal,
  ) => Promise<ReadonlyMap<Conclusion, RelayError>>;
};

/** What to look at. */
export interface Visit {
  readonly cluster: Omit<Cluster, 'rollouts'> & { readonly rollouts: VisitedRollouts };
  readonly settings: RolloutSettings;
  readonly namespaces: readonly string[];
  readonly memory: Memory;
}

/** What one visit came to. */
export interface Visited {
  readonly restarted: readonly Restart[];
  readonly recorded: readonly Conclusion[];
  /** Restarts and records that could not be written; the next visit plans anew. */
  readonly failed: readonly RolloutFailure[];
  readonly held: RolloutPlan['held'];
  /** Namespaces that could not be looked at. */
  readonly unseen: ReadonlyMap<string, RelayError>;
  readonly next: NextVisit | undefined;
}

export interface RolloutFailure {
  /** `targetId` or `workloadId`. */
  readonly where: string;
  readonly namespace: string;
  /** The Secrets that it was for. */
  readonly secrets: readonly PendingSecret[];
  readonly error: RelayError;
  /** `restartIds` of what was not restarted. */
  readonly restarts: readonly string[];
}

/** How often a visit begins again after a conflict; what is left then is for the next visit. */
const MAX_ROUNDS = 4;

/**
 * Looks at what is pending in some namespaces, restarts what may be restarted, and records what is over: level-triggered, so that any visit finishes
 * what an earlier one began. Nothing is waited for: `next` says when to look again.
 */
export async function visitRollouts(
  visit: Visit,
  ports: RolloutPorts,
  signal: AbortSignal,
): Promise<Visited> {
  const restarted: Restart[] = [];
  const recorded: Conclusion[] = [];
  let { memory } = visit;
  for (let round = 1; ; round += 1) {
    const { plan, unseen } = await look({ ...visit, memory }, ports, signal);
    const restarts = await restartAll(plan.restarts, ports, signal);
    const records = await recordAll(plan.records, ports, signal);
    restarted.push(...restarts.done);
    recorded.push(...records.done);
    const failed = [...restarts.failed, ...records.failed];
    const next = nextVisit(plan.next, failed);
    if (round === MAX_ROUNDS || !failed.some(isConflict))
      return { restarted, recorded, failed, held: plan.held, unseen, next };
    memory = next?.memory ?? memory;
  }
}

/** What could not be written is looked at again soon; a restart that may succeed later was none. */
function nextVisit(planned: NextVisit | undefined, failed: readonly RolloutFailure[]): NextVisit | undefined {
  if (failed.length === 0) return planned;
  const { namespaces = [], at, memory = NO_MEMORY } = planned ?? {};
  const undone = failed.flatMap(({ error, restarts }) => (error.retryable ? restarts : []));
  return {
    namespaces: [...new Set([...namespaces, ...failed.map(({ namespace }) => namespace)])].toSorted(),
    at,
    active: true,
    memory: withoutRestarts(memory, undone),
  };
}

function isConflict({ error }: RolloutFailure): boolean {
  return error.code === 'TARGET_CONTENDED';
}

interface Look {
  readonly plan: RolloutPlan;
  readonly unseen: ReadonlyMap<string, RelayError>;
}

/** The rest of the cluster is looked at only where something is to be restarted: what is under way there counts against the limit. */
async function look(visit: Visit, ports: RolloutPorts, signal: AbortSignal): Promise<Look> {
  const seen = await observeAll(visit.namespaces, visit, ports, signal);
  const plan = planOf(seen, visit, ports);
  const others = visit.cluster.namespaces.filter((name) => !visit.namespaces.includes(name));
  const unseen = errorsOf(seen);
  if (plan.restarts.length === 0 || others.length === 0) return { plan, unseen };
  const rest = await observeAll(others, visit, ports, signal);
  return { plan: planOf([...seen, ...rest], visit, ports), unseen };
}

type Seen = { readonly namespace: string } & (
  | {
      readonly secrets: readonly ListedSecret[];
      readonly workloads: readonly Workload[];
      readonly paused: boolean;
    }
  | { readonly error: RelayError }
);

async function observeAll(
  namespaces: readonly string[],
  { cluster }: Visit,
  ports: RolloutPorts,
  signal: AbortSignal,
): Promise<readonly Seen[]> {
  const { name, rollouts } = cluster;
  return mapLimited(namespaces, ports.concurrency, async (namespace): Promise<Seen> => {
    const where = `${name}/${namespace}`;
    try {
      const secrets = await ports.tracing.step('list', { cluster: name, namespace }, () =>
        ports.secrets.listWritten(name, namespace, signal),
      );
      if (pendingSecrets(secrets, rollouts).every(({ policy }) => policy === 'off'))
        return { namespace, secrets, workloads: [], paused: false };
      const [workloads, paused] = await ports.tracing.step('workloads', { cluster: name, namespace }, () =>
        Promise.all([
          ports.workloads.list(name, namespace, signal),
          ports.workloads.isPaused(name, namespace, signal),
        ]),
      );
      return { namespace, secrets, workloads, paused };
    } catch (failure) {
      return { namespace, error: toRelayError(failure, `looking at the rollouts of ${where}`) };
    }
  });
}

function planOf(
  seen: readonly Seen[],
  { cluster, settings, memory }: Visit,
  ports: RolloutPorts,
): RolloutPlan {
  const found = seen.flatMap((item) => ('secrets' in item ? [item] : []));
  return planRollouts({
    rollouts: cluster.rollouts,
    settings,
    secrets: found.flatMap(({ secrets }) => secrets),
    workloads: found.flatMap(({ workloads }) => workloads),
    pausedNamespaces: new Set(found.flatMap(({ namespace, paused }) => (paused ? [namespace] : []))),
    memory,
    now: ports.clock.now(),
  });
}

function errorsOf(seen: readonly Seen[]): ReadonlyMap<string, RelayError> {
  return new Map(seen.flatMap((item) => ('error' in item ? [[item.namespace, item.error] as const] : [])));
}

interface Attempts<T> {
  readonly done: readonly T[];
  readonly failed: readonly RolloutFailure[];
}

function restartAll(
  items: readonly Restart[],
  ports: RolloutPorts,
  signal: AbortSignal,
): Promise<Attempts<Restart>> {
  return attemptAll(items, ports, (item) => {
    const { ref } = item.workload;
    const where = workloadId(ref);
    return {
      what: { where, namespace: ref.namespace, secrets: item.secrets, restarts: restartIds(item) },
      run: () =>
        ports.tracing.step('restart', { ...placeOf(ref), what: ref.kind }, () =>
          ports.workloads.restart(item.workload, item.annotations, signal),
        ),
    };
  });
}

async function recordAll(
  items: readonly Conclusion[],
  ports: RolloutPorts,
  signal: AbortSignal,
): Promise<Attempts<Conclusion>> {
  const untold = await ports.announce(items, signal);
  return attemptAll(items, ports, (item) => {
    const { target, observed } = item.secret;
    const { uid, resourceVersion } = observed;
    const where = targetId(target);
    const error = untold.get(item);
    return {
      what: { where, namespace: target.namespace, secrets: [item.secret], restarts: [] },
      run: () =>
        error === undefined
          ? ports.tracing.step('record', target, () =>
              ports.secrets.record(target, serializeRecord(item.record), { uid, resourceVersion }, signal),
            )
          : Promise.reject(error),
    };
  });
}

function placeOf({ cluster, namespace, name }: Target): StepSubject {
  return { cluster, namespace, name };
}

/** Each for itself: one that cannot be written holds back no other. */
async function attemptAll<T>(
  items: readonly T[],
  { concurrency }: RolloutPorts,
  attemptOf: (item: T) => {
    readonly what: Omit<RolloutFailure, 'error'>;
    readonly run: () => Promise<unknown>;
  },
): Promise<Attempts<T>> {
  const done: T[] = [];
  const failed: RolloutFailure[] = [];
  await mapLimited(items, concurrency, async (item) => {
    const { what, run } = attemptOf(item);
    try {
      await run();
      done.push(item);
    } catch (failure) {
      failed.push({ ...what, error: toRelayError(failure, `rolling out ${what.where}`) });
    }
  });
  return { done, failed };
}
