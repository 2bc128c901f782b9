import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface StagedFunctions {
  /** Folder with the bundles: `<function>/index.mjs`. */
  readonly bundles: string;
  readonly functions: readonly string[];
  /** Folder to write to: `<function>/` with the bundle and the data. */
  readonly outdir: string;
  /** Name and text of the file that each function reads beside its bundle. */
  readonly data: readonly [name: string, text: string];
}

/**
 * Puts bundles and the data that they read into one folder each, which CDK uploads. The assets' hashes, and so the templates, change with
 * either and with nothing else.
 */
export function stageFunctions({ bundles, functions, outdir, data: [name, text] }: StagedFunctions): string {
  for (const item of functions) {
    const folder = join(outdir, item);
    mkdirSync(folder, { recursive: true });
    cpSync(join(bundles, item), folder, { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return outdir;
}
