/** What can go wrong, as a closed list. docs/errors.md says for each what it means and what to do. */
export type ErrorCode =
  // What we were given
  | 'EVENT_MALFORMED'
  | 'CONFIG_INVALID'
  | 'DECLARATION_INVALID'
  | 'DECLARATION_UNSUPPORTED'
  | 'DECLARATION_CONFLICT'
  | 'DECLARATION_CHANGED'
  // The source
  | 'SOURCE_NOT_FOUND'
  | 'SOURCE_DELETED'
  | 'SOURCE_DENIED'
  | 'SOURCE_CREDENTIALS'
  | 'SOURCE_UNDECRYPTABLE'
  | 'SOURCE_INVALID_REQUEST'
  | 'SOURCE_THROTTLED'
  | 'SOURCE_UNAVAILABLE'
  | 'SOURCE_UNSETTLED'
  // What the values became
  | 'VALUE_NOT_JSON'
  | 'VALUE_NOT_OBJECT'
  | 'PROPERTY_NOT_FOUND'
  | 'PROPERTY_TOO_COSTLY'
  | 'KEY_INVALID'
  | 'KEY_CONFLICT'
  | 'SECRET_TOO_LARGE'
  | 'DECODING_FAILED'
  | 'NULL_BYTES'
  | 'REWRITE_FAILED'
  | 'TEMPLATE_FAILED'
  | 'TEMPLATE_OBJECT_MISSING'
  | 'METADATA_INVALID'
  // The cluster
  | 'CLUSTER_NOT_FOUND'
  | 'CLUSTER_NOT_READY'
  | 'CLUSTER_DESCRIBE_DENIED'
  | 'CLUSTER_ROLE_DENIED'
  | 'CLUSTER_UNREACHABLE'
  | 'CLUSTER_TIMEOUT'
  | 'CLUSTER_SILENT'
  | 'CLUSTER_TLS'
  | 'CLUSTER_UNAUTHENTICATED'
  | 'CLUSTER_FORBIDDEN'
  | 'CLUSTER_THROTTLED'
  | 'CLUSTER_UNAVAILABLE'
  | 'CLUSTER_REJECTED'
  | 'NAMESPACE_NOT_FOUND'
  | 'TARGET_IMMUTABLE'
  | 'TARGET_NOT_OURS'
  | 'TARGET_OWNED'
  | 'TARGET_OWNED_BY_ESO'
  | 'ESO_STILL_RUNS'
  | 'TARGET_CONTENDED'
  | 'WRITE_UNCERTAIN'
  // The deployment of a cluster's access
  | 'INSTALLER_DENIED'
  | 'CLUSTER_AUTHENTICATION_MODE'
  | 'ACCESS_ENTRY_LEFT'
  // The relay itself
  | 'GC_REFUSED'
  | 'DEADLINE'
  | 'QUEUE_FAILED'
  | 'RECEIPT_UNSENT'
  | 'RECEIPT_REFUSED'
  | 'UNEXPECTED';

/**
 * Those that the same attempt, made later, can cure. 401 and 403 from a cluster are among them: access entries are eventually consistent
 * (https://docs.aws.amazon.com/eks/latest/userguide/creating-access-entries.html), so the first pushes after a deployment may see them.
 */
const RETRYABLE: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'DECLARATION_CHANGED',
  'SOURCE_THROTTLED',
  'SOURCE_UNAVAILABLE',
  'SOURCE_UNSETTLED',
  'CLUSTER_NOT_READY',
  'CLUSTER_UNREACHABLE',
  'CLUSTER_TIMEOUT',
  'CLUSTER_SILENT',
  'CLUSTER_TLS',
  'CLUSTER_UNAUTHENTICATED',
  'CLUSTER_FORBIDDEN',
  'CLUSTER_THROTTLED',
  'CLUSTER_UNAVAILABLE',
  'TARGET_CONTENDED',
  'WRITE_UNCERTAIN',
  'DEADLINE',
  'QUEUE_FAILED',
  'RECEIPT_UNSENT',
  'UNEXPECTED',
]);

/** Failures of a cluster as a whole: every target in it would meet the same. */
const CLUSTER_WIDE: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'CLUSTER_NOT_FOUND',
  'CLUSTER_NOT_READY',
  'CLUSTER_DESCRIBE_DENIED',
  'CLUSTER_ROLE_DENIED',
  'CLUSTER_UNREACHABLE',
  'CLUSTER_TIMEOUT',
  'CLUSTER_SILENT',
  'CLUSTER_TLS',
  'CLUSTER_UNAUTHENTICATED',
]);

/** The codes of a source that is not there, as opposed to one that cannot be read. */
export const SOURCE_GONE: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['SOURCE_NOT_FOUND', 'SOURCE_DELETED']);

/**
 * The one error of the relay. The message says what failed, where (cluster/namespace/name/key) and what to do, and never holds a value.
 * Give `cause` only where its message and properties cannot hold one: never for errors of parsers, of the AWS SDK or of the Kubernetes client.
 */
export class RelayError extends Error {
  override readonly name = 'RelayError';
  readonly code: ErrorCode;
  /** The message without the code. */
  readonly detail: string;
  readonly retryable: boolean;
  readonly clusterWide: boolean;
  /** How long the remote side asked to wait, where it did (`Retry-After`). */
  readonly retryAfterMs: number | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options?: ErrorOptions & { readonly retryAfterMs?: number | undefined },
  ) {
    super(`${code}: ${message}`, options);
    this.code = code;
    this.detail = message;
    this.retryable = RETRYABLE.has(code);
    this.clusterWide = CLUSTER_WIDE.has(code);
    this.retryAfterMs = options?.retryAfterMs;
  }
}

/**
 * The failure as a RelayError. An unforeseen one becomes UNEXPECTED and keeps its class name and its stack's frames, but not its message,
 * which could hold a value.
 */
export function toRelayError(failure: unknown, where: string): RelayError {
  if (failure instanceof RelayError) return failure;
  const kind = failure instanceof Error ? failure.name : typeof failure;
  const error = new RelayError(
    'UNEXPECTED',
    `${where} failed with an unforeseen ${kind}; this is a defect of Keyrelay, please report it`,
  );
  const frames =
    failure instanceof Error ? (failure.stack ?? '').split('\n').filter((line) => /^\s+at /u.test(line)) : [];
  if (frames.length > 0) error.stack = [String(error), ...frames].join('\n');
  return error;
}
