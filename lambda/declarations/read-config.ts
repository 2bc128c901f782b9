import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { RelayError } from '../errors.ts';
import type { Compiled } from './compile.ts';
import { compileOrThrow } from './compile-or-throw.ts';
import type { SourceFile } from './yaml-document.ts';

/**
 * Reads and compiles a configuration folder: `keyrelay.yaml` and every `*.yaml` and `*.yml` below `declarations/`.
 *
 * @throws RelayError CONFIG_INVALID with every problem on a line of its own
 */
export async function readConfig(folder: string): Promise<Compiled> {
  const files = await declarationFiles(folder);
  const [config, ...declarations] = await Promise.all([
    readSource(folder, 'keyrelay.yaml'),
    ...files.map((name) => readSource(folder, join('declarations', name))),
  ]);
  return compileOrThrow({ config, declarations }, folder);
}

/** A folder that cannot be listed is an error: taken for an empty one, it would make every Secret undeclared. */
async function declarationFiles(folder: string): Promise<readonly string[]> {
  const path = join(folder, 'declarations');
  try {
    const names = await readdir(path, { recursive: true });
    return names.filter((name) => /\.ya?ml$/u.test(name)).toSorted();
  } catch {
    throw new RelayError(
      'CONFIG_INVALID',
      `folder ${path} cannot be read; it holds the ExternalSecret files and must exist, even if it is empty`,
    );
  }
}

async function readSource(folder: string, name: string): Promise<SourceFile> {
  const path = join(folder, name);
  try {
    return { path, text: await readFile(path, 'utf8') };
  } catch {
    throw new RelayError('CONFIG_INVALID', `file ${path} cannot be read; it is needed, with read permission`);
  }
}
