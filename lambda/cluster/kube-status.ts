/**
 * The part of a Kubernetes Status that is safe to show (https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/).
 * Never a `message`: it may quote the object, values included.
 */
export interface KubeStatus {
  /** Empty where the answer is no Status. */
  readonly reason: string;
  /** `details.kind`: `secrets`, `Secret` or `namespaces`. */
  readonly kind: string;
  readonly causes: readonly KubeCause[];
  /** Whether etcd refused the object for its size: it has no reason of its own for that, so the message is searched. */
  readonly tooLargeForEtcd: boolean;
}

/** Why an object was refused. */
export interface KubeCause {
  /** `FieldValueInvalid`, `FieldValueTooLong`, `NamespaceTerminating`, ... */
  readonly reason: string;
  /** Path of the field, or empty. */
  readonly field: string;
}

/** Reads the body of an answer that is no success; one that is no Status gives empty fields. */
export function parseStatus(body: string): KubeStatus {
  const status = membersOf(parseJson(body));
  const details = membersOf(status.get('details'));
  const causes = details.get('causes');
  return {
    reason: wordOf(status.get('reason')),
    kind: wordOf(details.get('kind')),
    causes: Array.isArray(causes) ? causes.map((cause) => causeOf(membersOf(cause))) : [],
    tooLargeForEtcd: /etcdserver: request is too large|trying to send message larger than max/u.test(body),
  };
}

function causeOf(cause: ReadonlyMap<string, unknown>): KubeCause {
  return { reason: wordOf(cause.get('reason')), field: pathOf(cause.get('field')) };
}

/** One word, as the API's own reasons and kinds are; a webhook could write anything there. */
function wordOf(value: unknown): string {
  return typeof value === 'string' && /^[A-Za-z]{1,60}$/u.test(value) ? value : '';
}

/** A path within a Secret such as `data[tls.crt]`. What is in brackets stays only where it could be the name of a key. */
function pathOf(value: unknown): string {
  if (typeof value !== 'string') return '';
  const named = value.replaceAll(/\[(?![-._a-zA-Z0-9]{1,60}\])[^\]]*\]/gu, '[…]');
  return /^(metadata|data|stringData|type|immutable)([.[][-._a-zA-Z0-9…[\]]{1,200})?$/u.test(named)
    ? named
    : '';
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function membersOf(value: unknown): ReadonlyMap<string, unknown> {
  return new Map(typeof value === 'object' && value !== null ? Object.entries(value) : []);
}
