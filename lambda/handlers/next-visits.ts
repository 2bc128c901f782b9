import { serializeRollout } from '../events/sqs-message.ts';
import type { RolloutMessage } from '../events/sqs-message.ts';
import { eventIdsWithin } from '../model/event-ids.ts';
import { NO_MEMORY } from '../model/rollout-memory.ts';
import { backoffSeconds } from '../queue/sqs-queue.ts';
import type { Outgoing } from '../queue/sqs-queue.ts';
import type { Visited } from '../relay/visit-rollouts.ts';
import { nextDelaySeconds } from '../rollout/next-delay.ts';
import type { Runtime } from '../runtime.ts';

/** So many visits in a row, of some six minutes, in which nothing succeeded. */
const MAX_FRUITLESS = 10;

/**
 * The messages that have what a visit left looked at again. One namespace that could not be looked at is tried again on its own, so that it holds back
 * no other.
 */
export function nextVisits(
  { cluster, attempt: before, eventIds }: RolloutMessage,
  visited: Visited,
  { clock, random }: Pick<Runtime['ports'], 'clock' | 'random'>,
): readonly Outgoing[] {
  const { next, unseen, restarted, recorded } = visited;
  const over = recorded.map(({ secret }) => secret.target);
  const bodyOf = (message: Pick<RolloutMessage, 'namespaces' | 'attempt' | 'memory'>): string =>
    serializeRollout({
      cluster,
      ...message,
      eventIds: eventIdsWithin(message.namespaces, eventIds, over),
    });
  const alone = [...unseen]
    .filter(([, { retryable }]) => retryable)
    .map(([namespace]) => ({
      body: bodyOf({ namespaces: [namespace], attempt: 0, memory: NO_MEMORY }),
      delaySeconds: backoffSeconds(1, random()),
    }));
  const attempt = restarted.length > 0 ? 0 : before + 1;
  if (next === undefined || isFruitless(visited, attempt)) return alone;
  const { namespaces, memory } = next;
  const again = {
    body: bodyOf({ namespaces, attempt, memory }),
    delaySeconds: nextDelaySeconds(next, attempt, clock.now()),
  };
  return [again, ...alone];
}

/** Whether to leave it to the next sweep, as nothing is under way and what is to be written is refused: each sweep sends a message of its own, and they must not add up. */
function isFruitless({ failed, recorded, next }: Visited, attempt: number): boolean {
  return (
    attempt > MAX_FRUITLESS && failed.length > 0 && recorded.length === 0 && next?.memory.seen.size === 0
  );
}
