import { forward, membersOf } from './exchange.ts';
import type { Incoming } from './exchange.ts';

/** What AWS says of a secret that waits for its deletion; moto has another text. */
export const DELETED = "You can't perform this operation on the secret because it was marked for deletion.";

/** A secret's labels at one moment. */
export interface Labels {
  readonly arn: string;
  readonly name: string;
  readonly versionOf: ReadonlyMap<string, string>;
  readonly deleted: boolean;
}

/** Asks moto for the labels of the secret that a request is about; undefined where there is none. */
export async function labelsOf(moto: string, incoming: Incoming): Promise<Labels | undefined> {
  const { SecretId: id, Name: name } = membersOf(incoming.body);
  const headers = { ...incoming.headers, 'x-amz-target': 'secretsmanager.DescribeSecret' };
  const body = JSON.stringify({ SecretId: typeof id === 'string' ? id : name });
  const answer = await forward(moto, { ...incoming, headers, body });
  if (answer.status !== 200) return undefined;
  const { VersionIdsToStages: stages } = membersOf(answer.body);
  const versions = Object.entries(typeof stages === 'object' && stages !== null ? stages : {});
  const pairs = versions.flatMap(([version, labels]) =>
    Array.isArray(labels) ? labels.map((label): [string, string] => [String(label), version]) : [],
  );
  return labelsIn(answer.body, pairs);
}

/** The labels of the secret that an answer names. */
export function labelsIn(answer: string, pairs: readonly (readonly [string, string])[]): Labels {
  const { ARN, Name, DeletedDate: deleted } = membersOf(answer);
  return {
    arn: String(ARN),
    name: String(Name),
    versionOf: new Map(pairs),
    deleted: typeof deleted === 'number',
  };
}
