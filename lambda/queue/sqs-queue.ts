import type {
  ChangeMessageVisibilityCommandInput,
  SendMessageBatchCommandInput,
  SendMessageBatchCommandOutput,
} from '@aws-sdk/client-sqs';

/** The calls of SQS that the relay makes. */
export interface SqsCalls {
  sendMessageBatch(
    input: SendMessageBatchCommandInput,
  ): Promise<Pick<SendMessageBatchCommandOutput, 'Failed'>>;
  changeMessageVisibility(input: ChangeMessageVisibilityCommandInput): Promise<unknown>;
}

/** A message to send. */
export interface Outgoing {
  readonly body: string;
  /** 0 to 900 (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatchRequestEntry.html). */
  readonly delaySeconds: number;
}

/** SQS takes ten entries a call. */
const BATCH = 10;

/**
 * Sends every message. A call that fails has been repeated by the SDK for as long as that makes sense: those that would come after it are not
 * begun, so that a queue that does not answer costs the time of one call.
 *
 * @returns the indexes of those that were not taken: what they stand for must be kept elsewhere
 */
export async function sendAll(
  sqs: SqsCalls,
  queueUrl: string,
  messages: readonly Outgoing[],
): Promise<ReadonlySet<number>> {
  const failed = new Set<number>();
  for (let at = 0; at < messages.length; at += BATCH) {
    const batch = messages.slice(at, at + BATCH);
    const refused = await sendBatch(sqs, queueUrl, batch);
    if (refused === 'no answer') return new Set([...failed, ...messages.keys().drop(at)]);
    for (const index of refused) failed.add(at + index);
  }
  return failed;
}

async function sendBatch(
  sqs: SqsCalls,
  queueUrl: string,
  batch: readonly Outgoing[],
): Promise<readonly number[] | 'no answer'> {
  const entries = batch.map(({ body, delaySeconds }, index) => ({
    Id: String(index),
    MessageBody: body,
    DelaySeconds: delaySeconds,
  }));
  try {
    const { Failed = [] } = await sqs.sendMessageBatch({ QueueUrl: queueUrl, Entries: entries });
    return Failed.map((entry) => Number(entry.Id));
  } catch {
    // Whatever the reason, none of them is known to be in the queue. The caller keeps their originals, which the queue delivers again.
    return 'no answer';
  }
}

/**
 * Keeps a delivery away for a while. That is a courtesy to the failing side: when it does not work, the queue's own visibility timeout
 * applies, so a failure here is of no consequence and is not an error.
 */
export async function postpone(
  sqs: SqsCalls,
  queueUrl: string,
  receiptHandle: string,
  seconds: number,
): Promise<'postponed' | 'not postponed'> {
  try {
    await sqs.changeMessageVisibility({
      QueueUrl: queueUrl,
      ReceiptHandle: receiptHandle,
      VisibilityTimeout: seconds,
    });
    return 'postponed';
  } catch {
    return 'not postponed';
  }
}

/**
 * How long to wait before the n-th retry, in seconds: 5, 10, 20, ... with jitter of a quarter either way, at most 15 minutes (the most
 * that SQS delays a message), and never less than the remote side asked for.
 *
 * @param attempt counts from 1
 * @param random a number from 0 up to 1
 */
export function backoffSeconds(attempt: number, random: number, retryAfterMs = 0): number {
  const base = Math.min(900, 5 * 2 ** (attempt - 1));
  return Math.min(900, Math.ceil(Math.max(base * (0.75 + random / 2), retryAfterMs / 1000)));
}
