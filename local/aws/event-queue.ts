import { EventBridge } from '@aws-sdk/client-eventbridge';
import { clientOptions, sqsOf } from '../relay/queues.ts';
import type { LocalAws } from './start-aws.ts';

/** A rule on the default bus, and a queue behind it: what somebody who is told of events has. */
export interface EventQueue {
  /** The events that have come since the last call, in order, as they are. */
  receive(): Promise<readonly string[]>;
  close(): void;
}

/** Makes the rule and the queue. */
export async function openEventQueue(aws: LocalAws, name: string, source: string): Promise<EventQueue> {
  const sqs = sqsOf(aws);
  const events = new EventBridge(clientOptions(aws));
  const { QueueUrl = '' } = await sqs.createQueue({ QueueName: name });
  const { Attributes } = await sqs.getQueueAttributes({ QueueUrl, AttributeNames: ['QueueArn'] });
  await events.putRule({ Name: name, EventPattern: JSON.stringify({ source: [source] }) });
  await events.putTargets({ Rule: name, Targets: [{ Id: 'queue', Arn: Attributes?.['QueueArn'] ?? '' }] });
  events.destroy();
  return {
    receive: async () => {
      const bodies: string[] = [];
      for (;;) {
        const { Messages = [] } = await sqs.receiveMessage({ QueueUrl, MaxNumberOfMessages: 10 });
        if (Messages.length === 0) return bodies;
        for (const { Body = '', ReceiptHandle = '' } of Messages) {
          bodies.push(Body);
          await sqs.deleteMessage({ QueueUrl, ReceiptHandle });
        }
      }
    },
    close: () => {
      sqs.destroy();
    },
  };
}
