import { RelayError } from '../errors.ts';
import { sourceId } from '../model/declaration.ts';
import type { SourceRef } from '../model/declaration.ts';
import { parseParameterArn } from '../model/parameter-ids.ts';
import type { SourceResult } from '../model/source.ts';
import { parameterId } from './parameter-batch.ts';
import { parameterError } from './parameter-errors.ts';
import type { ParameterStoreCalls } from './parameter-store.ts';
import { readError } from './source-errors.ts';
import { tagsValue } from './tags.ts';

/**
 * A parameter's tags in place of its value. The parameter is read as well, without decryption, for its date and its name: tags are
 * listed by name only (https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_ListTagsForResource.html), which of another
 * account's parameter would be the name of one's own.
 */
export async function readParameterTags(
  ref: SourceRef,
  account: string | undefined,
  calls: Pick<ParameterStoreCalls, 'getParameters' | 'listTagsForResource'>,
  signal: AbortSignal,
): Promise<SourceResult> {
  const options = { abortSignal: signal };
  const owner = parseParameterArn(ref.key)?.account ?? account;
  if (owner !== account) return { kind: 'failure', error: sharedTags(ref) };
  try {
    const input = { Names: [parameterId(ref)], WithDecryption: false };
    const [parameter] = (await calls.getParameters(input, options)).Parameters ?? [];
    if (parameter?.Name === undefined) {
      const failure = { name: 'ParameterNotFound', message: '', status: undefined };
      return { kind: 'failure', error: parameterError(ref, failure) };
    }
    const resource = { ResourceType: 'Parameter', ResourceId: parameter.Name } as const;
    const { TagList = [] } = await calls.listTagsForResource(resource, options);
    return { kind: 'value', value: tagsValue(ref, TagList, parameter.LastModifiedDate) };
  } catch (thrown) {
    return { kind: 'failure', error: readError(ref, thrown, parameterError) };
  }
}

function sharedTags(ref: SourceRef): RelayError {
  return new RelayError(
    'SOURCE_INVALID_REQUEST',
    `${sourceId(ref)}: the tags of a parameter that another account shares cannot be read; give the store a role of that account`,
  );
}
