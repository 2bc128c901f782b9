import { RelayError } from '../errors.ts';
import { sourceId } from '../model/declaration.ts';
import type { SourceRef } from '../model/declaration.ts';
import { codeOf, plainName, unavailable } from './source-errors.ts';
import type { SourceCode, SourceFailure } from './source-errors.ts';

/** The typed error for a parameter that could not be read. The SDK's own message is never part of it. */
export function parameterError(ref: SourceRef, failure: SourceFailure): RelayError {
  const code = codeOf(failure);
  return new RelayError(code, `${sourceId(ref)}: ${adviceFor(code, ref, failure)} (${plainName(failure)})`);
}

function adviceFor(code: SourceCode, ref: SourceRef, failure: SourceFailure): string {
  switch (code) {
    case 'SOURCE_NOT_FOUND':
    case 'SOURCE_DELETED':
      return ref.version === 'AWSCURRENT'
        ? 'Parameter Store finds no such parameter; create it, or correct remoteRef.key'
        : `Parameter Store finds no such parameter, or none with version or label ${ref.version}; correct remoteRef`;
    case 'SOURCE_DENIED':
      return ref.metadata === undefined
        ? 'the relay may not read it; allow ssm:GetParameters on its ARN in the role that reads'
        : 'the relay may not read its tags; allow ssm:GetParameters and ssm:ListTagsForResource on its ARN in the role that reads';
    case 'SOURCE_UNDECRYPTABLE':
      return 'KMS refuses to decrypt it; allow kms:Decrypt on its key for the role that reads, and see that the key is enabled';
    case 'SOURCE_INVALID_REQUEST':
      return 'Parameter Store refuses the request; check key and version of remoteRef';
    case 'SOURCE_THROTTLED':
      return 'AWS throttles the relay; it tries again later';
    case 'SOURCE_UNAVAILABLE':
      return unavailable('Parameter Store', failure);
    case 'DEADLINE':
      return 'it was not read before the function’s time ended; it goes back to the queue';
  }
}
