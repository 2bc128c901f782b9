import { membersOf } from '../aws/facade/exchange.ts';

/** A call of SQS that was carried out. */
export interface QueueCall {
  readonly action: string;
  /** JSON. */
  readonly body: string;
  /** JSON. */
  readonly answer: string;
}

/** What became of every message of some queues. */
export interface MessageLedger {
  take(call: QueueCall): void;
  readonly sent: number;
  readonly deleted: number;
  readonly dead: number;
  /** The bodies of the messages in the dead-letter queue. */
  deadBodies(): readonly string[];
  /** Ids of messages that were sent, and neither deleted nor found in the dead-letter queue. */
  lost(): readonly string[];
}

/** Opens the books of these queues, of which the last is where dead letters go. Everything in that must have been received once. */
export function openLedger(queues: readonly string[], deadLetterQueue: string): MessageLedger {
  const names = new Set([...queues, deadLetterQueue].map(nameOf));
  const sent = new Set<string>();
  const deleted = new Set<string>();
  const dead = new Map<string, string>();
  const idOfHandle = new Map<string, string>();
  return {
    take: ({ action, body, answer }) => {
      const asked = membersOf(body);
      const queue = nameOf(String(asked['QueueUrl']));
      if (!names.has(queue)) return;
      const answered = membersOf(answer);
      for (const { MessageId: id } of action === 'SendMessage' ? [answered] : listOf(answered['Successful']))
        if (typeof id === 'string') sent.add(id);
      for (const { MessageId: id, ReceiptHandle: handle, Body: text } of listOf(answered['Messages'])) {
        idOfHandle.set(String(handle), String(id));
        if (queue === nameOf(deadLetterQueue)) dead.set(String(id), String(text));
      }
      const gone = action === 'DeleteMessage' ? idOfHandle.get(String(asked['ReceiptHandle'])) : undefined;
      if (gone !== undefined) deleted.add(gone);
    },
    get sent() {
      return sent.size;
    },
    get deleted() {
      return deleted.size;
    },
    get dead() {
      return dead.size;
    },
    deadBodies: () => [...dead.values()],
    lost: () => [...sent].filter((id) => !deleted.has(id) && !dead.has(id)),
  };
}

/** The last part of a queue's URL: its host differs between those that reach it. */
function nameOf(url: string): string {
  return url.slice(url.lastIndexOf('/') + 1);
}

function listOf(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.map((item: unknown) => membersOf(JSON.stringify(item))) : [];
}
