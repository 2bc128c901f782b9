import type { ParameterStringFilter } from '@aws-sdk/client-ssm';
import type { FindQuery } from '../model/source.ts';
import type { ParameterStoreCalls } from './parameter-store.ts';
import { codeOf, toFailure } from './source-errors.ts';

/** What a list tells of a parameter. */
export interface ListedParameter {
  readonly Name?: string | undefined;
  readonly Version?: number | undefined;
}

interface Page {
  readonly Parameters?: readonly ListedParameter[] | undefined;
  readonly NextToken?: string | undefined;
}

type Listing = Pick<ParameterStoreCalls, 'getParametersByPath' | 'describeParameters'>;

/**
 * Every parameter that the query's path and tags match, from all pages. To describe takes one permission for all parameters, and shows
 * no value. A role that was made for ESO may lack it and walk a path instead, as ESO does first; the relay's own role may not, because
 * whoever may walk a path reads everything below it, even what is denied by itself
 * (https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-access.html).
 */
export async function listParameters(
  query: FindQuery,
  calls: Listing,
  signal: AbortSignal,
): Promise<readonly ListedParameter[]> {
  try {
    return await describeParameters(filtersOf(query), calls, signal);
  } catch (thrown) {
    const denied = codeOf(toFailure(thrown)) === 'SOURCE_DENIED';
    if (!denied || Object.keys(query.tags).length > 0) throw thrown;
    const { path: Path = '/' } = query;
    // At most 10 a page: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParametersByPath.html
    const input = { Path, Recursive: true, WithDecryption: false, MaxResults: 10 };
    return await allPages((next) =>
      calls.getParametersByPath({ ...input, ...next }, { abortSignal: signal }),
    );
  }
}

/** What the filters match, which is all of one account and region where there are none. */
export function describeParameters(
  filters: ParameterStringFilter[],
  calls: Pick<Listing, 'describeParameters'>,
  signal: AbortSignal,
): Promise<readonly ListedParameter[]> {
  // At most 50 a page: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DescribeParameters.html
  const input = { ParameterFilters: filters, MaxResults: 50 };
  return allPages((next) => calls.describeParameters({ ...input, ...next }, { abortSignal: signal }));
}

async function allPages(
  read: (next: { readonly NextToken?: string }) => Promise<Page>,
): Promise<readonly ListedParameter[]> {
  const listed: ListedParameter[] = [];
  let token: string | undefined;
  do {
    const { Parameters = [], NextToken } = await read(token === undefined ? {} : { NextToken: token });
    listed.push(...Parameters);
    token = NextToken === '' ? undefined : NextToken;
  } while (token !== undefined);
  return listed;
}

/** Values of one filter: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_ParameterStringFilter.html */
export const MAX_FILTER_VALUES = 50;

/** What the service can narrow down by itself; patterns that are too many, or stand beside a path, are left to the choice that follows. */
function filtersOf({ path, tags, within = [] }: FindQuery): ParameterStringFilter[] {
  const byTag = Object.entries(tags).map(([key, value]) => ({
    Key: `tag:${key}`,
    Option: 'Equals',
    Values: [value],
  }));
  if (path !== undefined && path !== '/')
    return [...byTag, { Key: 'Path', Option: 'Recursive', Values: [path.replace(/\/$/u, '')] }];
  if (within.length === 0 || within.length > MAX_FILTER_VALUES) return byTag;
  const beginnings = within.map((pattern) => pattern.replace(/\*$/u, ''));
  return [...byTag, { Key: 'Name', Option: 'BeginsWith', Values: beginnings }];
}
