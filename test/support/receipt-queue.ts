import { z } from 'zod';
import { openEventQueue } from '../../local/aws/event-queue.ts';
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
export async function openReceipts(local: Local, name = 'receipts'): Promise<ReceiptQueue> {
  const queue = await openEventQueue(local.aws, name, 'keyrelay');
  const all: Received[] = [];
  const received = async (): Promise<readonly Received[]> => {
    for (const body of await queue.receive()) {
      const event = Received.parse(JSON.parse(body));
      const problems = receiptProblems(event.detail);
      if (problems !== undefined) throw new Error(`no consumer could read ${body}: ${problems}`);
      all.push(event);
    }
    return all;
  };
  return {
    received,
    about: async (secret) =>
      (await received()).filter(({ detail }) => detail.secret.name === secret).map(({ detail }) => detail),
    close: () => {
      queue.close();
    },
  };
}
