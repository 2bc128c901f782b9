import { CoreV1ApiRequestFactory } from '@kubernetes/client-node/dist/gen/apis/CoreV1Api.js';
import type { RequestContext } from '@kubernetes/client-node/dist/gen/http/http.js';
import { ServerConfiguration } from '@kubernetes/client-node/dist/gen/servers.js';
import { RelayError } from '../errors.ts';
import type { Cluster } from '../model/config.ts';
import type { Clock } from '../model/ports.ts';
import type { CredentialsFor } from './credentials.ts';
import { describeEndpoint } from './eks-endpoint.ts';
import type { EksFor, Endpoint } from './eks-endpoint.ts';
import { presignToken } from './eks-token.ts';
import { TransportError, createTransport } from './https-transport.ts';
import type { HttpsResponse, Transport } from './https-transport.ts';
import { responseError, retryAfterMs, transportError } from './kube-errors.ts';
import type { Asked } from './kube-errors.ts';

/** One request: built by client-node's generated factory, so that paths and parameters are the API's own. */
export interface KubeRequest {
  readonly asked: Asked;
  readonly build: (factory: CoreV1ApiRequestFactory) => Promise<RequestContext>;
  /** Replace the factory's. */
  readonly headers: Readonly<Record<string, string>>;
  /** A status that is an answer too, and no error. */
  readonly alsoExpects?: number;
}

/** A connection to one cluster that outlives invocations. */
export interface Session {
  /** The answer: a success or what the request also expects; everything else is thrown as a RelayError. */
  send(request: KubeRequest, signal: AbortSignal): Promise<HttpsResponse>;
  close(): void;
}

export interface SessionOptions {
  readonly cluster: Cluster;
  readonly eks: EksFor;
  readonly credentials: CredentialsFor;
  readonly clock: Clock;
  readonly random: () => number;
  readonly userAgent: string;
  readonly timeoutMs: number;
  readonly connections: number;
}

/** A token is valid for 15 minutes; this leaves it time to arrive and clocks room to differ. */
const TOKEN_LIFE_MS = 10 * 60_000;
/** Credentials this close to their end are not signed with again from the cache. */
const CREDENTIALS_MARGIN_MS = 60_000;
/** In all, for 429 and 503. */
const MAX_TRIES = 4;
/** Longer than this is not waited for here: the target goes back to the queue. */
const MAX_WAIT_MS = 5000;

interface Connected {
  readonly endpoint: Endpoint;
  readonly transport: Transport;
  readonly factory: CoreV1ApiRequestFactory;
}

interface Token {
  readonly value: string;
  readonly until: number;
}

/**
 * Opens a session: endpoint and CA are asked of EKS once and again only when TLS or the connection fails; the token is made anew when it
 * ages, and once when it is refused. Nothing is sent before the first request.
 */
export function openSession(options: SessionOptions): Session {
  let connected: Promise<Connected> | undefined;
  let token: Promise<Token> | undefined;

  const connect = (): Promise<Connected> => (connected ??= forget(connectTo(options), () => (connected = undefined)));
  const currentToken = async (): Promise<string> => {
    const held = await token;
    if (held !== undefined && held.until > options.clock.now().getTime()) return held.value;
    token = forget(makeToken(options), () => (token = undefined));
    return (await token).value;
  };
  const disconnect = (): void => {
    connected?.then(({ transport }) => transport.close()).catch(() => undefined);
    connected = undefined;
  };
  const exchange = async (request: KubeRequest, signal: AbortSignal): Promise<HttpsResponse> => {
    const { transport, factory } = await connect();
    const context = await request.build(factory);
    const authorization = `Bearer ${await currentToken()}`;
    const headers = { ...context.getHeaders(), ...request.headers, 'User-Agent': options.userAgent, Authorization: authorization };
    const body = context.getBody();
    return transport.send({ url: context.getUrl(), method: context.getHttpMethod(), headers, body: typeof body === 'string' ? body : undefined }, signal);
  };
  const exchangeFresh = async (request: KubeRequest, signal: AbortSignal): Promise<HttpsResponse> => {
    try {
      return await exchange(request, signal);
    } catch (failure) {
      // Neither reached the server: the endpoint may have moved or its CA may have been rotated.
      if (!(failure instanceof TransportError) || (failure.kind !== 'tls' && failure.kind !== 'refused')) throw failure;
      disconnect();
      return exchange(request, signal);
    }
  };
  const authenticated = async (request: KubeRequest, signal: AbortSignal): Promise<HttpsResponse> => {
    const response = await exchangeFresh(request, signal);
    if (response.status !== 401) return response;
    token = undefined;
    return exchangeFresh(request, signal);
  };

  return {
    send: async (request, signal) => {
      try {
        return await patiently(request, () => authenticated(request, signal), options, signal);
      } catch (failure) {
        throw failure instanceof TransportError ? transportError(request.asked, failure) : failure;
      }
    },
    close: disconnect,
  };
}

/** A failed promise is not kept, so that the next request tries again. */
function forget<T>(promise: Promise<T>, drop: () => void): Promise<T> {
  promise.catch(drop);
  return promise;
}

async function connectTo({ cluster, eks, credentials, timeoutMs, connections }: SessionOptions): Promise<Connected> {
  const endpoint = await describeEndpoint(cluster, await eks(cluster, await credentials(cluster)));
  const baseServer = new ServerConfiguration(endpoint.url, {});
  return {
    endpoint,
    transport: createTransport({ ca: endpoint.ca, connections, timeoutMs }),
    factory: new CoreV1ApiRequestFactory({ baseServer, authMethods: {}, middleware: [], httpApi: { send: unused } }),
  };
}

/** client-node's own transport is not used: the factory only builds requests. */
function unused(): never {
  throw new Error('defect: client-node’s transport was called');
}

async function makeToken({ cluster, credentials, clock }: SessionOptions): Promise<Token> {
  const own = await credentials(cluster);
  const now = clock.now();
  const expires = (own.expiration?.getTime() ?? Number.POSITIVE_INFINITY) - CREDENTIALS_MARGIN_MS;
  const value = await presignToken({ cluster: cluster.name, region: cluster.region, credentials: own, now });
  return { value, until: Math.min(now.getTime() + TOKEN_LIFE_MS, expires) };
}

/**
 * The one place where requests to a cluster are repeated: when the API server says that it did not process them (429), and reads when it is
 * unavailable (503). Waits as long as it asks for, up to a limit.
 */
async function patiently(
  { asked, alsoExpects }: KubeRequest,
  send: () => Promise<HttpsResponse>,
  { clock, random }: SessionOptions,
  signal: AbortSignal,
): Promise<HttpsResponse> {
  for (let tries = 1; ; tries += 1) {
    const response = await send();
    if ((response.status >= 200 && response.status < 300) || response.status === alsoExpects) return response;
    const isRead = asked.verb === 'get' || asked.verb === 'list';
    const again = response.status === 429 || (isRead && response.status === 503);
    const wait = retryAfterMs(response) ?? 200 * 2 ** tries * (0.5 + random());
    if (!again || tries === MAX_TRIES || wait > MAX_WAIT_MS) throw responseError(asked, response);
    await waitFor(wait, asked, clock, signal);
  }
}

async function waitFor(ms: number, { where }: Asked, clock: Clock, signal: AbortSignal): Promise<void> {
  try {
    await clock.sleep(ms, signal);
  } catch {
    throw new RelayError('DEADLINE', `${where}: no time was left to wait for the API server; it goes back to the queue`);
  }
}
