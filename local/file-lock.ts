import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 100;
/** https://www.sqlite.org/rescode.html#busy */
const SQLITE_BUSY = 5;

/**
 * Runs `work` while no other process (or other call in this one) runs its own under the same lock file. The lock is the operating
 * system's, taken through SQLite: it goes away with the process that holds it, however that dies, so there is no stale lock to judge
 * (a lock file with a process id in it must be taken over, and two processes can believe that they did).
 */
export async function withFileLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  await mkdir(dirname(path), { recursive: true });
  const lock = new DatabaseSync(path, { timeout: 0 });
  try {
    while (!tryLock(lock)) await sleep(POLL_MS);
    return await work();
  } finally {
    lock.close();
  }
}

function tryLock(lock: DatabaseSync): boolean {
  try {
    // https://www.sqlite.org/lang_transaction.html: EXCLUSIVE keeps every other connection out until this one closes.
    lock.exec('BEGIN EXCLUSIVE');
    return true;
  } catch (failure) {
    if (isBusy(failure)) return false;
    throw failure;
  }
}

function isBusy(failure: unknown): boolean {
  return (
    typeof failure === 'object' && failure !== null && 'errcode' in failure && failure.errcode === SQLITE_BUSY
  );
}
