import { Agent, request } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { TransportError, classify } from './transport-error.ts';

/** A request as it goes over the wire. */
export interface HttpsRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** An answer that arrived whole. */
export interface HttpsResponse {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Sends requests to one server over kept connections. */
export interface Transport {
  /** @throws TransportError */
  send(request: HttpsRequest, signal: AbortSignal): Promise<HttpsResponse>;
  /** Ends the connections that no request uses: after a pause the other side may have closed them unnoticed. */
  dropIdle(): void;
  /** Ends every connection as soon as no request uses it. */
  close(): void;
}

export interface TransportOptions {
  /** PEM of the only authority that is trusted. */
  readonly ca: string;
  readonly connections: number;
  /** Aborts when an exchange has taken too long, connection included. */
  readonly timeout: () => AbortSignal;
  readonly maxResponseBytes?: number;
}

/** A list page of 500 Secrets' metadata is about 1 MB. */
const MAX_RESPONSE_BYTES = 16 * 1024 * 1024;

/**
 * HTTPS by Node itself. client-node's transport opens a TLS connection for each request, ignores signals and costs 0.7 MB in the bundle
 * (docs/decisions/0002-kubernetes-client.md).
 */
export function createTransport(options: TransportOptions): Transport {
  const agent = new Agent({ keepAlive: true, maxSockets: options.connections, ca: options.ca });
  const limit = options.maxResponseBytes ?? MAX_RESPONSE_BYTES;
  let running = 0;
  let closed = false;
  const endWhenUnused = (): void => {
    if (closed && running === 0) agent.destroy();
  };
  return {
    send: async (outgoing, signal) => {
      running += 1;
      try {
        return await exchange(outgoing, { agent, limit, caller: signal, timeout: options.timeout() });
      } finally {
        running -= 1;
        endWhenUnused();
      }
    },
    dropIdle: () => {
      for (const sockets of Object.values(agent.freeSockets))
        for (const socket of sockets ?? []) socket.destroy();
    },
    close: () => {
      closed = true;
      endWhenUnused();
    },
  };
}

interface Exchange {
  readonly agent: Agent;
  readonly limit: number;
  readonly caller: AbortSignal;
  readonly timeout: AbortSignal;
}

function exchange(
  outgoing: HttpsRequest,
  { agent, limit, caller, timeout }: Exchange,
): Promise<HttpsResponse> {
  const { promise, resolve, reject } = Promise.withResolvers<HttpsResponse>();
  // Until the handshake is over, nothing of the request has left: Node verifies the certificate before it writes.
  let sent = false;
  const fail = (error: unknown): void => reject(classify(error, { sent, caller, timeout }));
  try {
    const signal = AbortSignal.any([caller, timeout]);
    const options = { method: outgoing.method, headers: headersOf(outgoing), agent, signal };
    const call = request(
      outgoing.url,
      options,
      (response) => void collect(response, limit).then(resolve, fail),
    );
    call.on('socket', (socket) => {
      if (socket.connecting) socket.once('secureConnect', () => (sent = true));
      else sent = true;
    });
    call.on('error', fail);
    call.end(outgoing.body);
  } catch (thrown) {
    fail(thrown);
  }
  return promise;
}

/** Node announces no body for DELETE unless told its length: the API server would not see the preconditions and delete without them. */
function headersOf({ headers, body }: HttpsRequest): Readonly<Record<string, string>> {
  return body === undefined ? headers : { ...headers, 'Content-Length': String(Buffer.byteLength(body)) };
}

async function collect(response: IncomingMessage, limit: number): Promise<HttpsResponse> {
  const chunks: Buffer[] = [];
  const stream: AsyncIterable<Buffer> = response;
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.byteLength;
    // Leaving the loop destroys the stream and its connection.
    if (size > limit) throw new TransportError('too-large', `more than ${limit} bytes`, 'sent');
    chunks.push(chunk);
  }
  const headers = Object.entries(response.headers).map(([name, value]) => [name, String(value)] as const);
  return {
    status: response.statusCode ?? 0,
    headers: Object.fromEntries(headers),
    body: Buffer.concat(chunks).toString('utf8'),
  };
}
