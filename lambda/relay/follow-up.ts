import type { RelayError } from '../errors.ts';
import type { SourceChange } from '../model/change.ts';
import { declarationId } from '../model/declaration.ts';
import type { Outcome } from './outcome.ts';
import type { Assignment, PushMessage } from './push.ts';
import { workId } from './work-id.ts';

/** One target to be tried again, or to be kept for a person, on its own. */
export interface TargetMessage {
  readonly declaration: string;
  readonly cluster: string;
  readonly change: SourceChange | undefined;
  /** Ids of the other events that told of the target. */
  readonly earlier?: readonly string[];
  readonly error: RelayError;
  /** The messages that it stands for: they fail when it cannot be sent, so that nothing is lost. */
  readonly from: readonly string[];
}

/** One cluster to be asked again what it declares, for one change. */
export interface ClusterMessage {
  readonly cluster: string;
  readonly change: SourceChange;
  readonly error: RelayError;
  /** As of a target. */
  readonly from: readonly string[];
}

/** What is left to do after a batch. Every failed target is in it, once. */
export interface FollowUp {
  /** Sent back to the queue, each cluster alone, as those of targets. */
  readonly asks: readonly ClusterMessage[];
  /** Sent back to the queue, each target alone, so that it holds back no other. */
  readonly retries: readonly TargetMessage[];
  /** Sent to the dead-letter queue: trying the same again cannot help. */
  readonly dead: readonly TargetMessage[];
  /** Messages that the queue delivers again, later each time, until it gives up and moves them to the dead-letter queue. */
  readonly redeliver: readonly { readonly id: string; readonly error: RelayError }[];
}

/**
 * Decides what becomes of each message. Pure.
 *
 * | message  | its targets                    | then                                                  |
 * |----------|--------------------------------|-------------------------------------------------------|
 * | any      | all done                       | nothing                                               |
 * | change   | one failed, may pass later     | that target becomes a retry message                   |
 * | any      | one failed for good            | that target goes to the dead-letter queue             |
 * | change   | a cluster's are not known      | that cluster becomes an ask message                   |
 * | ask      | still not known                | redelivered by the queue, in the end dead-lettered    |
 * | ask      | one failed, may pass later     | that target becomes a retry message                   |
 * | retry    | failed, may pass later         | redelivered by the queue, in the end dead-lettered    |
 * | malformed| -                              | redelivered by the queue, in the end dead-lettered    |
 */
export function followUp(
  assignments: readonly Assignment[],
  outcomes: readonly Outcome[],
  unknown: ReadonlyMap<string, RelayError> = new Map(),
): FollowUp {
  const failed = new Map(
    outcomes.flatMap((outcome) =>
      outcome.kind === 'failed' ? [[workId(outcome.target.cluster, outcome.declaration), outcome.error]] : [],
    ),
  );
  const asks = assignments.flatMap(({ message, work }) =>
    work.map(({ cluster, declaration }) => ({ message, key: workId(cluster, declarationId(declaration)) })),
  );
  const asksFor = Map.groupBy(asks, ({ key }) => key);
  const redeliver = assignments.flatMap((assignment) => redelivery(assignment, failed, unknown));
  const redelivered = new Set(redeliver.map(({ id }) => id));
  const retries: TargetMessage[] = [];
  const dead: TargetMessage[] = [];
  for (const [key, error] of failed) {
    const askers = (asksFor.get(key) ?? [])
      .map(({ message }) => message)
      .filter(({ id }) => !redelivered.has(id));
    if (askers.length === 0) continue;
    (error.retryable ? retries : dead).push(targetMessage(key, error, askers));
  }
  return { asks: assignments.flatMap(({ message }) => asksOf(message, unknown)), retries, dead, redeliver };
}

function asksOf(
  { id, content }: PushMessage,
  unknown: ReadonlyMap<string, RelayError>,
): readonly ClusterMessage[] {
  if (content.kind !== 'change') return [];
  const { change } = content;
  return [...unknown].flatMap(([cluster, error]) =>
    error.retryable ? [{ cluster, change, error, from: [id] }] : [],
  );
}

function redelivery(
  { message: { id, content }, work }: Assignment,
  failed: ReadonlyMap<string, RelayError>,
  unknown: ReadonlyMap<string, RelayError>,
): FollowUp['redeliver'] {
  switch (content.kind) {
    case 'malformed':
      return [{ id, error: content.error }];
    case 'retry': {
      // What files declare is known, whether or not the cluster says what it declares itself.
      const notKnown = work.length === 0 ? unknown.get(content.cluster) : undefined;
      const error = failed.get(workId(content.cluster, content.declaration)) ?? notKnown;
      return error?.retryable === true ? [{ id, error }] : [];
    }
    case 'ask': {
      const error = unknown.get(content.cluster);
      return error?.retryable === true ? [{ id, error }] : [];
    }
    case 'change':
    case 'ignored':
      return [];
  }
}

function targetMessage(key: string, error: RelayError, askers: readonly PushMessage[]): TargetMessage {
  const separator = key.indexOf('/');
  const changes = askers.flatMap(({ content }) => ('change' in content ? [content.change] : []));
  const known = changes
    .filter((change) => change !== undefined)
    .toSorted((a, b) => a.time.getTime() - b.time.getTime());
  const latest = known.at(-1);
  const before = askers.flatMap(({ content }) => (content.kind === 'retry' ? (content.earlier ?? []) : []));
  const others = new Set([...before, ...known.map(({ eventId }) => eventId)]);
  return {
    cluster: key.slice(0, separator),
    declaration: key.slice(separator + 1),
    change: latest,
    earlier: [...others].filter((id) => id !== latest?.eventId),
    error,
    from: askers.map(({ id }) => id),
  };
}
