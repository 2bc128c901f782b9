import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * The folder with ESO's own CRDs: what ESO_CRDS names, or `shared/eso-crds` beside or above the repository; undefined where it is not at hand.
 * They are data to compare with, and no part of the project.
 */
export function esoCrds(): string | undefined {
  const named = process.env['ESO_CRDS'];
  if (named !== undefined) return named;
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const candidate = join(folder, 'shared', 'eso-crds');
    if (existsSync(candidate)) return candidate;
  }
  return undefined;
}
