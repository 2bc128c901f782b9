import { createHash } from 'node:crypto';
import { membersOf } from './exchange.ts';
import type { Answer } from './exchange.ts';
import type { Operation } from './operation.ts';

const DELETED = "You can't perform this operation on the secret because it was marked for deletion.";

/** What the facade remembers to repair answers with. */
export interface Memory {
  /** Version id -> when it was created: moto keeps whole seconds only. */
  readonly created: Map<string, number>;
  /** Access key id -> secret, of all credentials that AssumeRole gave out: whoever verifies a signature needs them. */
  readonly secrets: Map<string, string>;
  readonly account: string;
}

/** Makes an answer of moto what AWS would have said. */
export function repair({ service, action }: Operation, answer: Answer, memory: Memory): Answer {
  if (service === 'sqs' && action === 'ReceiveMessage') return withBody(answer, (body) => addAccounts(body, memory.account));
  if (service === 'sts') rememberSecret(answer.body, memory.secrets);
  if (service !== 'secretsmanager') return answer;
  if (answer.status >= 400) return answer.body.includes('currently marked deleted') ? withBody(answer, (body) => ({ ...body, message: DELETED, Message: DELETED })) : answer;
  if (action === 'PutSecretValue' || action === 'CreateSecret' || action === 'UpdateSecret') {
    const { VersionId: id } = membersOf(answer.body);
    if (typeof id === 'string' && !memory.created.has(id)) memory.created.set(id, Date.now() / 1000);
  }
  return action === 'GetSecretValue' ? withBody(answer, (body) => datedExactly(body, memory.created)) : answer;
}

function rememberSecret(xml: string, secrets: Map<string, string>): void {
  const [, id] = /<AccessKeyId>([^<]+)</u.exec(xml) ?? [];
  const [, secret] = /<SecretAccessKey>([^<]+)</u.exec(xml) ?? [];
  if (id !== undefined && secret !== undefined) secrets.set(id, secret);
}

function datedExactly(body: Readonly<Record<string, unknown>>, created: ReadonlyMap<string, number>): object {
  const exact = typeof body['VersionId'] === 'string' ? created.get(body['VersionId']) : undefined;
  return exact === undefined ? body : { ...body, CreatedDate: exact };
}

/** Events that reach a queue by a rule lack their account in moto. */
function addAccounts(body: Readonly<Record<string, unknown>>, account: string): object {
  const messages: unknown = body['Messages'];
  return Array.isArray(messages) ? { ...body, Messages: messages.map((message: unknown) => addAccount(message, account)) } : body;
}

function addAccount(message: unknown, account: string): unknown {
  const fields = membersOf(JSON.stringify(message));
  const event = membersOf(String(fields['Body']));
  if (event['detail-type'] === undefined || event['account'] !== undefined) return message;
  const text = JSON.stringify({ ...event, account });
  return { ...fields, Body: text, MD5OfBody: createHash('md5').update(text).digest('hex') };
}

function withBody(answer: Answer, change: (body: Readonly<Record<string, unknown>>) => object): Answer {
  return { ...answer, body: JSON.stringify(change(membersOf(answer.body))) };
}
