import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('reaper-process.mjs', import.meta.url));
const GRACE_MS = 5000;

/** Ends the processes that we started if we die without ending them ourselves. */
export interface Reaper {
  /** From now on the process ends with us. */
  guard(pid: number): void;
  /** Ends the reaper and leaves the guarded processes alone: call it after they have been stopped in the ordinary way. */
  release(): Promise<void>;
}

/**
 * Starts a reaper: a small process of its own session that holds the other end of a pipe. The operating system closes our end when we
 * die, also by SIGKILL, which no exit handler sees.
 */
export async function startReaper({
  graceMs = GRACE_MS,
}: { readonly graceMs?: number } = {}): Promise<Reaper> {
  const child = spawn(process.execPath, [SCRIPT, String(graceMs)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  await once(child, 'spawn');
  child.stdin.on('error', () => undefined); // The reaper was killed: then nobody guards, which is no reason to crash.
  child.unref();
  return {
    guard: (pid) => void child.stdin.write(`${pid}\n`),
    release: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.ref();
      child.stdin.end('release\n');
      await once(child, 'exit');
    },
  };
}
