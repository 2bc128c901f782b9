import { mapLimited } from '../concurrency.ts';
import { clusterObject } from '../declarations/cluster-object.ts';
import { RelayError, toRelayError } from '../errors.ts';
import type { ClusterEvent } from '../model/cluster-event.ts';
import { objectId } from '../model/declared-object.ts';
import type { DeclaredObject, ObjectRef, ObjectStatus } from '../model/declared-object.ts';
import type { StepSubject } from '../model/ports.ts';
import type { Ports } from './ports.ts';

/** What is to be said of one object, from the state that it is in. */
export interface StatusReport {
  readonly object: DeclaredObject;
  /** The status to apply, or undefined where it stands there already or is not for the relay to say. */
  readonly next: (object: DeclaredObject) => ObjectStatus | undefined;
}

/** What people are to see in the clusters. */
export interface Reports {
  readonly statuses: readonly StatusReport[];
  readonly events: readonly ClusterEvent[];
  /** When it was found out. A status that says something later is left as it is. */
  readonly now: Date;
}

/** What could not be said. The Secret has been brought about all the same, and the next sweep says it again. */
export interface ReportFailure {
  readonly cluster: string;
  readonly what: 'status' | 'event';
  readonly about: string;
  readonly error: RelayError;
}

/** How often a status is begun again because somebody else changed the object meanwhile. */
const MAX_ATTEMPTS = 3;

/** Says everything, the clusters side by side. Never throws: what could not be said is returned. */
export async function report(
  { statuses, events, now }: Reports,
  ports: Ports,
  signal: AbortSignal,
): Promise<readonly ReportFailure[]> {
  const items: readonly Item[] = [
    ...statuses.map((status): Item => ({
      ...{ cluster: status.object.ref.cluster, what: 'status', about: objectId(status.object.ref) },
      say: () => sayStatus(status, now, ports, signal),
    })),
    ...events.map((event): Item => ({
      ...{ cluster: event.cluster, what: 'event', about: aboutOf(event) },
      say: () =>
        ports.tracing.step('event', { cluster: event.cluster, ...subjectOf(event.regarding) }, () =>
          ports.reports.tell(event, now, signal),
        ),
    })),
  ];
  const perGate = Map.groupBy(items, ({ cluster, what }) => `${cluster} ${what}`);
  return (await Promise.all(perGate.values().map((some) => sayAll(some, ports.concurrency)))).flat();
}

interface Item extends Omit<ReportFailure, 'error'> {
  readonly say: () => Promise<void>;
}

/** All of one sort in one cluster. Where that is forbidden, or the cluster does not answer, the others are not tried. */
async function sayAll(items: readonly Item[], concurrency: number): Promise<readonly ReportFailure[]> {
  const failures: ReportFailure[] = [];
  let closed = false;
  await mapLimited(items, concurrency, async ({ say, ...item }) => {
    if (closed) return;
    try {
      await say();
    } catch (failure) {
      const error = toRelayError(failure, `reporting on ${item.about}`);
      failures.push({ ...item, error });
      closed ||= error.clusterWide || error.code === 'CLUSTER_FORBIDDEN' || error.code === 'DEADLINE';
    }
  });
  return failures;
}

/**
 * Applies a status under the `resourceVersion` that it was decided on. On a conflict it is decided again on what is there by then, unless that
 * says something later: two relays may have looked at the Secret, and the later one knows better.
 */
async function sayStatus(
  { object: listed, next }: StatusReport,
  now: Date,
  ports: Ports,
  signal: AbortSignal,
): Promise<void> {
  const { ref, uid, version } = listed;
  let object = listed;
  for (let attempt = 1; ; attempt += 1) {
    const status = next(object);
    if (status === undefined) return;
    try {
      const { resourceVersion } = object;
      await ports.tracing.step('status', { cluster: ref.cluster, ...subjectOf(ref) }, () =>
        ports.reports.writeStatus({ ref, uid, resourceVersion }, status, signal),
      );
      return;
    } catch (failure) {
      const contended = failure instanceof RelayError && failure.code === 'TARGET_CONTENDED';
      if (!contended || attempt === MAX_ATTEMPTS) throw failure;
    }
    const item = await ports.reports.read(ref, signal);
    const fresh = clusterObject(item, ref.cluster, { apiVersion: API_VERSION, kind: ref.kind })?.origin;
    if (fresh?.uid !== uid || saysLater(fresh, now)) return;
    // What was brought about is the state that was listed.
    object = { ...fresh, version };
  }
}

const API_VERSION = 'external-secrets.io/v1';

function saysLater({ status: { refreshTime, conditions } }: DeclaredObject, now: Date): boolean {
  const times = [refreshTime, ...conditions.map(({ lastTransitionTime }) => lastTransitionTime)];
  return times.some((time) => time !== undefined && Date.parse(time) > now.getTime());
}

function subjectOf({
  kind,
  namespace,
  name,
}: Omit<ObjectRef, 'cluster' | 'kind'> & { kind: string }): StepSubject {
  return { namespace, name, what: kind };
}

function aboutOf({ cluster, regarding: { kind, namespace, name } }: ClusterEvent): string {
  return `${cluster}/${kind} ${namespace}/${name}`;
}
