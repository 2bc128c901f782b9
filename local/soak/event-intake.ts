import { EventBridge } from '@aws-sdk/client-eventbridge';
import type { SQS } from '@aws-sdk/client-sqs';
import type { LocalAws } from '../aws/start-aws.ts';
import { clientOptions } from '../relay/queues.ts';
import type { Delivery } from './step.ts';

/** Stands between the bus and the push queue, so that events can be lost, come twice, or come late. */
export interface EventIntake {
  /** Takes the event that the bus has for the change that was just made, and delivers it. */
  deliver(source: string, delivery: Delivery, step: number): Promise<void>;
  /** Delivers the event of a source's n-th change again; the first change is number 1. */
  replay(source: string, change: number): Promise<void>;
  /** Delivers what is due at this step. */
  reach(step: number): Promise<void>;
  /** Events that went to the relay, and those that never will. */
  readonly counts: { readonly delivered: number; readonly lost: number };
}

/** Turns the rule of the relay's deployment to a queue of its own. */
export async function openIntake(
  aws: LocalAws,
  sqs: SQS,
  rule: string,
  pushQueue: string,
): Promise<EventIntake> {
  const { QueueUrl = '' } = await sqs.createQueue({ QueueName: `${rule}-intake` });
  const { Attributes } = await sqs.getQueueAttributes({ QueueUrl, AttributeNames: ['QueueArn'] });
  const events = new EventBridge(clientOptions(aws));
  await events.putTargets({ Rule: rule, Targets: [{ Id: 'push', Arn: Attributes?.['QueueArn'] ?? '' }] });
  events.destroy();
  const counts = { delivered: 0, lost: 0 };
  const known = new Map<string, string[]>();
  let late: readonly { readonly body: string; readonly due: number }[] = [];
  const send = async (body: string): Promise<void> => {
    await sqs.sendMessage({ QueueUrl: pushQueue, MessageBody: body });
    counts.delivered += 1;
  };
  const take = async (source: string): Promise<string> => {
    const { Messages: [message] = [] } = await sqs.receiveMessage({ QueueUrl, WaitTimeSeconds: 5 });
    if (message?.Body === undefined) throw new Error(`the bus told of no change of ${source}`);
    await sqs.deleteMessage({ QueueUrl, ReceiptHandle: message.ReceiptHandle });
    return message.Body;
  };
  return {
    counts,
    deliver: async (source, delivery, step) => {
      const body = await take(source);
      known.set(source, [...(known.get(source) ?? []), body]);
      switch (delivery.kind) {
        case 'lost':
          counts.lost += 1;
          return;
        case 'late':
          late = [...late, { body, due: step + delivery.steps }];
          return;
        case 'twice':
          await send(body);
          await send(body);
          return;
        case 'once':
          await send(body);
          return;
      }
    },
    replay: async (source, change) => {
      const body = known.get(source)?.[change - 1];
      if (body === undefined) throw new Error(`${source} has no change ${change}`);
      await send(body);
    },
    reach: async (step) => {
      const due = late.filter((item) => item.due <= step);
      late = late.filter((item) => item.due > step);
      for (const { body } of due) await send(body);
    },
  };
}
