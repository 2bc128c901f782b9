import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { ChaosState } from './chaos.ts';
import type { Chaos } from './chaos.ts';
import { describeCluster } from './eks.ts';
import type { RegisteredCluster } from './eks.ts';
import { forward, jsonError, textOf } from './exchange.ts';
import type { Answer, Incoming } from './exchange.ts';
import { MOVES_LABELS, announceMoves, labelsOf } from './label-events.ts';
import { breaksLimit } from './limits.ts';
import { operationOf } from './operation.ts';
import type { Operation } from './operation.ts';
import { repair } from './repairs.ts';
import { asLaggingReplica } from './stale-reads.ts';

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
  const memory = { created: new Map<string, number>(), secrets: new Map<string, string>(), account: options.account };

  const answer = async (incoming: Incoming): Promise<Answer> => {
    const operation = operationOf(incoming);
    const trouble = (await chaos.meet(operation)) ?? breaksLimit(operation.action, incoming.body);
    if (trouble !== undefined) return trouble;
    if (operation.service === 'eks' && operation.action === 'DescribeCluster') return describeCluster(incoming, clusters, options);
    const asked = asLaggingReplica(operation.action, incoming, chaos);
    return repair(operation, await withEvents(operation, asked, options.moto), memory);
  };

  const server = createServer((message, response) => {
    void readIncoming(message)
      .then(answer)
      .catch((error: unknown) => jsonError(500, 'InternalFailure', error instanceof Error ? error.message : 'failed'))
      .then(({ status, headers, body }) => response.writeHead(status, headers).end(body));
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

/** Passes the request on, and announces the labels that it moved. */
async function withEvents({ service, action }: Operation, incoming: Incoming, moto: string): Promise<Answer> {
  const moves = service === 'secretsmanager' && MOVES_LABELS.has(action);
  const before = moves ? await labelsOf(moto, incoming) : undefined;
  const answer = await forward(moto, incoming);
  if (moves && answer.status === 200) await announceMoves(moto, incoming, before, await labelsOf(moto, incoming));
  return answer;
}

async function readIncoming(message: IncomingMessage): Promise<Incoming> {
  return { method: message.method ?? 'GET', path: message.url ?? '/', headers: message.headers, body: await textOf(message) };
}
