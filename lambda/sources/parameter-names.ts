import type { ParameterStringFilter } from '@aws-sdk/client-ssm';
import type { FindQuery } from '../model/source.ts';
import type { ParameterStoreCalls } from './parameter-store.ts';

/** One page, as far as names are concerned. */
interface Page {
  readonly names: readonly (string | undefined)[];
  readonly next: string | undefined;
}

/**
 * Every name that the query's path and tags match, from all pages. Without tags the hierarchy is walked, undecrypted, which a role can be
 * allowed for a path alone; tags need DescribeParameters, which can only be allowed for all.
 */
export async function listParameters(
  query: FindQuery,
  calls: Pick<ParameterStoreCalls, 'getParametersByPath' | 'describeParameters'>,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const byTags = Object.keys(query.tags).length > 0;
  const names: string[] = [];
  let token: string | undefined;
  do {
    const next = token === undefined ? {} : { NextToken: token };
    const page = byTags
      ? await described(query, calls, next, signal)
      : await walked(query, calls, next, signal);
    for (const name of page.names) if (name !== undefined) names.push(name);
    token = page.next === '' ? undefined : page.next;
  } while (token !== undefined);
  return names;
}

async function walked(
  { path = '/' }: FindQuery,
  calls: Pick<ParameterStoreCalls, 'getParametersByPath'>,
  next: { readonly NextToken?: string },
  signal: AbortSignal,
): Promise<Page> {
  // At most 10 a page: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParametersByPath.html
  const input = { Path: path, Recursive: true, WithDecryption: false, MaxResults: 10, ...next };
  const { Parameters = [], NextToken } = await calls.getParametersByPath(input, { abortSignal: signal });
  return { names: Parameters.map(({ Name }) => Name), next: NextToken };
}

async function described(
  query: FindQuery,
  calls: Pick<ParameterStoreCalls, 'describeParameters'>,
  next: { readonly NextToken?: string },
  signal: AbortSignal,
): Promise<Page> {
  // At most 50 a page: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DescribeParameters.html
  const input = { ParameterFilters: filtersOf(query), MaxResults: 50, ...next };
  const { Parameters = [], NextToken } = await calls.describeParameters(input, { abortSignal: signal });
  return { names: Parameters.map(({ Name }) => Name), next: NextToken };
}

function filtersOf({ path, tags }: FindQuery): ParameterStringFilter[] {
  const byTag = Object.entries(tags).map(([key, value]) => ({
    Key: `tag:${key}`,
    Option: 'Equals',
    Values: [value],
  }));
  return path === undefined ? byTag : [...byTag, { Key: 'Path', Option: 'Recursive', Values: [path] }];
}
