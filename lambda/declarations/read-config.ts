import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { RelayError } from '../errors.ts';
import { compileConfig } from './compile.ts';
import type { Compilation } from './compile.ts';
import { formatProblem } from './problems.ts';
import type { SourceFile } from './yaml-document.ts';

/**
 * Reads and compiles a configuration folder: `keyrelay.yaml` and every `*.yaml` and `*.yml` below `declarations/`.
 *
 * @throws RelayError CONFIG_INVALID with every problem on a line of its own
 */
export async function readConfig(folder: string): Promise<Extract<Compilation, { kind: 'compiled' }>> {
  const names = await readdir(join(folder, 'declarations'), { recursive: true }).catch((): string[] => []);
  const files = names.filter((name) => /\.ya?ml$/u.test(name)).toSorted();
  const [config, ...declarations] = await Promise.all([
    readSource(folder, 'keyrelay.yaml'),
    ...files.map((name) => readSource(folder, join('declarations', name))),
  ]);
  const compilation = compileConfig({ config, declarations });
  if (compilation.kind === 'compiled') return compilation;
  const lines = compilation.problems.map((problem) => `  ${formatProblem(problem)}`);
  throw new RelayError('CONFIG_INVALID', `${lines.length} ${lines.length === 1 ? 'problem' : 'problems'} in ${folder}:\n${lines.join('\n')}`);
}

async function readSource(folder: string, name: string): Promise<SourceFile> {
  const path = join(folder, name);
  try {
    return { path, text: await readFile(path, 'utf8') };
  } catch {
    throw new RelayError('CONFIG_INVALID', `${path} cannot be read; it is needed`);
  }
}
