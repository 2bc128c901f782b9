import { membersOf } from './exchange.ts';
import type { Operation } from './operation.ts';

/** The body of a call of SQS with every wait that it asks for cut to `seconds`, so that a test need not sit through a backoff. */
export function hurried({ service, action }: Operation, body: string, seconds: number | undefined): string {
  if (service !== 'sqs' || seconds === undefined) return body;
  const asked = membersOf(body);
  const capped = (value: unknown): number => Math.min(seconds, Number(value ?? 0));
  if (action === 'ChangeMessageVisibility')
    return JSON.stringify({ ...asked, VisibilityTimeout: capped(asked['VisibilityTimeout']) });
  const { Entries } = asked;
  if (action !== 'SendMessageBatch' || !Array.isArray(Entries)) return body;
  const entries = Entries.map((entry: unknown) => {
    const members = membersOf(JSON.stringify(entry));
    return { ...members, DelaySeconds: capped(members['DelaySeconds']) };
  });
  return JSON.stringify({ ...asked, Entries: entries });
}
