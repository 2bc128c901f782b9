import { RelayError } from '../errors.ts';
import { compileConfig } from './compile.ts';
import type { Compiled, ConfigSources } from './compile.ts';
import { formatProblem } from './problems.ts';

/**
 * Compiles a configuration. Pure.
 *
 * @param where what the problems are in, for the message
 * @throws RelayError CONFIG_INVALID with every problem on a line of its own
 */
export function compileOrThrow(sources: ConfigSources, where = sources.config.path): Compiled {
  const compilation = compileConfig(sources);
  if (compilation.kind === 'compiled') return compilation;
  const lines = compilation.problems.map((problem) => `  ${formatProblem(problem)} [${problem.code}]`);
  const count = `${lines.length} ${lines.length === 1 ? 'problem' : 'problems'}`;
  throw new RelayError(
    'CONFIG_INVALID',
    `${count} in ${where}; correct them where they are:\n${lines.join('\n')}`,
  );
}
