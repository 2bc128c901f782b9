import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheDir, isInCache, onceInCache } from '../../../local/cache.ts';

const BUILDER = fileURLToPath(new URL('cache-builder.mjs', import.meta.url));

let home: string;
const environment = { ...process.env };

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'keyrelay-cache-'));
  process.env['KEYRELAY_CACHE'] = home;
});

afterEach(async () => {
  process.env = { ...environment };
  await rm(home, { recursive: true, force: true });
});

describe('the cache folder', () => {
  test.each([
    { keyrelay: '/a', xdg: '/b', expected: '/a' },
    { keyrelay: undefined, xdg: '/b', expected: '/b/keyrelay' },
    { keyrelay: '', xdg: '/b', expected: '/b/keyrelay' },
    { keyrelay: undefined, xdg: undefined, expected: join(homedir(), '.cache/keyrelay') },
  ])('is $expected for KEYRELAY_CACHE=$keyrelay and XDG_CACHE_HOME=$xdg', ({ keyrelay, xdg, expected }) => {
    process.env = {
      HOME: '/home/me',
      ...(keyrelay !== undefined && { KEYRELAY_CACHE: keyrelay }),
      ...(xdg !== undefined && { XDG_CACHE_HOME: xdg }),
    };

    expect(cacheDir()).toBe(expected);
  });
});

describe('building once', () => {
  test('keeps what was built for the next who asks', async () => {
    const dir = await onceInCache('tool', (into) => writeFile(join(into, 'file'), 'first'));

    const again = await onceInCache('tool', () => Promise.reject(new Error('must not build again')));

    expect(again).toBe(dir);
    expect(await readFile(join(again, 'file'), 'utf8')).toBe('first');
  });

  test('is known to be done once it is, and not while or where it failed', async () => {
    const seen: boolean[] = [await isInCache('tool')];
    const look = async (): Promise<void> => {
      seen.push(await isInCache('tool'));
    };
    await onceInCache('tool', async () => {
      await look();
      throw new Error('no space');
    }).catch(look);
    await onceInCache('tool', look);
    await look();

    expect(seen).toEqual([false, false, false, false, true]);
  });

  test('removes what a failed build left and builds anew', async () => {
    const failed = onceInCache('tool', async (into) => {
      await writeFile(join(into, 'half'), '');
      throw new Error('no space');
    });
    await expect(failed).rejects.toThrow('no space');

    const dir = await onceInCache('tool', (into) => writeFile(join(into, 'whole'), ''));

    expect(await readdir(dir)).toEqual(['.complete', 'whole']);
  });

  test('lets only one of two calls of the same process build', async () => {
    let builds = 0;
    const build = (): Promise<void> => {
      builds += 1;
      return Promise.resolve();
    };

    await Promise.all([onceInCache('tool', build), onceInCache('tool', build)]);

    expect(builds).toBe(1);
  });

  test('lets only one of several processes build, while the others wait for it', async () => {
    const racers = [startBuilder('finish'), startBuilder('finish'), startBuilder('finish')];

    const exits = await Promise.all(racers.map(exitCode));

    expect(exits).toEqual([0, 0, 0]);
    expect(await readFile(join(home, 'builds.log'), 'utf8')).toBe('start\nend\n');
  });

  test('takes over from a builder that was killed', async () => {
    const victim = startBuilder('hang');
    await untilStarted(victim);
    const heirs = [startBuilder('finish'), startBuilder('finish')];
    victim.kill('SIGKILL');

    const exits = await Promise.all(heirs.map(exitCode));

    expect(exits).toEqual([0, 0]);
    expect(await readFile(join(home, 'builds.log'), 'utf8')).toBe('start\nstart\nend\n');
    expect(await readdir(join(home, 'tool'))).toEqual(['.complete', 'built']);
  });
});

function startBuilder(behaviour: 'finish' | 'hang'): ChildProcess {
  return spawn(process.execPath, [BUILDER, behaviour], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env },
  });
}

async function untilStarted(builder: ChildProcess): Promise<void> {
  if (builder.stdout === null) throw new Error('the builder has no output');
  await once(builder.stdout, 'data');
}

async function exitCode(child: ChildProcess): Promise<unknown> {
  const exit: readonly unknown[] = await once(child, 'exit');
  return exit[0];
}
