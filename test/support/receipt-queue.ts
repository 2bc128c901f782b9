import { EventBridge } from '@aws-sdk/client-eventbridge';
import { z } from 'zod';
import { clientOptions, sqsOf } from '../../local/relay/queues.ts';
import type { Local } from '../../local/start-local.ts';
import { receiptProblems } from './receipt-schema.ts';

const Received = z.object({
  source: z.string(),
  'detail-type': z.string(),
  resources: z.array(z.string()),
  detail: z.looseObject({
    id: z.string(),
    outcome: z.string(),
    secret: z.looseObject({ name: z.string() }),
    times: z.record(z.string(), z.string()),
  }),
});
export type Received = z.infer<typeof Received>;

/** What somebody who is told of receipts has: a rule on the default bus, and a queue behind it. */
export interface ReceiptQueue {
  /** All that has come so far, in order; each is checked against the published schema. */
  received(): Promise<readonly Received[]>;
  /** Of one Secret: `detail` of each. */
  about(secret: string): Promise<readonly Received['detail'][]>;
  close(): void;
}

/** Makes the rule and the queue. */
export async function openReceipts({ aws }: Local, name = 'receipts'): Promise<ReceiptQueue> {
  const sqs = sqsOf(aws);
  const events = new EventBridge(clientOptions(aws));
  const { QueueUrl = '' } = await sqs.createQueue({ QueueName: name });
  const { Attributes } = await sqs.getQueueAttributes({ QueueUrl, AttributeNames: ['QueueArn'] });
  await events.putRule({ Name: name, EventPattern: JSON.stringify({ source: ['keyrelay'] }) });
  await events.putTargets({ Rule: name, Targets: [{ Id: 'queue', Arn: Attributes?.['QueueArn'] ?? '' }] });
  events.destroy();
  const all: Received[] = [];
  const received = async (): Promise<readonly Received[]> => {
    for (;;) {
      const { Messages = [] } = await sqs.receiveMessage({ QueueUrl, MaxNumberOfMessages: 10 });
      if (Messages.length === 0) return all;
      for (const { Body = '', ReceiptHandle = '' } of Messages) {
        const event = Received.parse(JSON.parse(Body));
        const problems = receiptProblems(event.detail);
        if (problems !== undefined) throw new Error(`no consumer could read ${Body}: ${problems}`);
        all.push(event);
        await sqs.deleteMessage({ QueueUrl, ReceiptHandle });
      }
    }
  };
  return {
    received,
    about: async (secret) =>
      (await received()).filter(({ detail }) => detail.secret.name === secret).map(({ detail }) => detail),
    close: () => {
      sqs.destroy();
    },
  };
}
