import { afterEach, expect, test } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startReaper } from '../../../local/reaper.ts';

const PARENT = fileURLToPath(new URL('reaper-parent.mjs', import.meta.url));
const started: ChildProcess[] = [];

afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

test.each([
  { guarded: 'obedient', how: 'SIGTERM is enough' },
  { guarded: 'stubborn', how: 'SIGTERM is ignored, so SIGKILL follows' },
])('ends an $guarded process when its parent was killed: $how', async ({ guarded }) => {
  const parent = start([PARENT, guarded]);
  const pid = Number(await firstLine(parent));
  expect(isAlive(pid)).toBe(true);

  parent.kill('SIGKILL');

  await untilGone(pid);
});

test('ends the guarded process when the parent just exits', async () => {
  const parent = start([PARENT, 'obedient', 'exit']);

  const pid = Number(await firstLine(parent));

  await untilGone(pid);
});

test('leaves the guarded process alone after a release', async () => {
  const survivor = start(['-e', 'setInterval(() => undefined, 1000)']);
  const reaper = await startReaper({ graceMs: 0 });
  reaper.guard(pidOf(survivor));

  await reaper.release();

  expect(isAlive(pidOf(survivor))).toBe(true);
});

function start(args: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  started.push(child);
  return child;
}

function pidOf(child: ChildProcess): number {
  if (child.pid === undefined) throw new Error('the process did not start');
  return child.pid;
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('the process has no output');
  const data: readonly unknown[] = await once(child.stdout, 'data');
  return String(data[0]);
}

/** Resolves when the process has ended; the test's own timeout is the limit. */
async function untilGone(pid: number): Promise<void> {
  while (isAlive(pid)) await sleep(20);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
