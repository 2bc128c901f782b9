import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { basename } from 'node:path';
import type { Reaper } from '../reaper.ts';

/** How much of what it wrote is told when it ends too early. */
const TAIL = 2000;
const STOP_MS = 5000;

/** A server without an address of its own: it works through the API server. */
export interface Daemon {
  /** What went wrong, when it has ended without being told to. */
  failure(): string | undefined;
  stop(): Promise<void>;
}

/** Starts a process that ends with its owner. */
export async function startDaemon(command: string, args: readonly string[], reaper: Reaper): Promise<Daemon> {
  const child = spawn(command, [...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  await once(child, 'spawn');
  if (child.pid !== undefined) reaper.guard(child.pid);
  let tail = '';
  // Always read, so that the process never waits for a full pipe.
  child.stderr.on('data', (chunk: Buffer) => {
    tail = (tail + chunk.toString('utf8')).slice(-TAIL);
  });
  const ended = (): boolean => child.exitCode !== null || child.signalCode !== null;
  return {
    failure: () => (ended() ? `${basename(command)} ended; the last that it wrote:\n${tail}` : undefined),
    stop: async () => {
      if (ended()) return;
      const exit = once(child, 'exit');
      child.kill('SIGTERM');
      const impatience = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      await exit;
      clearTimeout(impatience);
    },
  };
}
