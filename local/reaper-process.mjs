// Kills the processes that it was told of when whoever started it is gone. See reaper.ts.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

const GRACE_MS = Number(process.argv[2]);
const POLL_MS = 50;

/** Process id -> when it started, because the id of a process that ended may be another's by now. */
const guarded = new Map();
let released = false;

for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'release') released = true;
  else guarded.set(Number(line), startOf(Number(line)));
}
if (!released) await reap([...guarded.keys()].filter((pid) => startOf(pid) === guarded.get(pid)));

async function reap(pids) {
  pids.forEach((pid) => signal(pid, 'SIGTERM'));
  for (let waited = 0; waited < GRACE_MS && pids.some(isAlive); waited += POLL_MS) await sleep(POLL_MS);
  pids.forEach((pid) => signal(pid, 'SIGKILL'));
}

function isAlive(pid) {
  return signal(pid, 0);
}

function signal(pid, name) {
  try {
    return process.kill(pid, name);
  } catch {
    return false; // It has ended already, which is what we want.
  }
}

/** Field 22 of https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html; unknown (and never compared) where there is no /proc. */
function startOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
