import type { DescribeSecretCommandOutput, SecretListEntry } from '@aws-sdk/client-secrets-manager';
import { chunksOf, mapLimited } from '../concurrency.ts';
import { RelayError } from '../errors.ts';
import { sourceId } from '../model/declaration.ts';
import type { SourceRef } from '../model/declaration.ts';
import { parseSecretArn, partialArn } from '../model/secret-ids.ts';
import { findId } from '../model/source.ts';
import type { FindQuery, Survey, SurveyRequest } from '../model/source.ts';
import { chooserOf } from './find.ts';
import { filtersOf, listSecrets } from './secrets-manager-metadata.ts';
import type { SecretsManagerCalls } from './secrets-manager.ts';
import { codeOf, toFailure } from './source-errors.ts';
import { surveyError } from './survey-error.ts';
import { tagsVersion } from './tags.ts';
import type { Tag } from './tags.ts';

type Calls = Pick<SecretsManagerCalls, 'listSecrets' | 'describeSecret'>;

/** What ListSecrets and DescribeSecret both tell, under one name. */
interface Known {
  readonly stages: Readonly<Record<string, readonly string[]>>;
  readonly tags: readonly Tag[];
}

/** A filter takes 10 values (https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_Filter.html). */
const NAMES_PER_CALL = 10;
/** ListSecrets has a quota of 100 a second (https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html). */
const CONCURRENCY = 4;

/**
 * Tells versions from ListSecrets, 100 secrets a call, which lags up to five minutes
 * (https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_ListSecrets.html). Where an account holds far more secrets than are asked for, the
 * rest is asked for by name, 10 a call, so that the calls grow with what is asked for and not with the account. A list does not cross accounts: the
 * secrets of others are described, one a call.
 */
export async function surveySecrets(
  { refs, queries }: SurveyRequest,
  calls: Calls,
  account: string | undefined,
  signal: AbortSignal,
): Promise<Survey> {
  const failures: RelayError[] = [];
  const attempt = async <T>(what: string, none: T, run: () => Promise<T>): Promise<T> => {
    try {
      return await run();
    } catch (thrown) {
      failures.push(thrown instanceof RelayError ? thrown : surveyError(what, thrown));
      return none;
    }
  };
  const foreign = refs.filter(({ key }) => isForeign(key, account));
  const own = refs.filter(({ key }) => !isForeign(key, account));
  const known = new Map<string, Known>();
  await attempt('secretsmanager:ListSecrets', undefined, () => listOwn(own, known, calls, signal));
  // The roles of tenants often may describe what they read, and not list the account.
  const unlisted = failures.some(({ code }) => code === 'SOURCE_DENIED') ? own : [];
  await attempt('secretsmanager:DescribeSecret', undefined, () =>
    describe([...foreign, ...unlisted], known, calls, signal),
  );
  const members = await attempt('secretsmanager:ListSecrets', [], () => find(queries, known, calls, signal));
  const found = members.flatMap(([, list]) => list);
  return {
    versions: new Map([...refs, ...found].flatMap((ref) => versionOf(ref, known))),
    members: new Map(members),
    failures,
  };
}

function isForeign(key: string, account: string | undefined): boolean {
  const arn = parseSecretArn(key);
  return arn !== undefined && arn.account !== account;
}

async function listOwn(
  refs: readonly SourceRef[],
  known: Map<string, Known>,
  calls: Calls,
  signal: AbortSignal,
): Promise<void> {
  const keys = [...new Set(refs.map(({ key }) => key))];
  if (keys.length === 0) return;
  const list = await listSecrets([], calls, signal, Math.ceil(keys.length / NAMES_PER_CALL));
  for (const entry of list.entries) note(entry, known);
  if (list.complete) return;
  const missing = keys
    .filter((key) => !known.has(key))
    .map((key) => parseSecretArn(partialArn(key))?.name ?? key);
  await mapLimited(chunksOf(missing, NAMES_PER_CALL), CONCURRENCY, async (names) => {
    const Values = [...names];
    // A value matches by its beginning. What more than a page of longer names pushes out stays unknown.
    const page = await listSecrets([{ Key: 'name', Values }], calls, signal, 1);
    for (const entry of page.entries) note(entry, known);
  });
}

async function describe(
  refs: readonly SourceRef[],
  known: Map<string, Known>,
  calls: Calls,
  signal: AbortSignal,
): Promise<void> {
  const keys = [...new Set(refs.map(({ key }) => key))];
  await mapLimited(keys, CONCURRENCY, async (SecretId) => {
    const answer = await describeOne(SecretId, calls, signal);
    if (answer === undefined || answer.DeletedDate !== undefined) return;
    known.set(SecretId, { stages: answer.VersionIdsToStages ?? {}, tags: answer.Tags ?? [] });
  });
}

/** One secret that is gone or denied must not hide the others; reading it tells why. */
async function describeOne(
  SecretId: string,
  calls: Calls,
  signal: AbortSignal,
): Promise<Omit<DescribeSecretCommandOutput, '$metadata'> | undefined> {
  try {
    return await calls.describeSecret({ SecretId }, { abortSignal: signal });
  } catch (thrown) {
    const code = codeOf(toFailure(thrown));
    if (code === 'SOURCE_NOT_FOUND' || code === 'SOURCE_DENIED' || code === 'SOURCE_DELETED')
      return undefined;
    throw thrown;
  }
}

async function find(
  queries: readonly FindQuery[],
  known: Map<string, Known>,
  calls: Calls,
  signal: AbortSignal,
): Promise<readonly (readonly [string, readonly SourceRef[]])[]> {
  const distinct = [...new Map(queries.map((query) => [findId(query), query])).values()];
  const found = await mapLimited(distinct, CONCURRENCY, async (query) => {
    const choose = chooserOf(query);
    // Reading tells what is wrong with the pattern.
    if (choose instanceof RelayError) return [];
    const { entries } = await listSecrets(filtersOf(query), calls, signal);
    for (const entry of entries) note(entry, known);
    return [[findId(query), choose(entries.flatMap(({ Name }) => Name ?? []))] as const];
  });
  return found.flat();
}

/** Under every way to call it. A partial ARN that is another secret's full one does no harm: version ids are never shared. */
function note(entry: SecretListEntry, known: Map<string, Known>): void {
  const { ARN = '', Name = '', SecretVersionsToStages: stages = {}, Tags: tags = [], DeletedDate } = entry;
  if (DeletedDate !== undefined) return;
  for (const id of [Name, ARN, partialArn(ARN)]) known.set(id, { stages, tags });
}

function versionOf(
  ref: SourceRef,
  known: ReadonlyMap<string, Known>,
): readonly (readonly [string, string])[] {
  const secret = known.get(ref.key);
  const id = secret === undefined ? undefined : idOf(ref, secret);
  return id === undefined ? [] : [[sourceId(ref), id]];
}

/** A version that was asked for by its id has that id, as long as there is the secret: a list tells of versions with stages only. */
function idOf({ version, metadata }: SourceRef, { stages, tags }: Known): string | undefined {
  if (metadata !== undefined) return tagsVersion(tags);
  if (version.startsWith('uuid/')) return version.slice('uuid/'.length);
  return Object.entries(stages).find(([, names]) => names.includes(version))?.[0];
}
