import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import type {
  BatchGetSecretValueCommandInput,
  BatchGetSecretValueCommandOutput,
  DescribeSecretCommandInput,
  DescribeSecretCommandOutput,
  GetSecretValueCommandInput,
  GetSecretValueCommandOutput,
  ListSecretsCommandInput,
  ListSecretsCommandOutput,
} from '@aws-sdk/client-secrets-manager';
import { chunksOf, mapLimited } from '../concurrency.ts';
import { sourceId } from '../model/declaration.ts';
import type { SourceRef } from '../model/declaration.ts';
import { parseSecretArn } from '../model/secret-ids.ts';
import type { SecretSource, SourceResult, SourceResults } from '../model/source.ts';
import { toResult } from './answer.ts';
import { readBatch } from './batch.ts';
import { findByName } from './find.ts';
import type { Opening } from './open-source.ts';
import { listNames, readTags } from './secrets-manager-metadata.ts';
import { surveySecrets } from './secrets-manager-survey.ts';
import { readError } from './source-errors.ts';

/** The calls of Secrets Manager that the relay makes: it only ever reads. */
export interface SecretsManagerCalls {
  getSecretValue(
    input: GetSecretValueCommandInput,
    options: { readonly abortSignal: AbortSignal },
  ): Promise<Omit<GetSecretValueCommandOutput, '$metadata'>>;
  batchGetSecretValue(
    input: BatchGetSecretValueCommandInput,
    options: { readonly abortSignal: AbortSignal },
  ): Promise<Omit<BatchGetSecretValueCommandOutput, '$metadata'>>;
  describeSecret(
    input: DescribeSecretCommandInput,
    options: { readonly abortSignal: AbortSignal },
  ): Promise<Omit<DescribeSecretCommandOutput, '$metadata'>>;
  listSecrets(
    input: ListSecretsCommandInput,
    options: { readonly abortSignal: AbortSignal },
  ): Promise<Omit<ListSecretsCommandOutput, '$metadata'>>;
}

/** SecretIdList takes 1 to 20 ids (https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_BatchGetSecretValue.html). */
const BATCH = 20;
/** Far below the quota of 10,000 GetSecretValue and 100 BatchGetSecretValue a second. */
const CONCURRENCY = 8;

/** Secrets Manager of one region, by the SDK. */
export function open({ client, account, calls }: Opening): SecretSource {
  return createSecretsManagerSource(calls.watch('secretsmanager', new SecretsManager(client)), account);
}

/**
 * Secrets Manager of one region.
 *
 * @param account the relay's own: secrets of another account are read one by one, because a batch does not reach them
 */
export function createSecretsManagerSource(
  calls: SecretsManagerCalls,
  account: string | undefined,
): SecretSource {
  const source: Pick<SecretSource, 'read'> = {
    read: async (refs, signal) => {
      const distinct = [...new Map(refs.map((ref) => [sourceId(ref), ref])).values()];
      const batchable = distinct.filter((ref) => isBatchable(ref, account));
      // One secret alone is read by GetSecretValue, which tells when its version was created; a batch does not.
      const single = batchable.length === 1 ? distinct : distinct.filter((ref) => !batchable.includes(ref));
      const chunks = batchable.length === 1 ? [] : chunksOf(batchable, BATCH);
      const results = await Promise.all([
        mapLimited(chunks, CONCURRENCY, (chunk) => readChunk(chunk, calls, signal)),
        readEach(single, calls, signal),
      ]);
      return new Map(results.flat().flatMap((part) => [...part]));
    },
  };
  return {
    ...source,
    find: (query, signal) =>
      findByName(
        query,
        'secretsmanager:ListSecrets',
        () => listNames(query, calls, signal),
        (refs) => source.read(refs, signal),
      ),
    survey: (request, signal) => surveySecrets(request, calls, account, signal),
  };
}

/** A batch returns AWSCURRENT only, and only of the caller's own account. */
function isBatchable(ref: SourceRef, account: string | undefined): boolean {
  const arn = parseSecretArn(ref.key);
  if (ref.metadata !== undefined || ref.version !== 'AWSCURRENT') return false;
  return arn === undefined || arn.account === account;
}

/** One broken id must not fail the other 19, so what a batch does not settle is read one by one. */
async function readChunk(
  refs: readonly SourceRef[],
  calls: SecretsManagerCalls,
  signal: AbortSignal,
): Promise<SourceResults> {
  const settled = await readBatch(refs, calls, signal);
  const others = refs.filter((ref) => !settled.has(sourceId(ref)));
  return new Map([...settled, ...(await readEach(others, calls, signal)).flatMap((part) => [...part])]);
}

async function readEach(
  refs: readonly SourceRef[],
  calls: SecretsManagerCalls,
  signal: AbortSignal,
): Promise<readonly SourceResults[]> {
  return mapLimited(
    refs,
    CONCURRENCY,
    async (ref) => new Map([[sourceId(ref), await readOne(ref, calls, signal)]]),
  );
}

async function readOne(
  ref: SourceRef,
  calls: SecretsManagerCalls,
  signal: AbortSignal,
): Promise<SourceResult> {
  try {
    if (ref.metadata !== undefined) return await readTags(ref, calls, signal);
    const input = { SecretId: ref.key, ...versionOf(ref) };
    const answer = await calls.getSecretValue(input, { abortSignal: signal });
    return toResult(ref, answer, answer.CreatedDate);
  } catch (thrown) {
    return { kind: 'failure', error: readError(ref, thrown) };
  }
}

/** ESO's notation: `uuid/` and a version id, or a stage. */
function versionOf({ version }: SourceRef): Pick<GetSecretValueCommandInput, 'VersionId' | 'VersionStage'> {
  return version.startsWith('uuid/')
    ? { VersionId: version.slice('uuid/'.length) }
    : { VersionStage: version };
}
