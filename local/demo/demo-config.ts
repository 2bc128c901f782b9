import { readFileSync } from 'node:fs';
import { compileOrThrow } from '../../lambda/declarations/compile-or-throw.ts';
import type { Compiled } from '../../lambda/declarations/compile.ts';

const read = (name: string): string => readFileSync(new URL(`config/${name}`, import.meta.url), 'utf8');

export interface DemoChoice {
  readonly namespace: string;
  /** Names of ExternalSecrets that somebody has removed from the files. */
  readonly without?: readonly string[];
  /** Files beside `declarations.yaml`. */
  readonly alsoFiles?: readonly string[];
}

/** The demo's configuration, compiled as a deployment would. */
export function demoConfig({ namespace, without = [], alsoFiles = [] }: DemoChoice): Compiled {
  const source = (path: string): { path: string; text: string } => ({
    path,
    text: read(path).replaceAll('NAMESPACE', namespace),
  });
  const result = compileOrThrow({
    config: source('keyrelay.yaml'),
    declarations: ['declarations.yaml', ...alsoFiles].map(source),
  });
  const declarations = result.config.declarations.filter(({ name }) => !without.includes(name));
  return { ...result, config: { ...result.config, declarations } };
}
