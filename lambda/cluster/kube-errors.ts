import { RelayError } from '../errors.ts';
import type { ErrorCode } from '../errors.ts';
import type { HttpsResponse } from './https-transport.ts';
import { parseStatus } from './kube-status.ts';
import type { KubeStatus } from './kube-status.ts';
import { isRead, retryAfterMs } from './retry-policy.ts';
import type { Verb } from './retry-policy.ts';
import type { TransportError } from './transport-error.ts';
import { isTooLarge, refusal } from './validation-errors.ts';

/** What was asked of the API server, for messages: never holds a value. */
export interface Asked {
  /** `cluster/namespace` or `cluster/namespace/name`. */
  readonly where: string;
  readonly namespace: string;
  readonly verb: Verb;
  /** As RBAC calls it, with a subresource; `secrets` where undefined. */
  readonly resource?: string;
}

/** What went wrong, and what to do. */
export type Verdict = readonly [code: ErrorCode, advice: string];

export function isSuccess({ status }: HttpsResponse): boolean {
  return status >= 200 && status < 300;
}

/** Whether an answer says that there is no such object: the API server's own words, not any 404 that something on the way may give. */
export function saysNoSuch(resource: string, { status, body }: HttpsResponse): boolean {
  return status === 404 && parseStatus(body).kind === resource;
}

/** The typed error for an answer that is no success; holds nothing of it but reasons and field paths. */
export function responseError(asked: Asked, response: HttpsResponse): RelayError {
  const status = parseStatus(response.body);
  const [code, advice] = verdict(asked, response.status, status);
  const fields = new Set(status.causes.map(({ field }) => field).filter((field) => field !== ''));
  const answer = [`${response.status}`, status.reason, fields.size > 0 ? `at ${[...fields].join(', ')}` : ''];
  const message = `${asked.where}: ${asked.verb} was answered ${answer.filter((part) => part !== '').join(' ')}; ${advice}`;
  return new RelayError(code, message, { retryAfterMs: retryAfterMs(response) });
}

/** The typed error for an exchange that did not come to an answer. */
export function transportError({ where, verb }: Asked, error: TransportError): RelayError {
  const uncertain = error.request === 'sent' && !isRead(verb);
  switch (error.kind) {
    case 'aborted':
      return new RelayError('DEADLINE', `${where}: no time was left for ${verb}; it goes back to the queue`);
    case 'tls':
      return new RelayError(
        'CLUSTER_TLS',
        `${where}: the server’s certificate is not the cluster’s (${error.message}); see what stands between the function and the cluster’s endpoint`,
      );
    case 'refused':
      return unreachable(where, `no connection (${error.message})`);
    case 'too-large':
      if (uncertain) return uncertainWrite(where, verb, error.message);
      return new RelayError('CLUSTER_UNAVAILABLE', `${where}: the answer to ${verb} has ${error.message}`);
    case 'timeout':
      if (uncertain) return uncertainWrite(where, verb, error.message);
      return new RelayError(
        'CLUSTER_TIMEOUT',
        `${where}: ${error.message} in time for ${verb}; check the cluster’s endpoint access, its security group and its load`,
      );
    case 'broken':
      if (uncertain) return uncertainWrite(where, verb, error.message);
      return unreachable(where, `the connection broke during ${verb} (${error.message})`);
  }
}

function unreachable(where: string, what: string): RelayError {
  return new RelayError(
    'CLUSTER_UNREACHABLE',
    `${where}: ${what}; check that the cluster runs, its endpoint access and its security group`,
  );
}

function uncertainWrite(where: string, verb: Verb, what: string): RelayError {
  return new RelayError(
    'WRITE_UNCERTAIN',
    `${where}: ${verb} was sent and its result is not known (${what}); the relay looks again before it writes again`,
  );
}

function verdict(asked: Asked, http: number, status: KubeStatus): Verdict {
  if (http === 413 || isTooLarge(status)) return ['SECRET_TOO_LARGE', 'split the declaration into several'];
  switch (http) {
    case 401:
      return [
        'CLUSTER_UNAUTHENTICATED',
        'the cluster does not know the relay’s role; create its access entry (a new one takes some seconds to work)',
      ];
    case 403:
      return forbidden(asked, status);
    case 404:
      return missing(asked, status);
    case 409:
      return conflict(status);
    case 422:
      return refusal(status);
    case 429:
      return ['CLUSTER_THROTTLED', 'the API server is busy; it is tried again later'];
    default:
      return http >= 500 ? serverFailure(asked) : rejected(http);
  }
}

function forbidden({ namespace, verb, resource = 'secrets' }: Asked, { causes }: KubeStatus): Verdict {
  if (causes.some(({ reason }) => reason === 'NamespaceTerminating')) {
    return [
      'NAMESPACE_NOT_FOUND',
      `namespace ${namespace} is being deleted; remove the declaration, or create the namespace again`,
    ];
  }
  return [
    'CLUSTER_FORBIDDEN',
    `the relay may not ${verb} ${resource} ${namespace === '' ? 'of the cluster' : `in namespace ${namespace}`}: bind its Role there or scope its access entry to it, or see which quota or admission webhook refuses`,
  ];
}

function missing({ namespace, verb, resource = 'secrets' }: Asked, { kind }: KubeStatus): Verdict {
  if (kind === 'namespaces') {
    return ['NAMESPACE_NOT_FOUND', `create namespace ${namespace}, or correct the declaration`];
  }
  if (kind === resource.split('/')[0] && verb !== 'list')
    return ['TARGET_CONTENDED', 'it was deleted since it was observed'];
  return ['CLUSTER_UNAVAILABLE', 'that is no answer of an API server; see what stands between'];
}

/** Other reasons for 409 come from admission webhooks, and the same request would meet them again. */
function conflict({ reason }: KubeStatus): Verdict {
  if (reason === 'Conflict' || reason === 'AlreadyExists') {
    return ['TARGET_CONTENDED', 'it is no longer as it was observed; the relay begins again'];
  }
  return ['CLUSTER_REJECTED', 'an admission webhook seems to refuse it; see its log'];
}

/** A server that fails may have written before it did. */
function serverFailure({ verb }: Asked): Verdict {
  if (isRead(verb)) return ['CLUSTER_UNAVAILABLE', 'the API server is in trouble; it is tried again later'];
  return [
    'WRITE_UNCERTAIN',
    'the API server, or a webhook of the cluster, is in trouble; the relay looks again before it writes again',
  ];
}

function rejected(http: number): Verdict {
  if (http < 400)
    return ['CLUSTER_UNAVAILABLE', 'that is no answer of an API server; see what stands between'];
  return [
    'CLUSTER_REJECTED',
    'the API server or an admission webhook does not take it; correct the declaration',
  ];
}
