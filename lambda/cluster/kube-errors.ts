import { RelayError } from '../errors.ts';
import type { ErrorCode } from '../errors.ts';
import type { HttpsResponse, TransportError } from './https-transport.ts';

/** What was asked of the API server, for messages: never holds a value. */
export interface Asked {
  /** `cluster/namespace` or `cluster/namespace/name`. */
  readonly where: string;
  readonly namespace: string;
  readonly verb: 'get' | 'list' | 'create' | 'patch' | 'delete';
}

/** The part of a Kubernetes Status that is safe to read: never `message`, which may quote the object. */
interface Status {
  readonly reason: string;
  /** Field paths of `details.causes`. */
  readonly fields: readonly string[];
  readonly causes: readonly string[];
  /** `details.kind`. */
  readonly kind: string;
}

/** The typed error for an answer that is no success (https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/). */
export function responseError(asked: Asked, response: HttpsResponse): RelayError {
  const status = parseStatus(response.body);
  const [code, advice] = verdict(asked, response.status, status);
  const fields = status.fields.length > 0 ? ` at ${[...new Set(status.fields)].join(', ')}` : '';
  const message = `${asked.where}: ${asked.verb} was answered ${response.status} ${status.reason}${fields}; ${advice}`;
  return new RelayError(code, message, { retryAfterMs: retryAfterMs(response) });
}

/** The typed error for an exchange that did not come to an answer. */
export function transportError({ where, verb }: Asked, error: TransportError): RelayError {
  const isWrite = verb !== 'get' && verb !== 'list';
  switch (error.kind) {
    case 'aborted':
      return new RelayError('DEADLINE', `${where}: no time was left for ${verb}; it goes back to the queue`);
    case 'tls':
      return new RelayError('CLUSTER_TLS', `${where}: the server's certificate is not the cluster's (${error.message}); the CA was read anew, so something stands between`);
    case 'refused':
      return new RelayError('CLUSTER_UNREACHABLE', `${where}: no connection (${error.message}); check the cluster's endpoint access and the security groups`);
    case 'too-large':
      return new RelayError('CLUSTER_UNAVAILABLE', `${where}: the answer to ${verb} is larger than any that the API server should give`);
    case 'timeout':
      if (isWrite) return uncertain(where, verb, error);
      return new RelayError('CLUSTER_TIMEOUT', `${where}: ${verb} had ${error.message} in time; check the cluster's endpoint access and its load`);
    case 'broken':
      if (isWrite) return uncertain(where, verb, error);
      return new RelayError('CLUSTER_UNREACHABLE', `${where}: the connection broke during ${verb} (${error.message}); it is tried again later`);
  }
}

/** `Retry-After` in seconds (https://kubernetes.io/docs/concepts/cluster-administration/flow-control/). */
export function retryAfterMs({ headers }: HttpsResponse): number | undefined {
  const seconds = Number(headers['retry-after'] ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
}

function uncertain(where: string, verb: string, error: TransportError): RelayError {
  return new RelayError('WRITE_UNCERTAIN', `${where}: ${verb} was sent and had no answer (${error.message}); the relay looks again before it writes again`);
}

function verdict(asked: Asked, http: number, status: Status): readonly [ErrorCode, string] {
  switch (http) {
    case 401:
      return ['CLUSTER_UNAUTHENTICATED', 'the cluster does not know the relay’s role; create its access entry (a new one takes some seconds to work)'];
    case 403:
      return forbidden(asked, status);
    case 404:
      if (status.kind === 'namespaces' || asked.verb === 'create') return ['NAMESPACE_NOT_FOUND', `create namespace ${asked.namespace}, or correct the declaration`];
      return ['TARGET_CONTENDED', 'it was deleted since it was observed'];
    case 409:
      return ['TARGET_CONTENDED', 'it was changed since it was observed; the relay begins again'];
    case 413:
      return ['SECRET_TOO_LARGE', 'split the declaration into several'];
    case 422:
      return invalid(status);
    case 429:
      return ['CLUSTER_THROTTLED', 'the API server is busy; it is tried again later'];
    default:
      if (http >= 500) return ['CLUSTER_UNAVAILABLE', 'the API server is in trouble; it is tried again later'];
      return ['CLUSTER_REJECTED', 'the API server does not take the request; correct the declaration'];
  }
}

function forbidden({ namespace, verb }: Asked, { causes }: Status): readonly [ErrorCode, string] {
  if (causes.includes('NamespaceTerminating')) return ['NAMESPACE_NOT_FOUND', `namespace ${namespace} is being deleted; remove the declaration, or create the namespace again`];
  return ['CLUSTER_FORBIDDEN', `the relay may not ${verb} secrets in namespace ${namespace}, or an admission policy refuses; bind the relay's Role there`];
}

function invalid({ fields }: Status): readonly [ErrorCode, string] {
  if (fields.some((field) => field === 'type' || field === 'immutable' || field === 'data')) {
    const immutable = !fields.includes('type');
    return ['TARGET_IMMUTABLE', immutable ? 'the Secret is immutable; delete it, and it is created anew' : 'the type of a Secret cannot change; delete it, and it is created anew'];
  }
  return ['CLUSTER_REJECTED', 'validation refuses it; correct the declaration'];
}

function parseStatus(body: string): Status {
  const status = new Map(entriesOf(parse(body)));
  const details = new Map(entriesOf(status.get('details')));
  const causes = details.get('causes');
  const list = Array.isArray(causes) ? causes.map((cause) => new Map(entriesOf(cause))) : [];
  return {
    reason: text(status.get('reason')),
    fields: list.map((cause) => fieldPath(text(cause.get('field')))).filter((field) => field !== ''),
    causes: list.map((cause) => text(cause.get('reason'))),
    kind: text(details.get('kind')),
  };
}

/** A path with what stands in brackets left out: there it is a key of the object, and only names are wanted. */
function fieldPath(field: string): string {
  return field.replaceAll(/\[[^\]]*\]/gu, '[]').slice(0, 100);
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
