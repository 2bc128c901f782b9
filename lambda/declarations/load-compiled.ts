import { readFile } from 'node:fs/promises';
import { RelayError } from '../errors.ts';
import type { CompiledConfig } from '../model/config.ts';

/**
 * Reads the configuration that the deployment compiled. The compiler checked it, so only its format is checked here: a cold start should not parse
 * ten thousand declarations twice.
 *
 * @throws RelayError CONFIG_INVALID
 */
export async function loadCompiled(path: string): Promise<CompiledConfig> {
  const value: unknown = JSON.parse(await readFile(path, 'utf8'), restoreUndefined);
  if (isCompiled(value)) return value;
  throw new RelayError('CONFIG_INVALID', `${path} is no compiled configuration of format 1; deploy function and configuration together`);
}

/** The text of a compiled configuration. JSON has no undefined, which the model uses for what is absent: it is written as null. */
export function serializeCompiled(config: CompiledConfig): string {
  return JSON.stringify(config, (_key, value: unknown) => (value === undefined ? null : value));
}

function restoreUndefined(this: unknown, key: string, value: unknown): unknown {
  if (value !== null) return value;
  // A reviver that returns undefined deletes the member, which reads the same.
  return key === '' ? null : undefined;
}

function isCompiled(value: unknown): value is CompiledConfig {
  return typeof value === 'object' && value !== null && 'formatVersion' in value && value.formatVersion === 1 && 'declarations' in value && Array.isArray(value.declarations);
}
