import { membersOf } from './exchange.ts';
import type { Answer, Incoming } from './exchange.ts';
import type { Operation } from './operation.ts';

/** A batch call: where its items are, where the answer lists those that failed, and how it does so. */
interface Batch {
  readonly items: string;
  readonly failures: string;
  readonly failureOf: (item: unknown) => object;
}

const BATCHES: ReadonlyMap<string, Batch> = new Map([
  [
    'BatchGetSecretValue',
    {
      items: 'SecretIdList',
      failures: 'Errors',
      failureOf: (id: unknown) => ({
        SecretId: id,
        ErrorCode: 'InternalServiceError',
        Message: 'failed on request',
      }),
    },
  ],
  [
    'SendMessageBatch',
    {
      items: 'Entries',
      failures: 'Failed',
      failureOf: (entry: unknown) => ({
        Id: membersOf(JSON.stringify(entry))['Id'],
        Code: 'InternalError',
        SenderFault: false,
      }),
    },
  ],
]);

/** Carries a batch out for the first half of its items and lists the others as failed; any other call is passed on. */
export async function partOfBatch(
  { action }: Operation,
  incoming: Incoming,
  pass: (incoming: Incoming) => Promise<Answer>,
): Promise<Answer> {
  const batch = BATCHES.get(action);
  const asked = membersOf(incoming.body);
  const items = batch === undefined ? undefined : asked[batch.items];
  if (batch === undefined || !Array.isArray(items)) return await pass(incoming);
  const kept = items.slice(0, Math.floor(items.length / 2));
  const failures = items.slice(kept.length).map(batch.failureOf);
  // An empty batch is refused: nothing of it is then carried out.
  const answer =
    kept.length === 0
      ? { status: 200, headers: { 'content-type': 'application/x-amz-json-1.1' }, body: '{}' }
      : await pass({ ...incoming, body: JSON.stringify({ ...asked, [batch.items]: kept }) });
  if (answer.status !== 200) return answer;
  const answered = membersOf(answer.body);
  const listed = answered[batch.failures];
  const before: readonly unknown[] = Array.isArray(listed) ? listed : [];
  const all = [...before, ...failures];
  return { ...answer, body: JSON.stringify({ ...answered, [batch.failures]: all }) };
}
