import { setTimeout as sleep } from 'node:timers/promises';
import type { SQS } from '@aws-sdk/client-sqs';

const EVERY_MS = 250;

/** Watches how many messages a queue holds, those included that are being handled. */
export interface DepthWatch {
  /** The most that were there at once; ends the watch. */
  stop(): Promise<number>;
}

export function watchDepth(sqs: SQS, queueUrl: string): DepthWatch {
  let most = 0;
  let stopped = false;
  const look = async (): Promise<void> => {
    while (!stopped) {
      most = Math.max(most, await depthOf(sqs, queueUrl));
      await sleep(EVERY_MS);
    }
  };
  const looking = look();
  return {
    stop: async () => {
      stopped = true;
      await looking;
      return most;
    },
  };
}

async function depthOf(sqs: SQS, QueueUrl: string): Promise<number> {
  const AttributeNames = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
  const { Attributes = {} } = await sqs.getQueueAttributes({ QueueUrl, AttributeNames: [...AttributeNames] });
  return AttributeNames.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0);
}
