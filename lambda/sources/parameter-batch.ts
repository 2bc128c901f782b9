import type { Parameter } from '@aws-sdk/client-ssm';
import { RelayError } from '../errors.ts';
import { sourceId } from '../model/declaration.ts';
import type { SourceRef } from '../model/declaration.ts';
import type { SourceResult, SourceResults } from '../model/source.ts';
import { Sensitive } from '../sensitive.ts';
import { parameterError } from './parameter-errors.ts';
import type { ParameterStoreCalls } from './parameter-store.ts';
import { readError } from './source-errors.ts';

const NOT_FOUND = { name: 'ParameterNotFound', message: '', status: undefined } as const;
const UNANSWERED = { name: 'NoAnswer', message: '', status: undefined } as const;

/**
 * Reads up to 10 parameters in one call. Asked for several, it leaves out what the call does not settle and the caller then asks for
 * each alone; asked for one, it always settles it.
 */
export async function readParameters(
  refs: readonly SourceRef[],
  calls: Pick<ParameterStoreCalls, 'getParameters'>,
  signal: AbortSignal,
): Promise<SourceResults> {
  const results = new Map<string, SourceResult>();
  try {
    const input = { Names: [...new Set(refs.map(parameterId))], WithDecryption: true };
    const { Parameters = [], InvalidParameters = [] } = await calls.getParameters(input, {
      abortSignal: signal,
    });
    for (const ref of refs) {
      const id = parameterId(ref);
      const [only] = refs.length === 1 ? Parameters : [];
      const answer = Parameters.find((parameter) => isAbout(parameter, id)) ?? only;
      if (answer !== undefined) results.set(sourceId(ref), toValue(ref, answer));
      else if (InvalidParameters.includes(id)) results.set(sourceId(ref), failed(ref, NOT_FOUND));
      else if (refs.length === 1) results.set(sourceId(ref), failed(ref, UNANSWERED));
    }
  } catch (thrown) {
    for (const ref of refs) {
      const error = readError(ref, thrown, parameterError);
      // As many single reads would only add to what may pass later, and without credentials none would pass.
      if (error.retryable || refs.length === 1 || thrown instanceof RelayError)
        results.set(sourceId(ref), { kind: 'failure', error });
    }
  }
  return results;
}

/**
 * How a reference is written in a request: a name or ARN and, after a colon, a version's number or label
 * (https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-versions.html). A declaration without a version
 * has AWSCURRENT, which is the newest version.
 */
export function parameterId({ key, version }: SourceRef): string {
  return version === 'AWSCURRENT' ? key : `${key}:${version}`;
}

/** What was asked for after the colon is part of the answer; that its colon is too, the API reference does not say. */
function isAbout({ Name = '', ARN = '', Selector = '' }: Parameter, id: string): boolean {
  const selector = Selector === '' || Selector.startsWith(':') ? Selector : `:${Selector}`;
  return id === `${Name}${selector}` || id === `${ARN}${selector}`;
}

function toValue(ref: SourceRef, { Value, Version, LastModifiedDate }: Parameter): SourceResult {
  if (Value === undefined || Version === undefined) return failed(ref, UNANSWERED);
  const version = { id: String(Version), created: LastModifiedDate };
  return { kind: 'value', value: { ref, version, payload: { kind: 'text', text: new Sensitive(Value) } } };
}

function failed(ref: SourceRef, failure: Parameters<typeof parameterError>[1]): SourceResult {
  return { kind: 'failure', error: parameterError(ref, failure) };
}
