import { forward } from './exchange.ts';
import type { Incoming } from './exchange.ts';
import type { Labels } from './labels.ts';

/** Secrets Manager sends no event for these two. */
const SILENT: ReadonlySet<string> = new Set(['AWSPENDING', 'AWSPREVIOUS']);

/** Labels that stand at another version than before, of those that an event is sent for. */
export function movedLabels(
  before: Labels['versionOf'] | undefined,
  after: Labels['versionOf'],
): readonly (readonly [string, string])[] {
  return [...after].filter(([label, version]) => !SILENT.has(label) && before?.get(label) !== version);
}

/** Puts `Secret Label Updated` on the default bus for each label that moved (https://docs.aws.amazon.com/secretsmanager/latest/userguide/secret-event-notifications.html). */
export async function announce(
  moto: string,
  cause: Incoming,
  before: Labels['versionOf'] | undefined,
  { arn, name, versionOf }: Labels,
): Promise<void> {
  const entries = movedLabels(before, versionOf).map(([labelUpdated, versionId]) => ({
    Source: 'aws.secretsmanager',
    DetailType: 'Secret Label Updated',
    Resources: [arn],
    Detail: JSON.stringify({ name, labelUpdated, versionId }),
  }));
  if (entries.length === 0) return;
  const authorization = (cause.headers.authorization ?? '').replace('/secretsmanager/', '/events/');
  const headers = { ...cause.headers, authorization, 'x-amz-target': 'AWSEvents.PutEvents' };
  const answer = await forward(moto, { ...cause, headers, body: JSON.stringify({ Entries: entries }) });
  if (answer.status !== 200) throw new Error(`the emulator did not take the event: ${answer.status}`);
}
