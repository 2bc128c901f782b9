import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { withFileLock } from './file-lock.ts';

/** Written last, so that its presence says that the whole build succeeded. */
const COMPLETE = '.complete';

/** The folder that outlives checkouts: what is expensive to build (binaries, a Python environment) is kept here. */
export function cacheDir(): string {
  const { KEYRELAY_CACHE: own, XDG_CACHE_HOME: xdg } = process.env;
  if (own !== undefined && own !== '') return own;
  // https://specifications.freedesktop.org/basedir-spec/latest/
  return join(xdg !== undefined && xdg !== '' ? xdg : join(homedir(), '.cache'), 'keyrelay');
}

/**
 * The folder `name` of the cache, built by `build` when no process has completed it before. Processes that ask at the same time wait
 * for the one that builds; what a failed or killed build left behind is removed and built again.
 */
export async function onceInCache(name: string, build: (dir: string) => Promise<void>): Promise<string> {
  const dir = join(cacheDir(), name);
  if (await isComplete(dir)) return dir;
  const lock = join(cacheDir(), '.locks', `${name.replaceAll(/[^\w.-]/g, '_')}.lock`);
  return await withFileLock(lock, async () => {
    if (await isComplete(dir)) return dir;
    await rm(dir, { recursive: true, force: true });
    await mkdir(dir, { recursive: true });
    await build(dir);
    await writeFile(join(dir, COMPLETE), '');
    return dir;
  });
}

/** Whether a folder of the cache is complete, so that nobody has to wait for it. */
export function isInCache(name: string): Promise<boolean> {
  return isComplete(join(cacheDir(), name));
}

async function isComplete(dir: string): Promise<boolean> {
  const found = await stat(join(dir, COMPLETE)).catch(() => undefined);
  return found !== undefined;
}
