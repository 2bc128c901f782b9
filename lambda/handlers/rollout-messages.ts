import { serializeRollout } from '../events/sqs-message.ts';
import { mergedEventIds, secretKey } from '../model/event-ids.ts';
import { NO_MEMORY } from '../model/rollout-memory.ts';
import { ROLLOUT_SETTINGS } from '../model/rollout.ts';
import { sendAll } from '../queue/sqs-queue.ts';
import { askingEvents } from '../relay/outcome.ts';
import type { Outcome } from '../relay/outcome.ts';
import type { Runtime } from '../runtime.ts';

/**
 * Has the rollouts of written Secrets looked at, one message for each cluster, once what changes together has changed.
 *
 * @returns whether all were sent; where not, what asked for the writes must be delivered again, which finds them written and restarts due
 */
export async function sendRollouts(
  runtime: Runtime,
  outcomes: readonly Outcome[],
): Promise<'sent' | 'not sent'> {
  const due = outcomes.filter(({ restartsDue = false }) => restartsDue);
  const { debounceSeconds } = runtime.config.settings.rollouts ?? ROLLOUT_SETTINGS;
  const messages = [...Map.groupBy(due, ({ target }) => target.cluster)].map(([cluster, items]) => {
    const namespaces = [...new Set(items.map(({ target }) => target.namespace))].toSorted();
    const eventIds = mergedEventIds(items.map((item) => [secretKey(item.target), askingEvents(item)]));
    return {
      body: serializeRollout({ cluster, namespaces, attempt: 0, memory: NO_MEMORY, eventIds }),
      delaySeconds: debounceSeconds,
    };
  });
  const unsent = await sendAll(runtime.sqs, runtime.queues.rolloutQueue, messages);
  return unsent.size === 0 ? 'sent' : 'not sent';
}
