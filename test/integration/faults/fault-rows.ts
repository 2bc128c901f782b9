import { always, first } from '../../../local/faults/plans.ts';
import type { Fault, FaultPlan } from '../../../local/faults/fault.ts';
import type { Trouble } from '../../support/faulty-relay.ts';

/**
 * One kind of fault. Where the relay itself gets over it, no code is logged; where it cannot, the target's failure has a code, its message goes back
 * to the queue, and the Secret is right once the fault ends.
 */
export interface FaultRow {
  readonly fault: string;
  /** By name of the Secret. */
  readonly cluster?: (name: string) => FaultPlan;
  /** By name of the secret at its source. */
  readonly aws?: (name: string) => FaultPlan;
  /** What no request shows. */
  readonly trouble?: Trouble;
  /** The code of the failure; undefined where there is to be none. */
  readonly code: string | undefined;
  /** A further code that may be logged, where the target is tried again before the cluster is asked again. */
  readonly also?: string;
}

const READ = 'get';
const WRITE = 'apply';

const on = (name: string, action: string) => ({ action, path: new RegExp(`/secrets/${name}(?:\\?|$)`, 'u') });
/** A declaration of two sources is read by one batch. */
const of = (name: string) => ({
  action: 'BatchGetSecretValue',
  body: new RegExp(`"${name}"`, 'u'),
});
const refusal = (
  status: number,
  reason: string,
  { passed = 'not', retryAfterSeconds }: { passed?: 'on' | 'not'; retryAfterSeconds?: number } = {},
): Fault => ({
  kind: 'refusal',
  refusal: retryAfterSeconds === undefined ? { status, reason } : { status, reason, retryAfterSeconds },
  passed,
});
const throttled = (retryAfterSeconds?: number): Fault =>
  refusal(429, 'TooManyRequests', retryAfterSeconds === undefined ? {} : { retryAfterSeconds });
const reset = (passed: 'on' | 'not'): Fault => ({ kind: 'reset', passed });
const cut: Fault = { kind: 'cut' };

/** Between the relay and the API server. */
export const CLUSTER_ROWS: readonly FaultRow[] = [
  {
    fault: 'an API server that takes its time',
    cluster: (name) => always(on(name, READ), { kind: 'slow', ms: 400 }),
    code: undefined,
  },
  {
    fault: 'an API server that accepts connections and never answers a read',
    cluster: (name) => always(on(name, READ), { kind: 'silent' }),
    code: 'CLUSTER_TIMEOUT',
    also: 'CLUSTER_SILENT',
  },
  {
    fault: 'an API server that never answers a write',
    cluster: (name) => always(on(name, WRITE), { kind: 'silent' }),
    code: 'WRITE_UNCERTAIN',
  },
  {
    fault: 'connections that break before the answer to a read',
    cluster: (name) => first(2, on(name, READ), reset('not')),
    code: undefined,
  },
  {
    fault: 'connections that break whenever something is read',
    cluster: (name) => always(on(name, READ), reset('not')),
    code: 'CLUSTER_UNREACHABLE',
  },
  {
    fault: 'a connection that breaks before a write was done',
    cluster: (name) => first(1, on(name, WRITE), reset('not')),
    code: undefined,
  },
  {
    fault: 'a connection that breaks after a write was done',
    cluster: (name) => first(1, on(name, WRITE), reset('on')),
    code: undefined,
  },
  {
    fault: 'half an answer to a read',
    cluster: (name) => first(2, on(name, READ), cut),
    code: undefined,
  },
  {
    fault: 'half an answer to a write that was done',
    cluster: (name) => first(1, on(name, WRITE), cut),
    code: undefined,
  },
  {
    fault: '429 without Retry-After',
    cluster: (name) => first(2, { path: on(name, READ).path }, throttled()),
    code: undefined,
  },
  {
    fault: '429 for as long as it is asked, with a Retry-After that is too long to wait for',
    cluster: (name) => always(on(name, READ), throttled(60)),
    code: 'CLUSTER_THROTTLED',
  },
  {
    fault: '500 to reads',
    cluster: (name) => first(2, on(name, READ), refusal(500, 'InternalError')),
    code: undefined,
  },
  {
    fault: '503 to every read',
    cluster: (name) => always(on(name, READ), refusal(503, 'ServiceUnavailable')),
    code: 'CLUSTER_UNAVAILABLE',
  },
  {
    fault: '503 to a write that was not done',
    cluster: (name) => first(1, on(name, WRITE), refusal(503, 'ServiceUnavailable')),
    code: undefined,
  },
  {
    fault: '500 to a write that was done all the same',
    cluster: (name) => first(1, on(name, WRITE), refusal(500, 'InternalError', { passed: 'on' })),
    code: undefined,
  },
  {
    fault: '500 to every write',
    cluster: (name) => always(on(name, WRITE), refusal(500, 'InternalError')),
    code: 'WRITE_UNCERTAIN',
  },
  {
    fault: 'a token that is no longer valid',
    cluster: (name) => first(1, on(name, READ), refusal(401, 'Unauthorized')),
    code: undefined,
  },
  {
    fault: 'every token refused',
    cluster: (name) => always(on(name, READ), refusal(401, 'Unauthorized')),
    code: 'CLUSTER_UNAUTHENTICATED',
  },
  {
    fault: 'an access entry that is gone',
    trouble: 'a revoked access entry',
    code: 'CLUSTER_UNAUTHENTICATED',
  },
  {
    fault: 'a certificate of another authority',
    trouble: 'another certificate',
    code: 'CLUSTER_TLS',
  },
  {
    fault: 'an endpoint whose name does not resolve',
    trouble: 'a name that does not resolve',
    code: 'CLUSTER_UNREACHABLE',
  },
];

