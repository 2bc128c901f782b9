import { RelayError } from '../errors.ts';
import { codeOf, plainName, toFailure } from './source-errors.ts';

/** Why versions are not known without reading values. */
export function surveyError(permission: string, thrown: unknown): RelayError {
  const failure = toFailure(thrown);
  const code = codeOf(failure);
  const advice =
    code === 'SOURCE_DENIED'
      ? `allow ${permission} in the role that reads: without it a sweep asks for each secret alone`
      : 'this sweep reads what it could not list';
  return new RelayError(code, `versions could not be listed; ${advice} (${plainName(failure)})`);
}
