import { membersOf } from './exchange.ts';
import type { Answer } from './exchange.ts';
import { DELETED } from './labels.ts';
import type { Operation } from './operation.ts';

const MAKES_VERSION: ReadonlySet<string> = new Set(['CreateSecret', 'PutSecretValue', 'UpdateSecret']);

/** What the facade remembers to repair answers with. */
export interface Memory {
  /** ARN and version id -> when it was created: moto keeps whole seconds only. */
  readonly created: Map<string, number>;
  /** Access key id -> secret, of all credentials that AssumeRole gave out: whoever verifies a signature needs them. */
  readonly secrets: Map<string, string>;
}

/** Makes an answer of moto what AWS would have said. */
export function repair({ service, action }: Operation, answer: Answer, memory: Memory): Answer {
  if (service === 'sts') rememberSecret(answer.body, memory.secrets);
  if (service !== 'secretsmanager') return answer;
  if (answer.status >= 400) return saysDeleted(answer.body) ? withBody(answer, withDeletedMessage) : answer;
  if (MAKES_VERSION.has(action)) rememberVersion(membersOf(answer.body), memory.created);
  if (action === 'GetSecretValue') return withBody(answer, (body) => datedExactly(body, memory.created));
  return action === 'BatchGetSecretValue'
    ? withBody(answer, (body) => repairBatch(body, memory.created))
    : answer;
}

function rememberVersion(answered: Readonly<Record<string, unknown>>, created: Map<string, number>): void {
  const version = keyOf(answered);
  if (version !== undefined && !created.has(version)) created.set(version, Date.now() / 1000);
}

function repairBatch(body: Readonly<Record<string, unknown>>, created: ReadonlyMap<string, number>): object {
  const values = itemsOf(body['SecretValues']).map((value) => datedExactly(value, created));
  const errors = itemsOf(body['Errors']).map((error) =>
    saysDeleted(String(error['Message'])) ? { ...error, Message: DELETED } : error,
  );
  return { ...body, SecretValues: values, Errors: errors };
}

function itemsOf(list: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(list) ? list.map((item: unknown) => membersOf(JSON.stringify(item))) : [];
}

/** moto's own text, which also quotes the operation. */
function saysDeleted(text: string): boolean {
  return text.includes('currently marked deleted');
}

function withDeletedMessage(body: Readonly<Record<string, unknown>>): object {
  return { ...body, message: DELETED, Message: DELETED };
}

function rememberSecret(xml: string, secrets: Map<string, string>): void {
  const [, id] = /<AccessKeyId>([^<]+)</u.exec(xml) ?? [];
  const [, secret] = /<SecretAccessKey>([^<]+)</u.exec(xml) ?? [];
  if (id !== undefined && secret !== undefined) secrets.set(id, secret);
}

function datedExactly(body: Readonly<Record<string, unknown>>, created: ReadonlyMap<string, number>): object {
  const version = keyOf(body);
  const exact = version === undefined ? undefined : created.get(version);
  return exact === undefined ? body : { ...body, CreatedDate: exact };
}

function keyOf({ ARN: arn, VersionId: version }: Readonly<Record<string, unknown>>): string | undefined {
  return typeof version === 'string' ? `${String(arn)} ${version}` : undefined;
}

function withBody(answer: Answer, change: (body: Readonly<Record<string, unknown>>) => object): Answer {
  return { ...answer, body: JSON.stringify(change(membersOf(answer.body))) };
}
