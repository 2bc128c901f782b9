import type { ParameterStringFilter } from '@aws-sdk/client-ssm';
import { listingOf } from '../model/parameter-listing.ts';
import type { FindQuery } from '../model/source.ts';
import type { ParameterStoreCalls } from './parameter-store.ts';

/** One page, as far as names are concerned. */
interface Page {
  readonly Parameters?: readonly { readonly Name?: string | undefined }[] | undefined;
  readonly NextToken?: string | undefined;
}

/** Every name that the query's path and tags match, from all pages. */
export async function listParameters(
  query: FindQuery,
  calls: Pick<ParameterStoreCalls, 'getParametersByPath' | 'describeParameters'>,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const options = { abortSignal: signal };
  const listing = listingOf(query);
  switch (listing.kind) {
    case 'describe': {
      // At most 50 a page: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DescribeParameters.html
      const input = { ParameterFilters: filtersOf(query), MaxResults: 50 };
      return namesOf((next) => calls.describeParameters({ ...input, ...next }, options));
    }
    case 'walk': {
      const names: string[] = [];
      for (const Path of listing.paths) {
        // At most 10 a page: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParametersByPath.html
        const input = { Path, Recursive: true, WithDecryption: false, MaxResults: 10 };
        names.push(...(await namesOf((next) => calls.getParametersByPath({ ...input, ...next }, options))));
      }
      return names;
    }
  }
}

async function namesOf(
  read: (next: { readonly NextToken?: string }) => Promise<Page>,
): Promise<readonly string[]> {
  const names: string[] = [];
  let token: string | undefined;
  do {
    const { Parameters = [], NextToken } = await read(token === undefined ? {} : { NextToken: token });
    for (const { Name } of Parameters) if (Name !== undefined) names.push(Name);
    token = NextToken === '' ? undefined : NextToken;
  } while (token !== undefined);
  return names;
}

/** Values of one filter: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_ParameterStringFilter.html */
const MAX_VALUES = 50;

/** What the service can narrow down by itself; patterns that are too many, or stand beside a path, are left to the choice that follows. */
function filtersOf({ path, tags, within = [] }: FindQuery): ParameterStringFilter[] {
  const byTag = Object.entries(tags).map(([key, value]) => ({
    Key: `tag:${key}`,
    Option: 'Equals',
    Values: [value],
  }));
  if (path !== undefined) return [...byTag, { Key: 'Path', Option: 'Recursive', Values: [path] }];
  if (within.length === 0 || within.length > MAX_VALUES) return byTag;
  const beginnings = within.map((pattern) => pattern.replace(/\*$/u, ''));
  return [...byTag, { Key: 'Name', Option: 'BeginsWith', Values: beginnings }];
}
