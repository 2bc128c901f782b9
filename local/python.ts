import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onceInCache } from './cache.ts';
import type { Progress } from './progress.ts';

/** A set of pinned packages, and what to say while they are installed. */
export interface Requirements {
  /** Path of a requirements.txt with every version pinned. */
  readonly path: string;
  readonly notice: string;
}

const EMULATOR: Requirements = {
  path: fileURLToPath(new URL('aws/requirements.txt', import.meta.url)),
  notice: 'installing the AWS emulator (moto, 140 MB on disk, once, about 15 s)',
};

/** Tried in this order; what `aws/requirements.txt` pins runs on 3.10 and later. */
const PYTHONS = ['python3', 'python', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3.10'];
const IS_RECENT = 'import sys; sys.exit(sys.version_info < (3, 10))';

/** The Python of a virtual environment with everything that the file pins (the AWS emulator's by default), made once per version of it. */
export async function pythonEnvironment(
  progress: Progress,
  { path, notice }: Requirements = EMULATOR,
): Promise<string> {
  const pins = createHash('sha256')
    .update(await readFile(path))
    .digest('hex')
    .slice(0, 12);
  const dir = await onceInCache(`python-${pins}`, async (folder) => {
    progress.step(notice);
    await install(await findPython(PYTHONS), folder, path);
  });
  return join(dir, 'bin', 'python');
}

/** The first of the candidates that is recent enough. */
export async function findPython(candidates: readonly string[]): Promise<string> {
  for (const candidate of candidates) {
    if ((await run(candidate, ['-c', IS_RECENT])).ok) return candidate;
  }
  throw new Error(
    `none of ${candidates.join(', ')} is Python 3.10 or later, which the AWS emulator of the tests and the demo needs; ` +
      'install one (Debian: apt install python3 python3-venv; macOS: brew install python)',
  );
}

async function install(python: string, folder: string, requirements: string): Promise<void> {
  const venv = await run(python, ['-m', 'venv', folder]);
  if (!venv.ok) {
    throw new Error(
      `${python} could not make a virtual environment in ${folder}; install its venv module (Debian: apt install python3-venv):\n${venv.written}`,
    );
  }
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements];
  const installed = await run(join(folder, 'bin', 'python'), pip);
  if (!installed.ok) {
    throw new Error(
      `pip could not install ${requirements}; it needs a Python package index (set PIP_INDEX_URL or PIP_PROXY where the usual one is out of reach):\n${installed.written}`,
    );
  }
}

async function run(
  command: string,
  args: readonly string[],
): Promise<{ readonly ok: boolean; readonly written: string }> {
  return await new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let written = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => (written += chunk.toString('utf8')));
    }
    child.on('error', (error) => resolve({ ok: false, written: error.message }));
    child.on('close', (code) => resolve({ ok: code === 0, written }));
  });
}
