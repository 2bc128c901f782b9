import type { BatchGetSecretValueCommandOutput } from '@aws-sdk/client-secrets-manager';
import { RelayError } from '../errors.ts';
import { sourceId } from '../model/declaration.ts';
import type { SourceRef } from '../model/declaration.ts';
import type { SourceResult, SourceResults } from '../model/source.ts';
import { toResult } from './answer.ts';
import type { Answer } from './answer.ts';
import type { SecretsManagerCalls } from './secrets-manager.ts';
import { readError, sourceError } from './source-errors.ts';

type Page = Omit<BatchGetSecretValueCommandOutput, '$metadata'>;

/**
 * Reads up to 20 secrets in one call, and its further pages.
 *
 * | the batch                                     | the references                                         |
 * |-----------------------------------------------|--------------------------------------------------------|
 * | answers or lists an error for a reference     | have that                                              |
 * | says nothing that is surely about a reference | are left out                                           |
 * | fails as a whole, and a later one may pass    | fail so: as many single reads would only add to it     |
 * | fails for want of credentials                 | fail so: each single read would                        |
 * | fails as a whole, for good                    | are left out: one id, or a missing permission, did it  |
 *
 * @returns an entry for each reference that is settled; the caller reads the others one by one
 */
export async function readBatch(
  refs: readonly SourceRef[],
  calls: Pick<SecretsManagerCalls, 'batchGetSecretValue'>,
  signal: AbortSignal,
): Promise<SourceResults> {
  const results = new Map<string, SourceResult>();
  const SecretIdList = refs.map(({ key }) => key);
  try {
    let NextToken: string | undefined;
    do {
      const input = NextToken === undefined ? { SecretIdList } : { SecretIdList, NextToken };
      const page: Page = await calls.batchGetSecretValue(input, { abortSignal: signal });
      for (const [id, result] of settledBy(page, refs)) results.set(id, result);
      NextToken = page.NextToken === '' ? undefined : page.NextToken;
    } while (NextToken !== undefined);
  } catch (thrown) {
    for (const ref of refs.filter((candidate) => !results.has(sourceId(candidate)))) {
      const error = readError(ref, thrown);
      // Without credentials, no single read would pass either.
      if (error.retryable || thrown instanceof RelayError)
        results.set(sourceId(ref), { kind: 'failure', error });
    }
  }
  return results;
}

function settledBy(page: Page, refs: readonly SourceRef[]): SourceResults {
  const results = new Map<string, SourceResult>();
  for (const { SecretId, ErrorCode = 'unknown', Message = '' } of page.Errors ?? []) {
    for (const ref of refs.filter(({ key }) => key === SecretId)) {
      const error = sourceError(ref, { name: ErrorCode, message: Message, status: 400 });
      results.set(sourceId(ref), { kind: 'failure', error });
    }
  }
  for (const entry of page.SecretValues ?? []) {
    for (const ref of refs.filter(({ key }) => isAbout(entry, key))) {
      // The API reference calls an entry's CreatedDate the date of the secret, not of the version, so it tells nothing here:
      // https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_SecretValueEntry.html
      results.set(sourceId(ref), toResult(ref, entry, undefined));
    }
  }
  return results;
}

/**
 * Whether an entry surely is about the key. A partial ARN is not matched: `…:secret:db-abcdef` is the partial ARN of a secret named
 * `db-abcdef` and the full ARN of one named `db`, and which of them was meant only Secrets Manager can say, asked for it alone.
 */
function isAbout(entry: Answer, key: string): boolean {
  return key === entry.Name || key === entry.ARN;
}
