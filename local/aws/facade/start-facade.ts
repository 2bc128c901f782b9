import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { createAnswerer } from './answerer.ts';
import { ChaosState } from './chaos.ts';
import type { Chaos } from './chaos.ts';
import type { RegisteredCluster } from './eks.ts';
import { textOf } from './exchange.ts';
import type { Incoming } from './exchange.ts';

export interface FacadeOptions {
  /** The emulator's endpoint. */
  readonly moto: string;
  readonly region: string;
  readonly account: string;
}

/** What stands in front of the emulator and adds what it lacks. */
export interface Facade {
  readonly endpoint: string;
  readonly clusters: Map<string, RegisteredCluster>;
  readonly chaos: Chaos;
  /** Access key id -> secret, of the credentials that the emulator gave out. */
  readonly secrets: ReadonlyMap<string, string>;
  close(): Promise<void>;
}

/** Starts the facade on a free port of the loopback address. */
export async function startFacade(options: FacadeOptions): Promise<Facade> {
  const clusters = new Map<string, RegisteredCluster>();
  const chaos = new ChaosState();
  const memory = { created: new Map<string, number>(), secrets: new Map<string, string>() };
  const answer = createAnswerer({ ...options, clusters, chaos, memory });
  const server = createServer((message, response) => {
    void readIncoming(message)
      .then(answer)
      .then(
        ({ status, headers, body }) => response.writeHead(status, headers).end(body),
        () => response.destroy(), // The client went away before its request was whole.
      );
  });
  // A client that keeps a connection must not find it closed just as it writes.
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the facade has no port');
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    clusters,
    chaos,
    secrets: memory.secrets,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function readIncoming(message: IncomingMessage): Promise<Incoming> {
  const { method = 'GET', url = '/', headers } = message;
  return { method, path: url, headers, body: await textOf(message) };
}
