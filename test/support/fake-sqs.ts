import type { ChangeMessageVisibilityCommandInput, SendMessageBatchCommandInput } from '@aws-sdk/client-sqs';
import type { SqsCalls } from '../../lambda/queue/sqs-queue.ts';

/** SQS that takes what its `refuses` lets through. */
export class FakeSqs implements SqsCalls {
  readonly batches: SendMessageBatchCommandInput[] = [];
  readonly postponed: ChangeMessageVisibilityCommandInput[] = [];
  refuses: (body: string) => boolean = () => false;
  down = false;
  /** How often `sendMessageBatch` was called, whether or not it answered. */
  called = 0;

  sendMessageBatch(input: SendMessageBatchCommandInput) {
    this.called += 1;
    if (this.down) return Promise.reject(new Error('connect ECONNREFUSED'));
    this.batches.push(input);
    const refused = (input.Entries ?? []).filter((entry) => this.refuses(entry.MessageBody ?? ''));
    return Promise.resolve({
      Failed: refused.map(({ Id }) => ({ Id, SenderFault: false, Code: 'InternalError' })),
    });
  }

  changeMessageVisibility(input: ChangeMessageVisibilityCommandInput) {
    if (this.down) return Promise.reject(new Error('connect ECONNREFUSED'));
    this.postponed.push(input);
    return Promise.resolve({});
  }

  /** What was sent, as `queue body`. */
  sent(): readonly string[] {
    return this.batches.flatMap(({ QueueUrl = '', Entries = [] }) =>
      Entries.map(({ MessageBody = '' }) => `${QueueUrl} ${MessageBody}`),
    );
  }
}
