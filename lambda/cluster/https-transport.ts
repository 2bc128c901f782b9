import { Agent, request } from 'node:https';
import type { IncomingMessage } from 'node:http';

export interface HttpsRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

export interface HttpsResponse {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** How an exchange failed; says whether the request may have been processed. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
  readonly kind: 'refused' | 'broken' | 'tls' | 'timeout' | 'aborted' | 'too-large';

  constructor(kind: TransportError['kind'], code: string) {
    super(code);
    this.kind = kind;
  }
}

/** Sends requests to one server. */
export interface Transport {
  send(request: HttpsRequest, signal: AbortSignal): Promise<HttpsResponse>;
  close(): void;
}

export interface TransportOptions {
  /** PEM of the only authority that is trusted. */
  readonly ca: string;
  readonly connections: number;
  /** For a whole exchange. */
  readonly timeoutMs: number;
}

/** A list page of 500 metadata is about 1 MB, a Secret 1.4 MB at the most. */
const MAX_RESPONSE_BYTES = 16 * 1024 * 1024;

/**
 * HTTPS by Node itself with kept connections. client-node's own transport opens a TLS connection for each request, ignores signals and costs
 * 0.7 MB of undici in the bundle (docs/decisions/0002-kubernetes-client.md).
 */
export function createTransport({ ca, connections, timeoutMs }: TransportOptions): Transport {
  const agent = new Agent({ keepAlive: true, maxSockets: connections, ca, timeout: timeoutMs });
  return {
    send: (outgoing, signal) => exchange(outgoing, agent, AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]), signal),
    close: () => agent.destroy(),
  };
}

function exchange(outgoing: HttpsRequest, agent: Agent, signal: AbortSignal, caller: AbortSignal): Promise<HttpsResponse> {
  return new Promise((resolve, reject) => {
    let connected = false;
    const fail = (error: unknown): void => reject(classify(error, connected, signal.aborted, caller.aborted));
    const length = outgoing.body === undefined ? {} : { 'content-length': String(Buffer.byteLength(outgoing.body)) };
    const sent = request(outgoing.url, { method: outgoing.method, headers: { ...outgoing.headers, ...length }, agent, signal }, (response) => {
      collect(response).then(resolve, fail);
    });
    sent.on('socket', (socket) => {
      if (!socket.connecting) connected = true;
      else socket.once('secureConnect', () => (connected = true));
    });
    sent.on('error', fail);
    sent.end(outgoing.body);
  });
}

async function collect(response: IncomingMessage): Promise<HttpsResponse> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    const bytes = Buffer.from(chunk);
    size += bytes.byteLength;
    if (size > MAX_RESPONSE_BYTES) throw new TransportError('too-large', 'EMSGSIZE');
    chunks.push(bytes);
  }
  // Node ends the stream of a response that was cut off without an error of its own in some cases.
  if (!response.complete) throw new TransportError('broken', 'ECONNRESET');
  const headers = Object.entries(response.headers).map(([name, value]) => [name, String(value)]);
  return { status: response.statusCode ?? 0, headers: Object.fromEntries(headers), body: Buffer.concat(chunks).toString('utf8') };
}

/** Codes of Node and OpenSSL by which a certificate is refused (https://nodejs.org/api/tls.html#x509-certificate-error-codes). */
const TLS = /^(ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|INVALID_CA|HOSTNAME_MISMATCH|EPROTO)/u;

function classify(error: unknown, connected: boolean, aborted: boolean, byCaller: boolean): TransportError {
  if (error instanceof TransportError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  if (byCaller) return new TransportError('aborted', code);
  if (aborted) return new TransportError('timeout', connected ? 'no answer' : 'no connection');
  if (TLS.test(code)) return new TransportError('tls', code);
  return new TransportError(connected ? 'broken' : 'refused', code);
}
