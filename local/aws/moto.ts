import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Reaper } from '../reaper.ts';

/** The emulator itself. */
export interface Moto {
  readonly endpoint: string;
  stop(): Promise<void>;
}

const START_MS = 60_000;

/** Starts moto's server on a free port of the loopback address. */
export async function startMoto(python: string, reaper: Reaper): Promise<Moto> {
  const port = await freePort();
  const child = spawn(python, ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
  await once(child, 'spawn');
  if (child.pid !== undefined) reaper.guard(child.pid);
  const endpoint = `http://127.0.0.1:${port}`;
  await answering(endpoint, () => child.exitCode !== null);
  return {
    endpoint,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL'); // It holds nothing that is worth an orderly end.
      await once(child, 'exit');
    },
  };
}

async function answering(endpoint: string, ended: () => boolean): Promise<void> {
  const until = performance.now() + START_MS;
  while (performance.now() < until && !ended()) {
    const ok = await fetch(`${endpoint}/moto-api/data.json`).then((response) => response.ok, () => false);
    if (ok) return;
    await sleep(100);
  }
  throw new Error(`the AWS emulator did not answer at ${endpoint}`);
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
