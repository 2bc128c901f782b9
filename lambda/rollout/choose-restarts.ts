import { RESTARTED_AT_ANNOTATION } from '../contract.ts';
import { workloadId } from '../model/workload.ts';
import type { Workload } from '../model/workload.ts';
import type { Case } from './cases.ts';
import { clusterHold, debounceHold, pausePeriodHold } from './holds.ts';
import type { Hold } from './holds.ts';
import { restartId } from '../model/rollout-memory.ts';
import { progressOf } from './progress.ts';
import { templateAnnotation } from './template-annotation.ts';
import type { PendingSecret, RolloutView } from './view.ts';

/** One restart of one workload, for all the Secrets that it is to be restarted for. */
export interface Restart {
  readonly workload: Workload;
  readonly secrets: readonly PendingSecret[];
  /** For its pod template. */
  readonly annotations: Readonly<Record<string, string>>;
}

export interface Choice {
  readonly restarts: readonly Restart[];
  /** The cases that are to be restarted and are not, each with the reason. Those of a Secret of which another case failed are not among them. */
  readonly waits: ReadonlyMap<Case, Hold>;
}

/**
 * Which workloads are restarted now: those that nothing holds back, by wave and name, as many as the limits leave room for. What waits for the end of
 * a debounce has its turn kept: visits that coincide with that end then choose from one order, and together keep the limits.
 *
 * @param perSecret the cases of each Secret
 */
export function chooseRestarts(perSecret: readonly (readonly Case[])[], view: RolloutView): Choice {
  const going = perSecret.filter((cases) => !cases.some(({ state }) => state.kind === 'failed'));
  const later = new Set(going.flatMap(casesOfLaterWaves));
  const due = going.flat().filter(({ state }) => state.kind === 'due');
  const perWorkload = Map.groupBy(due, ({ workload }) => workloadId(workload.ref));
  const holdIn = namespaceHolds(due, view);
  const waits = new Map<Case, Hold>();
  const free: Group[] = [];
  const soon = new Set<Group>();
  for (const [first, ...others] of perWorkload.values()) {
    if (first === undefined) continue;
    const group = [first, ...others] as const;
    const longer =
      clusterHold(view) ??
      (group.some((item) => later.has(item)) ? { kind: 'wave' as const } : undefined) ??
      pausePeriodHold(group, view.now);
    const hold = longer ?? holdIn.get(first.workload.ref.namespace);
    if (hold === undefined) free.push(group);
    else for (const item of group) waits.set(item, hold);
    if (hold !== undefined && longer === undefined) soon.add(group);
  }
  const room = roomOf(perSecret.flat(), view);
  const restarts = [...free, ...soon]
    .toSorted(([a], [b]) => byTurn(a, b))
    .flatMap((group): readonly Restart[] => {
      const fits = room.take(group[0].workload);
      if (soon.has(group)) return [];
      if (fits) return [restartOf(group, view.now)];
      for (const item of group) waits.set(item, { kind: 'limit' });
      return [];
    });
  return { restarts, waits };
}

/** The cases of one workload. */
type Group = readonly [Case, ...Case[]];

/** The identities of a restart: one for each Secret. */
export function restartIds({ workload, secrets }: Restart): readonly string[] {
  const id = workloadId(workload.ref);
  return secrets.map(({ target, revision }) => restartId(id, target.name, revision));
}

/** Wave by wave: what is in a later one than the first that is not finished. */
function casesOfLaterWaves(cases: readonly Case[]): readonly Case[] {
  const unfinished = cases.filter(({ state }) => state.kind !== 'done' && state.kind !== 'left');
  const first = Math.min(...unfinished.map(({ wave }) => wave));
  return unfinished.filter(({ wave }) => wave > first);
}

function namespaceHolds(
  due: readonly Case[],
  { settings, now }: RolloutView,
): ReadonlyMap<string, Hold | undefined> {
  const perNamespace = Map.groupBy(due, ({ workload }) => workload.ref.namespace);
  return new Map(
    [...perNamespace].map(([namespace, cases]) => [
      namespace,
      debounceHold(
        cases.map(({ secret }) => secret),
        settings,
        now,
      ),
    ]),
  );
}

/** How many workloads may still be restarted, beside those that are being restarted already. */
function roomOf(cases: readonly Case[], { settings }: RolloutView): { take(workload: Workload): boolean } {
  const busy = new Map(
    cases.flatMap(({ state, workload: { ref } }) =>
      state.kind === 'running' ? [[workloadId(ref), ref.namespace] as const] : [],
    ),
  );
  return {
    take: ({ ref }) => {
      const id = workloadId(ref);
      if (busy.has(id)) return true;
      const here = busy
        .values()
        .filter((namespace) => namespace === ref.namespace)
        .toArray().length;
      if (busy.size >= settings.maxPerCluster || here >= settings.maxPerNamespace) return false;
      busy.set(id, ref.namespace);
      return true;
    },
  };
}

function restartOf(cases: readonly [Case, ...Case[]], now: Date): Restart {
  const secrets = cases.map(({ secret }) => secret);
  const annotations = secrets.map(
    ({ target, revision }) => [templateAnnotation(target.name), revision] as const,
  );
  const at = { [RESTARTED_AT_ANNOTATION]: now.toISOString() };
  return { workload: cases[0].workload, secrets, annotations: { ...Object.fromEntries(annotations), ...at } };
}

function byTurn(a: Case, b: Case): number {
  if (a.wave !== b.wave) return a.wave - b.wave;
  // What restarts anyway, for an earlier change, takes no place beside another.
  if (isRestarting(a) !== isRestarting(b)) return isRestarting(a) ? -1 : 1;
  const [one, other] = [workloadId(a.workload.ref), workloadId(b.workload.ref)];
  return one < other ? -1 : one > other ? 1 : 0;
}

function isRestarting({ workload }: Case): boolean {
  return progressOf(workload.status).kind === 'running';
}
