import type { RelayError } from '../errors.ts';
import type { TargetMessage } from './follow-up.ts';
import type { Outcome } from './outcome.ts';
import type { Swept } from './sweep.ts';

/** What is left of a shard after one delivery. */
export interface ShardRest {
  /** What became of targets: to be reported. One that the time did not suffice for is not among them. */
  readonly reported: readonly Outcome[];
  /** Shards to send, by their namespaces. */
  readonly shards: readonly (readonly string[])[];
  /** Targets to try again, each on its own. */
  readonly retries: readonly TargetMessage[];
  /** The message itself must be delivered again. */
  readonly again: RelayError | undefined;
}

/**
 * Decides what becomes of a swept shard. Pure.
 *
 * | of a shard                                                  | then                                                      |
 * |-------------------------------------------------------------|-----------------------------------------------------------|
 * | some targets met the deadline, others did not               | their namespaces are sent as a shard: what is done is found done |
 * | every target met the deadline                               | delivered again, later each time, in the end dead-lettered |
 * | every target failed with what concerns the cluster          | the same                                                  |
 * | one of several namespaces could not be listed               | it is sent as a shard of its own                          |
 * | no namespace could be listed: it has one, or the cluster is down | delivered again                                      |
 * | a target failed, and may pass later                         | that target is sent to be tried again on its own          |
 * | anything failed for good                                    | reported; the next sweep finds it again                   |
 */
export function restOfShard(
  messageId: string,
  namespaces: readonly string[],
  { outcomes, unlisted }: Swept,
): ShardRest {
  const [unlistable] = unlisted.values();
  const down = outcomes.length === 0 && unlisted.values().every(isClusterWide);
  if (unlistable !== undefined && (namespaces.length === 1 || down)) return nothingBut(unlistable);
  const late = outcomes.filter(isLate);
  const inTime = outcomes.filter((outcome) => !isLate(outcome));
  const errors = outcomes.map(errorOf);
  const [first] = errors;
  if (first !== undefined && errors.every((error) => error?.code === 'DEADLINE' || isClusterWide(error)))
    return nothingBut(first);
  const unfinished = [...new Set(late.map(({ target }) => target.namespace))];
  const alone = [...unlisted].filter(([, error]) => error.retryable).map(([namespace]) => [namespace]);
  return {
    reported: inTime,
    shards: unfinished.length === 0 ? alone : [unfinished, ...alone],
    retries: inTime.flatMap((outcome) => retryOf(outcome, messageId)),
    again: undefined,
  };
}

function nothingBut(again: RelayError): ShardRest {
  return { reported: [], shards: [], retries: [], again };
}

function errorOf(outcome: Outcome): RelayError | undefined {
  return outcome.kind === 'failed' ? outcome.error : undefined;
}

function isLate(outcome: Outcome): boolean {
  return errorOf(outcome)?.code === 'DEADLINE';
}

function isClusterWide(error: RelayError | undefined): boolean {
  return error !== undefined && error.retryable && error.clusterWide;
}

function retryOf(outcome: Outcome, messageId: string): readonly TargetMessage[] {
  const error = errorOf(outcome);
  const { declaration, target } = outcome;
  if (error?.retryable !== true || declaration === undefined) return [];
  return [{ declaration, cluster: target.cluster, change: undefined, error, from: [messageId] }];
}
