import { RelayError } from '../errors.ts';
import { sourceId } from '../model/declaration.ts';
import type { SourceRef } from '../model/declaration.ts';
import { parseSecretArn } from '../model/secret-ids.ts';

/** A failure as the SDK throws it or as BatchGetSecretValue lists it: its name, and its message only to tell two cases of one name apart. */
export interface SourceFailure {
  readonly name: string;
  readonly message: string;
  /** HTTP status, where there was an answer. */
  readonly status: number | undefined;
}

/** The codes that reading a secret can fail with. */
export type SourceCode =
  | 'SOURCE_NOT_FOUND'
  | 'SOURCE_DELETED'
  | 'SOURCE_DENIED'
  | 'SOURCE_UNDECRYPTABLE'
  | 'SOURCE_INVALID_REQUEST'
  | 'SOURCE_THROTTLED'
  | 'SOURCE_UNAVAILABLE'
  | 'DEADLINE';

const BY_NAME: ReadonlyMap<string, SourceCode> = new Map<string, SourceCode>([
  ['ResourceNotFoundException', 'SOURCE_NOT_FOUND'],
  ['AccessDeniedException', 'SOURCE_DENIED'],
  ['DecryptionFailure', 'SOURCE_UNDECRYPTABLE'],
  ['InvalidRequestException', 'SOURCE_INVALID_REQUEST'],
  ['InvalidParameterException', 'SOURCE_INVALID_REQUEST'],
  ['ValidationException', 'SOURCE_INVALID_REQUEST'],
  ['InvalidNextTokenException', 'SOURCE_UNAVAILABLE'],
  ['InternalServiceError', 'SOURCE_UNAVAILABLE'],
  // Parameter Store's own: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html
  ['ParameterNotFound', 'SOURCE_NOT_FOUND'],
  ['ParameterVersionNotFound', 'SOURCE_NOT_FOUND'],
  ['InvalidResourceId', 'SOURCE_NOT_FOUND'],
  ['InvalidKeyId', 'SOURCE_UNDECRYPTABLE'],
  ['InternalServerError', 'SOURCE_UNAVAILABLE'],
  ['KMSInternalException', 'SOURCE_UNAVAILABLE'],
  ['AbortError', 'DEADLINE'],
  ['TimeoutError', 'SOURCE_UNAVAILABLE'],
  // The role's temporary credentials ran out or are not known everywhere yet: Lambda gives new ones, and no permission is missing.
  ['ExpiredTokenException', 'SOURCE_UNAVAILABLE'],
  ['UnrecognizedClientException', 'SOURCE_UNAVAILABLE'],
  ['RequestExpired', 'SOURCE_UNAVAILABLE'],
  ['InvalidSignatureException', 'SOURCE_UNAVAILABLE'],
]);

/** https://docs.aws.amazon.com/general/latest/gr/api-retries.html, and the names that the SDK's own retry knows. */
const THROTTLING =
  /^(Throttl|EC2Throttl|RequestLimitExceeded|TooManyRequests|LimitExceeded|SlowDown|BandwidthLimitExceeded|RequestThrottled|PriorRequestNotComplete|ProvisionedThroughputExceeded)/u;

/** What AWS says of a secret that is scheduled for deletion, and what moto says. */
const DELETED = /marked (?:for deletion|deleted)/u;

/** Secrets Manager says AccessDeniedException too where the role may read the secret but not use its key: "Access to KMS is not allowed". */
const KEY_DENIED = /\bKMS\b/u;

/** How a missing stage or version is told from a missing secret: "can't find the specified secret value for staging label: …". */
const NO_VALUE = /secret value for/u;

/** The typed error for a secret that could not be read. The SDK's own message is never part of it. */
export function sourceError(ref: SourceRef, failure: SourceFailure): RelayError {
  const code = codeOf(failure);
  return new RelayError(code, `${sourceId(ref)}: ${adviceFor(code, ref, failure)} (${plainName(failure)})`);
}

/**
 * The typed error for what a read threw. The credentials of a store fail with an error of their own, which says what to do already
 * (`identity/`), and gets the name of what was to be read.
 */
export function readError(
  ref: SourceRef,
  thrown: unknown,
  errorOf: (ref: SourceRef, failure: SourceFailure) => RelayError = sourceError,
): RelayError {
  return thrown instanceof RelayError ? about(sourceId(ref), thrown) : errorOf(ref, toFailure(thrown));
}

