import type {
  BatchGetSecretValueCommandInput,
  BatchGetSecretValueCommandOutput,
  GetSecretValueCommandInput,
  GetSecretValueCommandOutput,
} from '@aws-sdk/client-secrets-manager';
import { mapLimited } from '../concurrency.ts';
import { sourceId } from '../model/declaration.ts';
import type { SourceRef } from '../model/declaration.ts';
import { parseSecretArn } from '../model/secret-ids.ts';
import type { Payload, SecretSource, SourceResult, SourceResults } from '../model/source.ts';
import { Sensitive } from '../sensitive.ts';

import { sourceError, toFailure } from './source-errors.ts';

/** The calls of Secrets Manager that the relay makes: it only ever reads. */
export interface SecretsManagerCalls {
  getSecretValue(input: GetSecretValueCommandInput, options: { readonly abortSignal: AbortSignal }): Promise<Omit<GetSecretValueCommandOutput, '$metadata'>>;
  batchGetSecretValue(
    input: BatchGetSecretValueCommandInput,
    options: { readonly abortSignal: AbortSignal },
  ): Promise<Omit<BatchGetSecretValueCommandOutput, '$metadata'>>;
}

/** SecretIdList takes 1 to 20 ids (https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_BatchGetSecretValue.html). */
const BATCH = 20;
/** Far below the quota of 10,000 GetSecretValue and 100 BatchGetSecretValue a second. */
const CONCURRENCY = 8;

/**
 * Secrets Manager of one region.
 *
 * @param account the relay's own: secrets of another account are read one by one, because a batch does not reach them
 */
export function createSecretsManagerSource(calls: SecretsManagerCalls, account: string | undefined): SecretSource {
  return {
    read: async (refs, signal) => {
      const distinct = [...new Map(refs.map((ref) => [sourceId(ref), ref])).values()];
      const batchable = distinct.filter((ref) => isBatchable(ref, account));
      // One secret alone is read by GetSecretValue, which tells when its version was created; a batch does not.
      const single = batchable.length === 1 ? distinct : distinct.filter((ref) => !batchable.includes(ref));
      const chunks = batchable.length === 1 ? [] : chunksOf(batchable);
      const results = await Promise.all([
        mapLimited(chunks, CONCURRENCY, (chunk) => readBatch(chunk, calls, signal)),
        readEach(single, calls, signal),
      ]);
      return new Map(results.flat().flatMap((part) => [...part]));
    },
  };
}

/** A batch returns AWSCURRENT only, and only of the caller's own account. */
function isBatchable(ref: SourceRef, account: string | undefined): boolean {
  const arn = parseSecretArn(ref.key);
  return ref.version === 'AWSCURRENT' && (arn === undefined || arn.account === account);
}

function chunksOf(refs: readonly SourceRef[]): readonly (readonly SourceRef[])[] {
  const count = Math.ceil(refs.length / BATCH);
  return Array.from({ length: count }, (_, index) => refs.slice(index * BATCH, (index + 1) * BATCH));
}

async function readEach(refs: readonly SourceRef[], calls: SecretsManagerCalls, signal: AbortSignal): Promise<readonly SourceResults[]> {
  return mapLimited(refs, CONCURRENCY, async (ref) => new Map([[sourceId(ref), await readOne(ref, calls, signal)]]));
}

async function readOne(ref: SourceRef, calls: SecretsManagerCalls, signal: AbortSignal): Promise<SourceResult> {
  try {
    const output = await calls.getSecretValue({ SecretId: ref.key, ...versionOf(ref) }, { abortSignal: signal });
    return toResult(ref, output, output.CreatedDate);
  } catch (thrown) {
    return { kind: 'failure', error: sourceError(ref, toFailure(thrown)) };
  }
}

/** ESO's notation: `uuid/` and a version id, or a stage. */
function versionOf({ version }: SourceRef): Pick<GetSecretValueCommandInput, 'VersionId' | 'VersionStage'> {
  return version.startsWith('uuid/') ? { VersionId: version.slice('uuid/'.length) } : { VersionStage: version };
}

/** What a batch does not answer for, or cannot because one id or a permission breaks it as a whole, is read one by one. */
async function readBatch(refs: readonly SourceRef[], calls: SecretsManagerCalls, signal: AbortSignal): Promise<SourceResults> {
  const results = new Map<string, SourceResult>();
  try {
    let token: string | undefined;
    do {
      const page = await calls.batchGetSecretValue(
        { SecretIdList: refs.map(({ key }) => key), ...(token === undefined ? {} : { NextToken: token }) },
        { abortSignal: signal },
      );
      addPage(results, refs, page);
      token = page.NextToken;
    } while (token !== undefined && token !== '');
  } catch (thrown) {
    const failures = refs.map((ref) => sourceError(ref, toFailure(thrown)));
    if (failures.some((error) => error.retryable)) {
      refs.forEach((ref, index) => addFailure(results, ref, failures[index]));
      return results;
    }
  }
  const missing = refs.filter((ref) => !results.has(sourceId(ref)));
  return new Map([...results, ...(await readEach(missing, calls, signal)).flatMap((part) => [...part])]);
}

function addFailure(results: Map<string, SourceResult>, ref: SourceRef, error: ReturnType<typeof sourceError> | undefined): void {
  if (error !== undefined && !results.has(sourceId(ref))) results.set(sourceId(ref), { kind: 'failure', error });
}

function addPage(results: Map<string, SourceResult>, refs: readonly SourceRef[], page: Omit<BatchGetSecretValueCommandOutput, '$metadata'>): void {
  for (const entry of page.SecretValues ?? []) {
    for (const ref of refs.filter(({ key }) => answersFor(key, entry))) {
      // The API reference calls a batch entry's CreatedDate the date of the secret, not of the version, so it tells nothing here:
      // https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_SecretValueEntry.html
      results.set(sourceId(ref), toResult(ref, entry, undefined));
    }
  }
  for (const { SecretId, ErrorCode = 'unknown', Message = '' } of page.Errors ?? []) {
    const ref = refs.find(({ key }) => key === SecretId);
    if (ref !== undefined) addFailure(results, ref, sourceError(ref, { name: ErrorCode, message: Message, status: 400 }));
  }
}

/** Whether an answer about the secret with this ARN and name answers for the key: a name, a full ARN, or an ARN without its suffix. */
function answersFor(key: string, { ARN: arn, Name: name }: { readonly ARN?: string | undefined; readonly Name?: string | undefined }): boolean {
  return key === name || (arn !== undefined && [arn, arn.replace(/-[A-Za-z0-9]{6}$/u, '')].includes(key));
}

interface Answer {
  readonly VersionId?: string | undefined;
  readonly SecretString?: string | undefined;
  readonly SecretBinary?: Uint8Array | undefined;
}

function toResult(ref: SourceRef, answer: Answer, created: Date | undefined): SourceResult {
  const payload = payloadOf(answer);
  if (answer.VersionId === undefined || payload === undefined) {
    return { kind: 'failure', error: sourceError(ref, { name: 'ResourceNotFoundException', message: '', status: undefined }) };
  }
  return { kind: 'value', value: { ref, version: { id: answer.VersionId, created }, payload } };
}

function payloadOf({ SecretString, SecretBinary }: Answer): Payload | undefined {
  if (SecretString !== undefined) return { kind: 'text', text: new Sensitive(SecretString) };
  return SecretBinary === undefined ? undefined : { kind: 'binary', bytes: new Sensitive(SecretBinary) };
}
