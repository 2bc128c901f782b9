import { serializeAsk, serializeRetry } from '../events/sqs-message.ts';
import type { RelayError } from '../errors.ts';
import type { FollowUp, TargetMessage } from '../relay/follow-up.ts';
import { backoffSeconds, sendAll } from '../queue/sqs-queue.ts';
import type { Outgoing } from '../queue/sqs-queue.ts';
import type { Runtime } from '../runtime.ts';

/**
 * Sends each failed target on its way: back to the push queue, or to the dead-letter queue; and each cluster that did not say what it declares.
 *
 * @returns the ids of the messages whose targets could not be sent: they must be delivered again
 */
export async function sendFollowUps(
  runtime: Runtime,
  { asks, retries, dead }: Pick<FollowUp, 'asks' | 'retries' | 'dead'>,
): Promise<ReadonlySet<string>> {
  const { pushQueue, deadLetterQueue } = runtime.queues;
  const later = [
    ...retries.map((item) => outgoing(item, bodyOf(item), runtime)),
    ...asks.map((item) => outgoing(item, serializeAsk(item), runtime)),
  ];
  const unsentLater = await sendAll(runtime.sqs, pushQueue, later);
  const unsentDead = await sendAll(
    runtime.sqs,
    deadLetterQueue,
    dead.map((item) => ({ body: bodyOf(item), delaySeconds: 0 })),
  );
  const unsent = [
    ...[...retries, ...asks].filter((_, index) => unsentLater.has(index)),
    ...dead.filter((_, index) => unsentDead.has(index)),
  ];
  return new Set(unsent.flatMap(({ from }) => from));
}

function bodyOf({ declaration, cluster, change, earlier }: TargetMessage): string {
  return serializeRetry({ declaration, cluster, change, earlier });
}

function outgoing({ error }: { readonly error: RelayError }, body: string, runtime: Runtime): Outgoing {
  return { body, delaySeconds: backoffSeconds(1, runtime.ports.random(), error.retryAfterMs) };
}
