import * as z from 'zod/mini';
import { described } from './described.ts';
import { fields, text } from './formats.ts';

export const RECEIPTS = { bus: 'default', when: 'end' } as const;

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsRequestEntry.html */
const bus = text(
  /^(arn:aws(-[a-z]+)*:events:[a-z0-9-]+:\d{12}:event-bus\/)?[\w./-]{1,256}$/u,
  'the name or ARN of an event bus',
);

/** `settings.receipts` */
export const Receipts = fields({
  bus: described(
    z._default(bus, RECEIPTS.bus),
    'Name of an event bus in the account and region of the relay, or ARN of one in its region.',
  ),
  when: described(
    z._default(z.enum(['end', 'stages', 'off']), RECEIPTS.when),
    '`end`: one receipt for each change and Secret, when all is over. `stages`: also one when the Secret is written and workloads are being restarted. `off`: none, and the relay may send none.',
  ),
});
export type Receipts = z.infer<typeof Receipts>;
