import { readFile } from 'node:fs/promises';
import { RelayError } from '../errors.ts';
import type { CompiledConfig } from '../model/config.ts';

const LISTS = ['clusters', 'stores', 'declarations'];

/**
 * Reads the configuration that the deployment compiled. The compiler checked it, so only its format is checked here: a cold start should not
 * check ten thousand declarations twice.
 *
 * @throws RelayError CONFIG_INVALID
 */
export async function loadCompiled(path: string): Promise<CompiledConfig> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) throw invalid(path, 'cannot be read');
  const value = parseJson(text);
  if (value === undefined) throw invalid(path, 'is no JSON');
  const version = fieldOf(value, 'formatVersion');
  if (version !== 1)
    throw invalid(
      path,
      `has format ${typeof version === 'number' ? version : 'unknown'}, and this function reads format 1`,
    );
  if (isCompiled(value)) return value;
  throw invalid(path, `lacks one of ${LISTS.join(', ')} or settings`);
}

/** The text of a compiled configuration. What is undefined is left out, and reads as undefined again. */
export function serializeCompiled(config: CompiledConfig): string {
  return JSON.stringify(config);
}

/** The parser's message would quote the text, so it stays behind. */
function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}

function isCompiled(value: unknown): value is CompiledConfig {
  const settings = fieldOf(value, 'settings');
  const complete = LISTS.every((list) => Array.isArray(fieldOf(value, list)));
  return complete && typeof settings === 'object' && settings !== null;
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.getOwnPropertyDescriptor(value, name)?.value
    : undefined;
}

function invalid(path: string, why: string): RelayError {
  return new RelayError(
    'CONFIG_INVALID',
    `the compiled configuration ${path} ${why}; deploy the function and its configuration together`,
  );
}
