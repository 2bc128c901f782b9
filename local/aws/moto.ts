import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Reaper } from '../reaper.ts';

const SERVER = fileURLToPath(new URL('moto-server.py', import.meta.url));
const START_MS = 60_000;
/** How much of what it wrote is told when it does not start. */
const TAIL = 2000;

/** The emulator itself. */
export interface Moto {
  readonly endpoint: string;
  stop(): Promise<void>;
}

/** Starts moto's server on a free port of the loopback address. */
export async function startMoto(python: string, reaper: Reaper): Promise<Moto> {
  const port = await freePort();
  const child = spawn(python, [SERVER, '-H', '127.0.0.1', '-p', String(port)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  await once(child, 'spawn');
  if (child.pid !== undefined) reaper.guard(child.pid);
  const written = tailOf(child);
  const endpoint = `http://127.0.0.1:${port}`;
  const ended = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const stop = async (): Promise<void> => {
    if (ended()) return;
    child.kill('SIGKILL'); // It holds nothing that is worth an orderly end.
    await once(child, 'exit');
  };
  if (!(await answers(endpoint, ended))) {
    await stop();
    throw new Error(`the AWS emulator did not answer at ${endpoint}; the last that it wrote:\n${written()}`);
  }
  return { endpoint, stop };
}

/** Keeps reading, so that the process never waits for a full pipe. It logs requests by method and path only. */
function tailOf(child: ChildProcess): () => string {
  let tail = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    tail = (tail + chunk.toString('utf8')).slice(-TAIL);
  });
  return () => tail;
}

async function answers(endpoint: string, ended: () => boolean): Promise<boolean> {
  const until = performance.now() + START_MS;
  while (performance.now() < until && !ended()) {
    const ok = await fetch(`${endpoint}/moto-api/data.json`).then(
      (response) => response.ok,
      () => false,
    );
    // Where another process took the port first, that one answers and ours has ended.
    if (ok) return !ended();
    await sleep(100);
  }
  return false;
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
