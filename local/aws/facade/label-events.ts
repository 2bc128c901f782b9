import { forward, membersOf } from './exchange.ts';
import type { Incoming } from './exchange.ts';

/** Actions after which a label may stand at another version. */
export const MOVES_LABELS: ReadonlySet<string> = new Set(['CreateSecret', 'PutSecretValue', 'UpdateSecret', 'UpdateSecretVersionStage', 'RotateSecret']);

/** Secrets Manager sends no event for these two. */
const SILENT = new Set(['AWSPENDING', 'AWSPREVIOUS']);

/** A secret's labels at one moment. */
export interface Labels {
  readonly arn: string;
  readonly name: string;
  readonly versionOf: ReadonlyMap<string, string>;
}

/** Asks moto for the labels of the secret that a request is about; undefined where there is none (yet). */
export async function labelsOf(moto: string, incoming: Incoming): Promise<Labels | undefined> {
  const { SecretId: id, Name: name } = membersOf(incoming.body);
  const secret = typeof id === 'string' ? id : name;
  const answer = await forward(moto, { ...incoming, headers: { ...incoming.headers, 'x-amz-target': 'secretsmanager.DescribeSecret' }, body: JSON.stringify({ SecretId: secret }) });
  if (answer.status !== 200) return undefined;
  const { ARN, Name, VersionIdsToStages: stages } = membersOf(answer.body);
  const pairs = Object.entries(typeof stages === 'object' && stages !== null ? stages : {});
  const versionOf = pairs.flatMap(([version, labels]) => (Array.isArray(labels) ? labels.map((label): [string, string] => [String(label), version]) : []));
  return { arn: String(ARN), name: String(Name), versionOf: new Map(versionOf) };
}

/** Puts `Secret Label Updated` on the default bus for each label that moved (https://docs.aws.amazon.com/secretsmanager/latest/userguide/secret-event-notifications.html). */
export async function announceMoves(moto: string, incoming: Incoming, before: Labels | undefined, after: Labels | undefined): Promise<void> {
  if (after === undefined) return;
  const moved = [...after.versionOf].filter(([label, version]) => !SILENT.has(label) && before?.versionOf.get(label) !== version);
  if (moved.length === 0) return;
  const entries = moved.map(([labelUpdated, versionId]) => ({
    Source: 'aws.secretsmanager',
    DetailType: 'Secret Label Updated',
    Resources: [after.arn],
    Detail: JSON.stringify({ name: after.name, labelUpdated, versionId }),
  }));
  const authorization = (incoming.headers.authorization ?? '').replace('/secretsmanager/', '/events/');
  const headers = { ...incoming.headers, authorization, 'x-amz-target': 'AWSEvents.PutEvents' };
  const answer = await forward(moto, { ...incoming, headers, body: JSON.stringify({ Entries: entries }) });
  if (answer.status !== 200) throw new Error(`the emulator did not take the event: ${answer.status}`);
}
