import { createServer } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { ServerIdentity } from './certificates.ts';

/** A request as the server saw it. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** What the server does with one request. */
export type Answer = (response: ServerResponse, socket: Socket) => void;

/** An HTTPS server on 127.0.0.1 that gives scripted answers. */
export interface LoopbackServer {
  readonly url: string;
  readonly seen: readonly Seen[];
  /** How many connections were opened. */
  readonly connections: () => number;
  /** The answers to the next requests, the last of them for ever. */
  script(...answers: readonly Answer[]): void;
  /** Ends the connections that are open, as an API server does with idle ones. */
  disconnectAll(): void;
  stop(): Promise<void>;
}

/** An answer with a JSON body. */
export function answering(status: number, body: unknown = {}, headers: Record<string, string> = {}): Answer {
  return (response) =>
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body));
}

/** The connection is reset and there is no answer. */
export const resetting: Answer = (_response, socket) => void socket.destroy();

/** Starts a server that answers 200 and `{}` until it is told otherwise. */
export async function startLoopback({ cert, key }: ServerIdentity, port = 0): Promise<LoopbackServer> {
  const sockets = new Set<Socket>();
  const seen: Seen[] = [];
  let answers: readonly Answer[] = [answering(200)];
  let opened = 0;
  const server = createServer({ cert, key }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url: path = '', headers, socket } = request;
      seen.push({ method, path, headers, body: Buffer.concat(chunks).toString('utf8') });
      const answer = answers[0];
      if (answers.length > 1) answers = answers.slice(1);
      answer?.(response, socket);
    });
  });
  server.on('connection', (socket: Socket) => {
    opened += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no address');
  return {
    url: `https://127.0.0.1:${address.port}`,
    seen,
    connections: () => opened,
    script: (...next) => (answers = next),
    disconnectAll: () => sockets.forEach((socket) => socket.destroy()),
    stop: () => {
      sockets.forEach((socket) => socket.destroy());
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
