import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onceInCache } from './cache.ts';
import type { Progress } from './progress.ts';

const REQUIREMENTS = fileURLToPath(new URL('aws/requirements.txt', import.meta.url));

/** The Python of a virtual environment with everything that `aws/requirements.txt` pins, made once per version of that file. */
export async function pythonEnvironment(progress: Progress): Promise<string> {
  const pins = createHash('sha256').update(await readFile(REQUIREMENTS)).digest('hex').slice(0, 12);
  const dir = await onceInCache(`python-${pins}`, async (folder) => {
    progress.step('installing the AWS emulator (moto, about 300 MB on disk, once, about 40 s)');
    await run('python3', ['-m', 'venv', folder]);
    await run(join(folder, 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', REQUIREMENTS]);
  });
  return join(dir, 'bin', 'python');
}

async function run(command: string, args: readonly string[]): Promise<void> {
  const code = await new Promise<number | string>((resolve) => {
    const child = spawn(command, [...args], { stdio: ['ignore', 'ignore', 'inherit'] });
    child.on('error', (error) => resolve(error.message));
    child.on('close', (status, signal) => resolve(status ?? signal ?? 'killed'));
  });
  if (code === 0) return;
  throw new Error(`${command} ${args[1] ?? ''} failed (${code}); Python 3.9 or later with venv and pip is needed (Debian: apt install python3-venv)`);
}
