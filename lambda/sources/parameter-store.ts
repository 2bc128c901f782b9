import {
  DescribeParametersCommand,
  GetParametersByPathCommand,
  GetParametersCommand,
  ListTagsForResourceCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import type {
  DescribeParametersCommandInput,
  DescribeParametersCommandOutput,
  GetParametersByPathCommandInput,
  GetParametersByPathCommandOutput,
  GetParametersCommandInput,
  GetParametersCommandOutput,
  ListTagsForResourceCommandInput,
  ListTagsForResourceCommandOutput,
} from '@aws-sdk/client-ssm';
import { chunksOf, mapLimited } from '../concurrency.ts';
import { sourceId } from '../model/declaration.ts';
import type { SourceRef } from '../model/declaration.ts';
import type { SecretSource, SourceResult, SourceResults } from '../model/source.ts';
import { findByName } from './find.ts';
import type { Opening } from './open-source.ts';
import { readParameters } from './parameter-batch.ts';
import { listParameters } from './parameter-names.ts';
import { surveyParameters } from './parameter-survey.ts';
import { readParameterTags } from './parameter-tags.ts';

interface Options {
  readonly abortSignal: AbortSignal;
}

/** The calls of Parameter Store that the relay makes: it only ever reads. */
export interface ParameterStoreCalls {
  getParameters(
    input: GetParametersCommandInput,
    options: Options,
  ): Promise<Omit<GetParametersCommandOutput, '$metadata'>>;
  getParametersByPath(
    input: GetParametersByPathCommandInput,
    options: Options,
  ): Promise<Omit<GetParametersByPathCommandOutput, '$metadata'>>;
  describeParameters(
    input: DescribeParametersCommandInput,
    options: Options,
  ): Promise<Omit<DescribeParametersCommandOutput, '$metadata'>>;
  listTagsForResource(
    input: ListTagsForResourceCommandInput,
    options: Options,
  ): Promise<Omit<ListTagsForResourceCommandOutput, '$metadata'>>;
}

/** Names takes 1 to 10 (https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameters.html). */
const BATCH = 10;
/**
 * By default an account has 40 reads a second in a region, for whoever reads (https://docs.aws.amazon.com/general/latest/gr/ssm.html): two
 * at once, of ten parameters each, stay near that and leave some to others.
 */
const CONCURRENCY = 2;

/** Parameter Store of one region, by the SDK. Command by command: all 146 of Systems Manager would double what is loaded. */
export function open({ client, account, calls: counted }: Opening): SecretSource {
  // Once it has been throttled, it sends no faster than it is let, for all reads of the store together.
  const ssm = counted.watch('ssm', new SSMClient({ ...client, retryMode: 'adaptive' }));
  const calls: ParameterStoreCalls = {
    getParameters: (input, options) => ssm.send(new GetParametersCommand(input), options),
    getParametersByPath: (input, options) => ssm.send(new GetParametersByPathCommand(input), options),
    describeParameters: (input, options) => ssm.send(new DescribeParametersCommand(input), options),
    listTagsForResource: (input, options) => ssm.send(new ListTagsForResourceCommand(input), options),
  };
  return createParameterStoreSource(calls, account);
}

/**
 * Parameter Store of one region.
 *
 * @param account whoever reads is of this account: a parameter that is shared by another has no tags for it
 */
export function createParameterStoreSource(
  calls: ParameterStoreCalls,
  account: string | undefined,
): SecretSource {
  const read = async (refs: readonly SourceRef[], signal: AbortSignal): Promise<SourceResults> => {
    const distinct = [...new Map(refs.map((ref) => [sourceId(ref), ref])).values()];
    const tags = distinct.filter((ref) => ref.metadata !== undefined);
    const chunks = chunksOf(
      distinct.filter((ref) => ref.metadata === undefined),
      BATCH,
    );
    const values = await mapLimited(chunks, CONCURRENCY, (chunk) => readChunk(chunk, calls, signal));
    const tagged = await mapLimited(
      tags,
      CONCURRENCY,
      async (ref): Promise<SourceResults> =>
        new Map([[sourceId(ref), await readParameterTags(ref, account, calls, signal)]]),
    );
    return new Map([...values, ...tagged].flatMap((part) => [...part]));
  };
  return {
    read,
    survey: (request, signal) => surveyParameters(request, calls, signal),
    find: (query, signal) =>
      findByName(
        query,
        'ssm:DescribeParameters',
        async () => (await listParameters(query, calls, signal)).flatMap(({ Name }) => Name ?? []),
        (refs) => read(refs, signal),
      ),
  };
}

/** One parameter that may not be read fails the whole call, so what a batch does not settle is read one by one. */
async function readChunk(
  refs: readonly SourceRef[],
  calls: ParameterStoreCalls,
  signal: AbortSignal,
): Promise<SourceResults> {
  const results = new Map<string, SourceResult>(await readParameters(refs, calls, signal));
  for (const ref of refs.filter((candidate) => !results.has(sourceId(candidate)))) {
    for (const [id, result] of await readParameters([ref], calls, signal)) results.set(id, result);
  }
  return results;
}
