import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { deliver } from '../../faults/deliver.ts';
import type { Refusal } from '../../faults/fault.ts';
import { createAnswerer } from './answerer.ts';
import { ChaosState } from './chaos.ts';
import type { Chaos } from './chaos.ts';
import type { RegisteredCluster } from './eks.ts';
import { readIncoming, serviceError } from './exchange.ts';
import type { Answer, Incoming } from './exchange.ts';
import { operationOf } from './operation.ts';
import { partOfBatch } from './partial-batch.ts';
import { hurried } from './queue-waits.ts';

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
  const serve = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const read = await readIncoming(message);
    const operation = operationOf(read);
    const incoming = { ...read, body: hurried(operation, read.body, chaos.longestWait()) };
    const { service } = operation;
    const pass = async (asked: Incoming): Promise<Answer> => {
      const answered = await answer(asked);
      chaos.tell(operation, asked.body, answered);
      return answered;
    };
    const side = {
      pass: async () => await pass(incoming),
      // AWS repeats what was sent in some of its messages, such as that of SignatureDoesNotMatch: whoever passes a message on passes that on.
      refuse: ({ status, reason }: Refusal) =>
        serviceError(
          service,
          status,
          reason,
          `refused: ${incoming.headers.authorization ?? ''} ${read.body}`,
        ),
      degrade: async () => await partOfBatch(operation, incoming, pass),
      // What a replica of AWS says that lags: see `Chaos.stale`, which knows which reads are of one secret.
      recall: async () => await pass(incoming),
    };
    await deliver(chaos.faultOf(operation, read), side, response);
  };
  const server = createServer((message, response) => {
    // The client went away before its request was whole.
    serve(message, response).catch(() => response.destroy());
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
