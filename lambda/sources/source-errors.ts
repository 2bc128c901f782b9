import { RelayError } from '../errors.ts';
import type { ErrorCode } from '../errors.ts';
import { sourceId } from '../model/declaration.ts';
import type { SourceRef } from '../model/declaration.ts';

/** A failure as the SDK throws it or as BatchGetSecretValue lists it: its name, and its message only to tell two cases of one name apart. */
export interface SourceFailure {
  readonly name: string;
  readonly message: string;
  /** HTTP status, where there was an answer. */
  readonly status: number | undefined;
}

const BY_NAME: ReadonlyMap<string, ErrorCode> = new Map<string, ErrorCode>([
  ['ResourceNotFoundException', 'SOURCE_NOT_FOUND'],
  ['AccessDeniedException', 'SOURCE_DENIED'],
  ['UnrecognizedClientException', 'SOURCE_DENIED'],
  ['ExpiredTokenException', 'SOURCE_DENIED'],
  ['DecryptionFailure', 'SOURCE_UNDECRYPTABLE'],
  ['InvalidRequestException', 'SOURCE_INVALID_REQUEST'],
  ['InvalidParameterException', 'SOURCE_INVALID_REQUEST'],
  ['ValidationException', 'SOURCE_INVALID_REQUEST'],
  ['InvalidNextTokenException', 'SOURCE_UNAVAILABLE'],
  ['InternalServiceError', 'SOURCE_UNAVAILABLE'],
  ['AbortError', 'DEADLINE'],
  ['TimeoutError', 'SOURCE_UNAVAILABLE'],
]);

/** https://docs.aws.amazon.com/general/latest/gr/api-retries.html, and the names that the SDK's own retry knows. */
const THROTTLING = /^(Throttl|RequestLimitExceeded|TooManyRequests|LimitExceeded|SlowDown|BandwidthLimitExceeded|RequestThrottled|PriorRequestNotComplete)/u;

/** What AWS says of a secret that is scheduled for deletion, and what moto says. */
const DELETED = /marked (?:for deletion|deleted)/u;

const ADVICE: Readonly<Partial<Record<ErrorCode, string>>> = {
  SOURCE_NOT_FOUND: 'Secrets Manager has no such secret, version or stage; create it, or correct remoteRef',
  SOURCE_DELETED: 'the secret is scheduled for deletion; restore it (aws secretsmanager restore-secret), or remove the declaration',
  SOURCE_DENIED: 'the relay may not read it; allow secretsmanager:GetSecretValue on its ARN for the relay’s role, in the role and in the secret’s resource policy',
  SOURCE_UNDECRYPTABLE: 'KMS refuses to decrypt it; allow kms:Decrypt on its key for the relay’s role, and see that the key is enabled',
  SOURCE_INVALID_REQUEST: 'Secrets Manager refuses the request; check key and version of remoteRef',
  SOURCE_THROTTLED: 'AWS throttles the relay; it tries again later',
  SOURCE_UNAVAILABLE: 'Secrets Manager does not answer as it should; the relay tries again later',
  DEADLINE: 'it was not read before the function’s time ended; it goes back to the queue',
};

/** The typed error for a secret that could not be read. The SDK's own message is never part of it. */
export function sourceError(ref: SourceRef, failure: SourceFailure): RelayError {
  const code = codeOf(failure);
  return new RelayError(code, `${sourceId(ref)}: ${ADVICE[code] ?? 'it could not be read'} (${failure.name})`);
}

/** Whatever was thrown, as a SourceFailure. */
export function toFailure(thrown: unknown): SourceFailure {
  if (!(thrown instanceof Error)) return { name: typeof thrown, message: '', status: undefined };
  return { name: thrown.name, message: thrown.message, status: statusOf(thrown) };
}

function codeOf({ name, message, status }: SourceFailure): ErrorCode {
  if (THROTTLING.test(name)) return 'SOURCE_THROTTLED';
  if (name.startsWith('KMS')) return 'SOURCE_UNDECRYPTABLE';
  const code = BY_NAME.get(name);
  if (code === 'SOURCE_INVALID_REQUEST' && DELETED.test(message)) return 'SOURCE_DELETED';
  if (code !== undefined) return code;
  // What is left is a network failure (no status), a server's failure, or a refusal that has no name yet.
  return status === undefined || status >= 500 ? 'SOURCE_UNAVAILABLE' : 'SOURCE_INVALID_REQUEST';
}

function statusOf(error: Error): number | undefined {
  if (!('$metadata' in error)) return undefined;
  const metadata = error.$metadata;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
}
