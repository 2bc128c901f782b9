import { chunksOf, mapLimited } from '../concurrency.ts';
import { RelayError } from '../errors.ts';
import { sourceId } from '../model/declaration.ts';
import type { SourceRef } from '../model/declaration.ts';
import { findId } from '../model/source.ts';
import type { FindQuery, Survey, SurveyRequest } from '../model/source.ts';
import { chooserOf } from './find.ts';
import { MAX_FILTER_VALUES, describeParameters, listParameters } from './parameter-names.ts';
import type { ListedParameter } from './parameter-names.ts';
import type { ParameterStoreCalls } from './parameter-store.ts';
import { surveyError } from './survey-error.ts';

type Calls = Pick<ParameterStoreCalls, 'describeParameters' | 'getParametersByPath'>;

/** Describing has no published quota; it is not one of the reads that share 40 a second. */
const CONCURRENCY = 2;

/**
 * Tells newest versions from DescribeParameters, 50 parameters a call. Labels, numbers, tags and what another account shares it does not
 * tell: they are read.
 */
export async function surveyParameters(
  { refs, queries }: SurveyRequest,
  calls: Calls,
  signal: AbortSignal,
): Promise<Survey> {
  const failures: RelayError[] = [];
  const versions = new Map<string, string>();
  const note = (ref: SourceRef, { Version }: ListedParameter): void => {
    if (Version !== undefined) versions.set(sourceId(ref), String(Version));
  };
  const attempt = async (run: () => Promise<unknown>): Promise<void> => {
    try {
      await run();
    } catch (thrown) {
      failures.push(surveyError('ssm:DescribeParameters', thrown));
    }
  };
  const members = new Map<string, readonly SourceRef[]>();
  await attempt(() => describeAll(refs.filter(isNewest), calls, signal, note));
  await attempt(() =>
    mapLimited(distinct(queries), CONCURRENCY, async (query) => {
      const choose = chooserOf(query);
      // Reading tells what is wrong with the pattern.
      if (choose instanceof RelayError) return;
      const listed = new Map(
        (await listParameters(query, calls, signal)).map((item) => [item.Name ?? '', item]),
      );
      const found = choose([...listed.keys()].filter((name) => name !== ''));
      for (const ref of found) note(ref, listed.get(ref.key) ?? {});
      members.set(findId(query), found);
    }),
  );
  return { versions, members, failures };
}

function isNewest({ key, version, metadata }: SourceRef): boolean {
  return version === 'AWSCURRENT' && metadata === undefined && !key.startsWith('arn:');
}

async function describeAll(
  refs: readonly SourceRef[],
  calls: Calls,
  signal: AbortSignal,
  note: (ref: SourceRef, listed: ListedParameter) => void,
): Promise<void> {
  const byName = Map.groupBy(refs, ({ key }) => key);
  await mapLimited(chunksOf([...byName.keys()], MAX_FILTER_VALUES), CONCURRENCY, async (names) => {
    const filter = { Key: 'Name', Option: 'Equals', Values: [...names] };
    for (const item of await describeParameters([filter], calls, signal))
      for (const ref of byName.get(item.Name ?? '') ?? []) note(ref, item);
  });
}

function distinct(queries: readonly FindQuery[]): readonly FindQuery[] {
  return [...new Map(queries.map((query) => [findId(query), query])).values()];
}
