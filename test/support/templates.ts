import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';

/** The configurations that test/infra/global-setup.mjs synthesizes. */
export type Synthesized = 'example' | 'fleet' | 'private' | 'tenants';

/** The cloud assembly of a configuration. */
export function assemblyFolder(name: Synthesized): string {
  return join(process.env['KEYRELAY_SYNTH'] ?? '', name);
}

/** Paths of a configuration's templates, by name of the stack. */
export function templatePaths(name: Synthesized): ReadonlyMap<string, string> {
  const folder = assemblyFolder(name);
  const files = readdirSync(folder).filter((file) => file.endsWith('.template.json'));
  return new Map(files.map((file) => [file.replace('.template.json', ''), join(folder, file)]));
}

/** A stack's template, for assertions. */
export function templateOf(name: Synthesized, stack: string): Template {
  return Template.fromJSON(jsonOf(join(assemblyFolder(name), `${stack}.template.json`)));
}

function jsonOf(path: string): Record<string, unknown> {
  const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}
