import type { Clock } from '../model/ports.ts';
import type { Endpoint } from './eks-endpoint.ts';
import type { Transport } from './https-transport.ts';

/** An endpoint with connections to it. */
export interface Connection {
  readonly url: string;
  readonly transport: Transport;
  /** Milliseconds since the epoch when EKS was asked for the endpoint. */
  readonly since: number;
}

/** The connection to one cluster, made on first use and made again when it proves wrong. */
export interface Connections {
  current(): Promise<Connection>;
  /**
   * Says that a connection failed before anything was sent: the endpoint may have moved or its CA may have been rotated.
   *
   * @returns `renewed` where `current` will give another one, `same` where it was asked for moments ago
   */
  failed(connection: Connection): 'renewed' | 'same';
  close(): void;
}

export interface ConnectionsOptions {
  readonly describe: () => Promise<Endpoint>;
  readonly open: (endpoint: Endpoint) => Transport;
  readonly clock: Clock;
}

/** An endpoint younger than this is not asked for again: a cluster that is down must not become a storm of calls to EKS. */
const FRESH_MS = 30_000;
/**
 * The API server ends connections that were idle for 90 s (`IdleTimeout` in
 * https://github.com/kubernetes/apiserver/blob/master/pkg/server/secure_serving.go); a frozen Lambda does not see it happen.
 */
const IDLE_MS = 60_000;

/** Keeps one connection across invocations. */
export function createConnections({ describe, open, clock }: ConnectionsOptions): Connections {
  let opened: Connection | undefined;
  let opening: Promise<Connection> | undefined;
  let lastUsed = 0;
  const connect = async (): Promise<Connection> => {
    const endpoint = await describe();
    opened = { url: endpoint.url.replace(/\/+$/u, ''), transport: open(endpoint), since: now() };
    return opened;
  };
  const now = (): number => clock.now().getTime();
  const forget = (): void => {
    opened?.transport.close();
    opened = undefined;
  };
  return {
    current: async () => {
      const idle = now() - lastUsed;
      lastUsed = now();
      if (opened === undefined) return (opening ??= connect().finally(() => (opening = undefined)));
      if (idle > IDLE_MS) opened.transport.dropIdle();
      return opened;
    },
    failed: (connection) => {
      if (connection !== opened) return 'renewed';
      if (now() - connection.since < FRESH_MS) return 'same';
      forget();
      return 'renewed';
    },
    close: forget,
  };
}
