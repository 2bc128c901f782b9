import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** Stands before a queue of the emulator. */
export interface SqsGate {
  readonly url: string;
  /** Answers nothing from now on, and resolves when the next call has come: the moment at which its sender is waiting for the answer. */
  close(): Promise<void>;
  /** Lets calls through again; those that came while it was closed are lost. */
  open(): void;
  stop(): Promise<void>;
}

/** Starts a gate, which is open. */
export async function startSqsGate(endpoint: string): Promise<SqsGate> {
  let arrived: (() => void) | undefined;
  const server = createServer((incoming, response) => {
    if (arrived === undefined) pass(endpoint, incoming, response);
    else arrived();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () => new Promise((resolve) => (arrived = resolve)),
    open: () => (arrived = undefined),
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function pass(endpoint: string, incoming: IncomingMessage, response: ServerResponse): void {
  const { method, headers, url = '/' } = incoming;
  const sent = request(new URL(url, endpoint), { method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  sent.on('error', () => response.destroy());
  incoming.pipe(sent);
}
