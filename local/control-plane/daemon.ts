import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { basename } from 'node:path';
import type { Reaper } from '../reaper.ts';

/** How much of what it wrote is told when it ends too early. */
const TAIL = 2000;
const STOP_MS = 5000;

/** A server without an address of its own: it works through the API server. */
export interface Daemon {
  readonly pid: number;
  /** What went wrong, when it has ended without being told to. */
  failure(): string | undefined;
  stop(): Promise<void>;
}

export interface DaemonOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly reaper: Reaper;
  /** The whole environment; this process's own where undefined. */
  readonly env?: NodeJS.ProcessEnv;
}

/** Starts a process that ends with its owner. */
export async function startDaemon({ command, args, reaper, env }: DaemonOptions): Promise<Daemon> {
  const child = spawn(command, [...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: env ?? process.env,
  });
  await once(child, 'spawn');
  const { pid } = child;
  if (pid === undefined) throw new Error(`${command} was started and has no id`);
  reaper.guard(pid);
  let tail = '';
  // Always read, so that the process never waits for a full pipe.
  child.stderr.on('data', (chunk: Buffer) => {
    tail = (tail + chunk.toString('utf8')).slice(-TAIL);
  });
  const ended = (): boolean => child.exitCode !== null || child.signalCode !== null;
  return {
    pid,
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
