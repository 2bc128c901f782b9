import type { SQS } from '@aws-sdk/client-sqs';
import type { LocalFunction } from './start-function.ts';
import { toSqsEvent } from './queues.ts';

export interface PumpOptions {
  readonly sqs: SQS;
  readonly queueUrl: string;
  readonly region: string;
  readonly target: () => LocalFunction | Promise<LocalFunction>;
  readonly batchSize: number;
}

/** Lambda's event source mapping, in small: receives, invokes, and deletes what did not fail. */
export interface Pump {
  /** Batches that are being handled now. */
  active(): number;
  stop(): Promise<void>;
}

/** Polls the queue until it is stopped. A batch whose invocation fails stays in the queue, as does each item that the function reports. */
export function startPump(options: PumpOptions): Pump {
  const stopping = new AbortController();
  let active = 0;
  const loop = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const { Messages: messages = [] } = await options.sqs.receiveMessage(
        {
          QueueUrl: options.queueUrl,
          MaxNumberOfMessages: options.batchSize,
          WaitTimeSeconds: 1,
          MessageSystemAttributeNames: ['All'],
        },
        { abortSignal: stopping.signal },
      );
      if (messages.length === 0) continue;
      active += 1;
      try {
        const failed = failuresOf(
          await (await options.target()).invoke(toSqsEvent(messages, options.region)),
        );
        for (const { MessageId = '', ReceiptHandle } of messages) {
          if (!failed.has(MessageId))
            await options.sqs.deleteMessage({ QueueUrl: options.queueUrl, ReceiptHandle });
        }
      } catch {
        // As with Lambda: the whole batch becomes visible again when its timeout has passed.
      } finally {
        active -= 1;
      }
    }
  };
  const running = loop().catch((failure: unknown) => {
    // The end of the emulator is the end of the pump; before it is told to stop, that is news.
    if (!stopping.signal.aborted)
      console.error(`the queue ${options.queueUrl} is no longer polled:`, failure);
  });
  return {
    active: () => active,
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}

/** The ids of the messages that a function reports as failed. */
export function failuresOf(response: unknown): ReadonlySet<string> {
  const failures =
    typeof response === 'object' && response !== null && 'batchItemFailures' in response
      ? response.batchItemFailures
      : [];
  const ids = Array.isArray(failures)
    ? failures.map((item: unknown) =>
        typeof item === 'object' && item !== null && 'itemIdentifier' in item
          ? String(item.itemIdentifier)
          : '',
      )
    : [];
  return new Set(ids);
}
