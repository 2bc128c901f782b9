import { isForRelay } from '../declarations/controller-class.ts';
import type { FromCluster, Refused } from '../declarations/from-cluster.ts';
import { describeProblems } from '../declarations/problems.ts';
import type { Settings } from '../model/config.ts';
import { declarationId } from '../model/declaration.ts';
import type { DeclaredObject, Interval } from '../model/declared-object.ts';
import { heldBy } from '../plan/held-by.ts';
import { eventsOf, refusalEvent } from './events-of.ts';
import { nextStatus } from './next-status.ts';
import { nextStoreStatus } from './next-store-status.ts';
import type { Outcome } from './outcome.ts';
import type { Work } from './ports.ts';
import { refusalMessage } from './refusal-message.ts';
import type { Reports, StatusReport } from './report.ts';
import { reportsOfExpansions } from './reports-of-expansions.ts';
import { failureVerdict, verdictOf } from './verdict.ts';
import { workId } from './work-id.ts';

/** What there is to say of the outcomes of some work. Pure. */
export function reportsOfOutcomes(
  work: readonly Work[],
  outcomes: readonly Outcome[],
  schedule: Interval | undefined,
  now: Date,
): Reports {
  const declared = new Map(
    work.map(({ cluster, declaration }) => [workId(cluster, declarationId(declaration)), declaration]),
  );
  const found = outcomes.map((outcome) => ({
    outcome,
    declaration: declared.get(workId(outcome.target.cluster, outcome.declaration)),
  }));
  const statuses = found.flatMap(({ outcome, declaration }): readonly StatusReport[] => {
    if (declaration?.origin?.ref.kind !== 'ExternalSecret') return [];
    const verdict = verdictOf({ declaration, outcome, schedule });
    if (verdict === undefined) return [];
    const { takeOver, refresh, target } = declaration;
    const periodic = refresh?.policy === undefined;
    const next: StatusReport['next'] = (object) =>
      heldBy(object, takeOver, now) === undefined
        ? nextStatus({ object, verdict, target: target.name, periodic, now })
        : undefined;
    return [{ object: declaration.origin, next }];
  });
  return { statuses, events: found.flatMap((item) => eventsOf(item.outcome, item.declaration)), now };
}

/**
 * What there is to say of objects that cannot be brought about as they are. Pure. An object that another controller brings about keeps that one's
 * status.
 */
export function reportsOfRefused(refused: readonly Refused[], now: Date): Reports {
  // What a ClusterExternalSecret stands for in one namespace is told with the others of it.
  const own = refused.filter(({ object }) => object.origin.ref.kind === 'ExternalSecret');
  const told = own.map(({ object, problems }) => ({
    origin: object.origin,
    message: refusalMessage(object, problems),
  }));
  const statuses = told.map(({ origin, message }): StatusReport => ({
    object: origin,
    next: (object) =>
      heldBy(object, false, now) === undefined
        ? nextStatus({ object, verdict: failureVerdict(message), target: '', periodic: true, now })
        : undefined,
  }));
  const events = told.map(({ origin, message }) => refusalEvent(origin, 'UpdateFailed', message));
  return { statuses, events, now };
}

/**
 * What there is to say of the stores of a cluster that are of one kind. Pure. ESO writes a store's status only when it changes, so that its times
 * do not tell whether it runs; while it is seen at work on any ExternalSecret, a store that it has written to is left to it, unless the
 * store says that it is the relay's.
 */
export function reportsOfStores(
  { storeObjects, declarations, refused }: FromCluster,
  kind: 'SecretStore' | 'ClusterSecretStore',
  now: Date,
): Reports {
  const objects = [
    ...declarations.flatMap(({ origin }) => (origin === undefined ? [] : [origin])),
    ...refused.map(({ object }) => object.origin),
  ];
  const otherRuns = objects.some((object) => heldBy(object, false, now) !== undefined);
  const stores = storeObjects.filter(({ object }) => object.origin.ref.kind === kind && !object.terminating);
  const statuses = stores.map(({ object, problems }): StatusReport => ({
    object: object.origin,
    next: (fresh) =>
      otherRuns && isOthers(fresh) && !isForRelay(object) ? undefined : nextStoreStatus(fresh, problems, now),
  }));
  // Events of what is in no namespace lie in `default`, where the relay may write nothing.
  const events = stores.flatMap(({ object, problems }) =>
    problems.length === 0 || object.namespace === ''
      ? []
      : [refusalEvent(object.origin, 'InvalidProviderConfig', describeProblems(problems))],
  );
  return { statuses, events, now };
}

/** Whether another controller wrote the status last. */
function isOthers({ statusWriters: { relay, other } }: DeclaredObject): boolean {
  return other !== undefined && (relay === undefined || other.at > relay);
}

/** What a sweep of some namespaces found. */
export interface SweepFindings {
  readonly work: readonly Work[];
  readonly outcomes: readonly Outcome[];
  /** What the cluster declares itself; undefined where it declares nothing. */
  readonly found: FromCluster | undefined;
}

/** What there is to say after a sweep: of what was brought about, of what cannot be, and of the stores in the same namespaces. Pure. */
export function reportsOfSweep(
  { work, outcomes, found }: SweepFindings,
  { schedule }: Pick<Settings, 'schedule'>,
  now: Date,
): Reports {
  const done = reportsOfOutcomes(work, outcomes, schedule, now);
  if (found === undefined) return done;
  const all = [done, reportsOfRefused(found.refused, now), reportsOfStores(found, 'SecretStore', now)];
  const expansions = reportsOfExpansions({ found, work, outcomes }, 'all', schedule, now);
  return {
    statuses: [...all.flatMap(({ statuses }) => statuses), ...expansions],
    events: all.flatMap(({ events }) => events),
    now,
  };
}
