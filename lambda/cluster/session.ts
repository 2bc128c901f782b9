import { RelayError } from '../errors.ts';
import type { Cluster } from '../model/config.ts';
import type { Clock } from '../model/ports.ts';
import { createBreaker } from './breaker.ts';
import type { SignOf } from './breaker.ts';
import { createConnections } from './connections.ts';
import type { Connection } from './connections.ts';
import type { CredentialsFor } from './credentials.ts';
import { describeEndpoint } from './eks-endpoint.ts';
import type { EksFor } from './eks-endpoint.ts';
import { createTransport } from './https-transport.ts';
import type { HttpsResponse } from './https-transport.ts';
import { transportError } from './kube-errors.ts';
import type { Asked } from './kube-errors.ts';
import { createPace } from './pace.ts';
import { isRead, retryDelayMs } from './retry-policy.ts';
import type { Outcome, Verb } from './retry-policy.ts';
import { createTokens } from './tokens.ts';
import { TransportError } from './transport-error.ts';

/** A request to the API server of a cluster. */
export interface KubeRequest {
  readonly asked: Asked;
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** With the query, from `/api` on. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON; may hold values. */
  readonly body?: string;
}

/** A way into one cluster that outlives invocations. */
export interface Session {
  /**
   * The API server's answer, whatever its status: authenticated, and repeated where that helps.
   *
   * @throws RelayError where there is no answer
   */
  send(request: KubeRequest, signal: AbortSignal): Promise<HttpsResponse>;
  close(): void;
}

export interface SessionOptions {
  readonly cluster: Cluster;
  readonly eks: EksFor;
  readonly credentials: CredentialsFor;
  readonly clock: Clock;
  /** From 0 to 1, for jitter. */
  readonly random: () => number;
  readonly userAgent: string;
  /** For one exchange, connection included. */
  readonly timeoutMs: number;
  /** Told of each request that is sent, repeats included. */
  readonly onRequest?: () => void;
  /** How many connections, and requests, are open at once; fewer where the API server is crowded. */
  readonly connections: number;
}

/**
 * Opens a session: endpoint and CA are asked of EKS once, and again when they prove wrong; the token is made anew when it ages, and once
 * when it is refused. Nothing is sent before the first request.
 */
export function openSession(options: SessionOptions): Session {
  const { cluster, credentials, clock, random } = options;
  const timeout = (): AbortSignal => AbortSignal.timeout(options.timeoutMs);
  const breaker = createBreaker(cluster.name, clock);
  const connections = createConnections({
    describe: () =>
      breaker.run(
        async () =>
          describeEndpoint(cluster, await options.eks(cluster, await credentials(cluster)), timeout()),
        DESCRIPTION,
      ),
    open: ({ ca }) => createTransport({ ca, connections: options.connections, timeout }),
    clock,
  });
  const tokens = createTokens(cluster, credentials, clock);
  const pace = createPace(options.connections, clock);

  const exchange = async (request: KubeRequest, signal: AbortSignal): Promise<Exchanged> => {
    const connection = await connections.current();
    const token = await tokens.current();
    const headers = { ...request.headers, 'User-Agent': options.userAgent, Authorization: `Bearer ${token}` };
    const outgoing = {
      url: connection.url + request.path,
      method: request.method,
      headers,
      body: request.body,
    };
    const send = (): Promise<Outcome> => {
      options.onRequest?.();
      return outcomeOf(() => connection.transport.send(outgoing, signal));
    };
    const guarded = (): Promise<Outcome> => breaker.run(send, exchangeOf(request.asked.verb));
    return { connection, token, outcome: await pace.run(guarded, request.asked.verb !== 'list', signal) };
  };
  const attempt = async (request: KubeRequest, signal: AbortSignal): Promise<Outcome> => {
    let last = await exchange(request, signal);
    if (isWrongConnection(last.outcome) && connections.failed(last.connection) === 'renewed') {
      last = await exchange(request, signal);
    }
    if (last.outcome.kind === 'failure' || last.outcome.response.status !== 401) return last.outcome;
    tokens.refused(last.token);
    return (await exchange(request, signal)).outcome;
  };

  return {
    send: async (request, signal) => {
      for (let tries = 1; ; tries += 1) {
        const outcome = await attempt(request, signal);
        const wait = retryDelayMs({ verb: request.asked.verb, outcome, tries, random: random() });
        if (wait !== undefined) await clock.sleep(wait, signal);
        else if (outcome.kind === 'answer') return outcome.response;
        else throw transportError(request.asked, outcome.error);
      }
    },
    close: () => connections.close(),
  };
}

interface Exchanged {
  readonly connection: Connection;
  readonly token: string;
  readonly outcome: Outcome;
}

async function outcomeOf(send: () => Promise<HttpsResponse>): Promise<Outcome> {
  try {
    return { kind: 'answer', response: await send() };
  } catch (failure) {
    if (failure instanceof TransportError) return { kind: 'failure', error: failure };
    throw failure;
  }
}

/** What an exchange tells of the server. A write that is not answered may wait for an admission webhook: that says nothing of reads. */
function exchangeOf(verb: Verb): SignOf<Outcome> {
  return {
    result: (outcome) => {
      if (outcome.kind === 'answer') return 'answered';
      const { kind, request } = outcome.error;
      return kind === 'timeout' && (request === 'not-sent' || isRead(verb)) ? 'silent' : 'unknown';
    },
    failure: () => 'unknown',
  };
}

/** A cluster that cannot be looked up in time costs as much as one that does not answer. */
const DESCRIPTION: SignOf<unknown> = {
  result: () => 'unknown',
  failure: (thrown) =>
    thrown instanceof RelayError && thrown.code === 'CLUSTER_TIMEOUT' ? 'silent' : 'unknown',
};

/** Whether nothing reached the server that EKS named, so that EKS may know better by now. */
function isWrongConnection(outcome: Outcome): boolean {
  return outcome.kind === 'failure' && (outcome.error.kind === 'tls' || outcome.error.kind === 'refused');
}
