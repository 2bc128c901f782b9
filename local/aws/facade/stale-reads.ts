import { forward, membersOf } from './exchange.ts';
import type { Answer, Incoming } from './exchange.ts';
import type { ChaosState } from './chaos.ts';

/**
 * Replaces the current values in an answer, where that was asked for, by what a lagging replica takes for current: the version before,
 * with the label that it had then (https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html).
 */
export async function asLaggingReplica(
  moto: string,
  asked: Incoming,
  answer: Answer,
  chaos: ChaosState,
): Promise<Answer> {
  if (answer.status !== 200) return answer;
  const lag = async (value: unknown): Promise<unknown> =>
    await lagging(moto, asked, membersOf(JSON.stringify(value)), chaos);
  const { VersionId: version, VersionStage: stage = 'AWSCURRENT' } = membersOf(asked.body);
  const body = membersOf(answer.body);
  const { SecretValues: batch } = body;
  if (Array.isArray(batch))
    return { ...answer, body: JSON.stringify({ ...body, SecretValues: await Promise.all(batch.map(lag)) }) };
  if (version !== undefined || stage !== 'AWSCURRENT') return answer;
  return { ...answer, body: JSON.stringify(await lag(body)) };
}

async function lagging(
  moto: string,
  asked: Incoming,
  value: Readonly<Record<string, unknown>>,
  chaos: ChaosState,
): Promise<object> {
  if (!chaos.takeStale([String(value['ARN']), String(value['Name'])])) return value;
  const body = JSON.stringify({ SecretId: value['ARN'], VersionStage: 'AWSPREVIOUS' });
  const headers = { ...asked.headers, 'x-amz-target': 'secretsmanager.GetSecretValue' };
  const before = await forward(moto, { ...asked, headers, body });
  // A secret of one version has no older value to give.
  return before.status === 200 ? { ...membersOf(before.body), VersionStages: ['AWSCURRENT'] } : value;
}
