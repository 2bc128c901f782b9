import type { Cluster } from '../model/config.ts';
import { declarationId } from '../model/declaration.ts';
import type { PushResult } from '../relay/push.ts';
import { workId } from '../relay/work-id.ts';
import type { GivenUp } from './receipt-of-failure.ts';

export interface GivenUpOptions {
  readonly clusters: readonly Cluster[];
  /** Ids of messages that the queue will not deliver again. */
  readonly lastTries: ReadonlySet<string>;
  readonly now: Date;
}

/**
 * The changes that a batch gives up: those of targets that failed for good, and those whose message is delivered for the last time. Pure. What no event
 * told of is no change: a sweep finds the same failure every time.
 */
export function givenUpBy(
  { outcomes, assignments, followUp }: PushResult,
  { clusters, lastTries, now }: GivenUpOptions,
): readonly GivenUp[] {
  const last = new Set(followUp.redeliver.flatMap(({ id }) => (lastTries.has(id) ? [id] : [])));
  const retries = assignments.flatMap(({ message: { id, content } }) =>
    last.has(id) && content.kind === 'retry' ? [content] : [],
  );
  const named = new Map(clusters.map((cluster) => [cluster.name, cluster]));
  const ended = new Map(outcomes.map((item) => [workId(item.target.cluster, item.declaration), item]));
  const asked = new Map(
    assignments
      .flatMap(({ work }) => work)
      .map((item) => [workId(item.cluster, declarationId(item.declaration)), item]),
  );
  return [...followUp.dead, ...retries].flatMap(({ cluster: name, declaration, change }) => {
    const cluster = named.get(name);
    const id = workId(name, declaration);
    const outcome = ended.get(id);
    if (change === undefined || cluster === undefined || outcome?.kind !== 'failed') return [];
    const { target, error } = outcome;
    const expected = asked.get(id)?.expected ?? new Map();
    return [{ cluster, target, declaration, change, expected, error, now }];
  });
}