/** Between the relay and AWS. */
export const AWS_ROWS: readonly FaultRow[] = [
  {
    fault: 'Secrets Manager that throttles now and then',
    aws: (name) => first(2, of(name), refusal(400, 'ThrottlingException')),
    code: undefined,
  },
  {
    fault: 'Secrets Manager that throttles every read',
    aws: (name) => always(of(name), refusal(400, 'ThrottlingException')),
    code: 'SOURCE_THROTTLED',
  },
  {
    fault: '503 from Secrets Manager now and then',
    aws: (name) => first(2, of(name), refusal(503, 'ServiceUnavailable')),
    code: undefined,
  },
  {
    fault: '500 from Secrets Manager to every read',
    aws: (name) => always(of(name), refusal(500, 'InternalServiceError')),
    code: 'SOURCE_UNAVAILABLE',
  },
  {
    fault: 'connections to Secrets Manager that break',
    aws: (name) => first(2, of(name), reset('on')),
    code: undefined,
  },
  {
    fault: 'half an answer of Secrets Manager',
    aws: (name) => first(1, of(name), cut),
    code: undefined,
  },
  {
    fault: 'Secrets Manager that does not answer once',
    aws: (name) => first(1, of(name), { kind: 'silent' }),
    code: undefined,
  },
  {
    fault: 'Secrets Manager that never answers',
    aws: (name) => always(of(name), { kind: 'silent' }),
    code: 'SOURCE_UNAVAILABLE',
  },
  {
    fault: 'EKS that does not take the credentials of the moment',
    trouble: 'a cold start',
    aws: () => always({ action: 'DescribeCluster' }, refusal(400, 'ExpiredTokenException')),
    code: 'CLUSTER_UNREACHABLE',
  },
  {
    fault: 'EKS that never answers',
    trouble: 'a cold start',
    aws: () => always({ action: 'DescribeCluster' }, { kind: 'silent' }),
    code: 'CLUSTER_TIMEOUT',
    also: 'CLUSTER_SILENT',
  },
  {
    fault: 'credentials that have expired',
    aws: (name) => always(of(name), refusal(400, 'ExpiredTokenException')),
    code: 'SOURCE_UNAVAILABLE',
  },
  {
    fault: 'a batch of which a part fails',
    aws: (name) => always(of(name), { kind: 'degraded' }),
    code: 'SOURCE_UNAVAILABLE',
  },
];
