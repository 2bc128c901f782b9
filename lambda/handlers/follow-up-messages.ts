import { serializeRetry } from '../events/sqs-message.ts';
import type { TargetMessage } from '../relay/follow-up.ts';
import { backoffSeconds, sendAll } from '../queue/sqs-queue.ts';
import type { Outgoing } from '../queue/sqs-queue.ts';
import type { Runtime } from '../runtime.ts';

/**
 * Sends each failed target on its way: back to the push queue, or to the dead-letter queue.
 *
 * @returns the ids of the messages whose targets could not be sent: they must be delivered again
 */
export async function sendFollowUps(
  runtime: Runtime,
  retries: readonly TargetMessage[],
  dead: readonly TargetMessage[],
): Promise<ReadonlySet<string>> {
  const { pushQueue, deadLetterQueue } = runtime.queues;
  const unsentRetries = await sendAll(
    runtime.sqs,
    pushQueue,
    retries.map((item) => outgoing(item, runtime, 1)),
  );
  const unsentDead = await sendAll(
    runtime.sqs,
    deadLetterQueue,
    dead.map((item) => outgoing(item, runtime, 0)),
  );
  const unsent = [
    ...retries.filter((_, index) => unsentRetries.has(index)),
    ...dead.filter((_, index) => unsentDead.has(index)),
  ];
  return new Set(unsent.flatMap(({ from }) => from));
}

function outgoing(
  { declaration, cluster, change, error }: TargetMessage,
  runtime: Runtime,
  attempt: 0 | 1,
): Outgoing {
  const delaySeconds =
    attempt === 0 ? 0 : backoffSeconds(attempt, runtime.ports.random(), error.retryAfterMs);
  return { body: serializeRetry({ declaration, cluster, change }), delaySeconds };
}
