import type { Cluster } from '../model/config.ts';
import { declarationId } from '../model/declaration.ts';
import type { PushResult } from '../relay/push.ts';
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
  return [...followUp.dead, ...retries].flatMap(({ cluster: name, declaration, change }) => {
    const cluster = named.get(name);
    const outcome = outcomes.find((item) => item.target.cluster === name && item.declaration === declaration);
    if (change === undefined || cluster === undefined || outcome?.kind !== 'failed') return [];
    const work = assignments
      .flatMap((assignment) => assignment.work)
      .findLast((item) => item.cluster === name && declarationId(item.declaration) === declaration);
    const { target, error } = outcome;
    return [{ cluster, target, declaration, change, expected: work?.expected ?? new Map(), error, now }];
  });
}