/** An error that was made where it was not known what it is about. */
export function about(what: string, { code, detail, retryAfterMs }: RelayError): RelayError {
  return new RelayError(code, `${what}: ${detail}`, { retryAfterMs });
}

/** Whatever was thrown, as a SourceFailure. */
export function toFailure(thrown: unknown): SourceFailure {
  if (!(thrown instanceof Error)) return { name: typeof thrown, message: '', status: undefined };
  // A network failure is a plain Error; only its code says what happened.
  const name = thrown.name === 'Error' && 'code' in thrown ? String(thrown.code) : thrown.name;
  return { name, message: thrown.message, status: statusOf(thrown) };
}

/** The code that a failure of Secrets Manager or Parameter Store comes to. */
export function codeOf({ name, message, status }: SourceFailure): SourceCode {
  if (THROTTLING.test(name) || status === 429) return 'SOURCE_THROTTLED';
  const code = BY_NAME.get(name);
  if (code === 'SOURCE_INVALID_REQUEST' && DELETED.test(message)) return 'SOURCE_DELETED';
  if (code === 'SOURCE_DENIED' && KEY_DENIED.test(message)) return 'SOURCE_UNDECRYPTABLE';
  if (code !== undefined) return code;
  if (name.startsWith('KMS')) return 'SOURCE_UNDECRYPTABLE';
  // A refusal that has no name yet has a 4xx status. The rest is the network, a server's failure, or an answer that was cut short, for
  // which the SDK throws a SyntaxError with status 200.
  return status !== undefined && status >= 400 && status < 500
    ? 'SOURCE_INVALID_REQUEST'
    : 'SOURCE_UNAVAILABLE';
}

function adviceFor(code: SourceCode, ref: SourceRef, failure: SourceFailure): string {
  switch (code) {
    case 'SOURCE_NOT_FOUND':
      return ref.version !== 'AWSCURRENT' || NO_VALUE.test(failure.message)
        ? `Secrets Manager finds no value with stage or version ${ref.version}; store one, or correct remoteRef.version`
        : 'Secrets Manager finds no such secret, or it has no value yet; create it, or correct remoteRef.key';
    case 'SOURCE_DELETED':
      return 'the secret is scheduled for deletion; restore it (aws secretsmanager restore-secret), or remove the declaration';
    case 'SOURCE_DENIED':
      return `the relay may not read it; allow secretsmanager:GetSecretValue on ${arnPattern(ref.key)} to whom the store reads as (the relay’s role, or the store’s own) and, across accounts, in the secret’s resource policy`;
    case 'SOURCE_UNDECRYPTABLE':
      return 'KMS refuses to decrypt it; allow kms:Decrypt on its key to whom the store reads as (the relay’s role, or the store’s own), and see that the key is enabled';
    case 'SOURCE_INVALID_REQUEST':
      return 'Secrets Manager refuses the request; check key and version of remoteRef';
    case 'SOURCE_THROTTLED':
      return 'AWS throttles the relay; it tries again later';
    case 'SOURCE_UNAVAILABLE':
      return unavailable('Secrets Manager', failure);
    case 'DEADLINE':
      return 'it was not read before the function’s time ended; it goes back to the queue';
  }
}

/** Names with which AWS refuses credentials and not what is asked with them. */
const CREDENTIALS = /ExpiredToken|UnrecognizedClient|RequestExpired|InvalidSignature/u;

/** What to do where a service gave no answer that counts. */
export function unavailable(service: string, { name }: SourceFailure): string {
  return CREDENTIALS.test(name)
    ? `${service} does not take the credentials; the relay tries again later, check those of the store where it brings its own`
    : `${service} does not answer as it should; the relay tries again later`;
}

/** Policies see the ARN, which ends in six random characters: https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html */
function arnPattern(key: string): string {
  return parseSecretArn(key) === undefined ? `its ARN (…:secret:${key}-??????)` : key;
}

/** A failure's name, fit for a message: it comes from outside, and one that does not look like a name is not repeated. */
export function plainName({ name }: SourceFailure): string {
  return /^\w{1,64}$/u.test(name) ? name : 'an error without a name';
}

function statusOf(error: Error): number | undefined {
  if (!('$metadata' in error)) return undefined;
  const metadata = error.$metadata;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
}
