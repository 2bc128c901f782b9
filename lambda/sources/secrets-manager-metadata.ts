import type { Filter, ListSecretsCommandOutput, SecretListEntry } from '@aws-sdk/client-secrets-manager';
import type { SourceRef } from '../model/declaration.ts';
import type { FindQuery, SourceResult } from '../model/source.ts';
import type { SecretsManagerCalls } from './secrets-manager.ts';
import { sourceError } from './source-errors.ts';
import { tagsValue } from './tags.ts';

/** MaxResults is 1 to 100 (https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_ListSecrets.html). */
const PAGE = 100;

/** A secret's tags in place of its value. */
export async function readTags(
  ref: SourceRef,
  calls: Pick<SecretsManagerCalls, 'describeSecret'>,
  signal: AbortSignal,
): Promise<SourceResult> {
  const answer = await calls.describeSecret({ SecretId: ref.key }, { abortSignal: signal });
  // A secret that waits for its deletion is still described; its value could not be read, and neither are its tags.
  if (answer.DeletedDate !== undefined) {
    const failure = { name: 'InvalidRequestException', message: 'marked for deletion', status: undefined };
    return { kind: 'failure', error: sourceError(ref, failure) };
  }
  return {
    kind: 'value',
    value: tagsValue(ref, answer.Tags ?? [], answer.LastChangedDate ?? answer.CreatedDate),
  };
}

/** Every name that the query's path and tags match; secrets that are marked for deletion are not listed. */
export async function listNames(
  query: FindQuery,
  calls: Pick<SecretsManagerCalls, 'listSecrets'>,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { entries } = await listSecrets(filtersOf(query), calls, signal);
  return entries.flatMap(({ Name }) => Name ?? []);
}

/** What a list tells of secrets. */
export interface SecretList {
  readonly entries: readonly SecretListEntry[];
  /** Whether these are all. */
  readonly complete: boolean;
}

/** Lists page by page, `pages` of them at most. */
export async function listSecrets(
  filters: Filter[],
  calls: Pick<SecretsManagerCalls, 'listSecrets'>,
  signal: AbortSignal,
  pages = Number.POSITIVE_INFINITY,
): Promise<SecretList> {
  const entries: SecretListEntry[] = [];
  let token: string | undefined;
  for (let page = 0; page < pages; page += 1) {
    const { SecretList = [], NextToken = '' }: Omit<ListSecretsCommandOutput, '$metadata'> =
      await calls.listSecrets(
        {
          MaxResults: PAGE,
          ...(filters.length === 0 ? {} : { Filters: filters }),
          ...(token === undefined ? {} : { NextToken: token }),
        },
        { abortSignal: signal },
      );
    entries.push(...SecretList);
    if (NextToken === '') return { entries, complete: true };
    token = NextToken;
  }
  return { entries, complete: false };
}

/** The filters that ESO sends: key and value of a tag are matched apart from each other, and by their beginnings. */
export function filtersOf({ path, tags }: FindQuery): Filter[] {
  const byTag = Object.entries(tags).flatMap(([key, value]): Filter[] => [
    { Key: 'tag-key', Values: [key] },
    { Key: 'tag-value', Values: [value] },
  ]);
  return path === undefined ? byTag : [...byTag, { Key: 'name', Values: [path] }];
}
