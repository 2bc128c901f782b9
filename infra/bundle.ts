import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { BuildOptions, Metafile } from 'esbuild';

/** The functions: the name of each is its file in `lambda/handlers/` and its folder in the output. */
export const FUNCTIONS = ['push', 'reconcile', 'reconcile-shard', 'rollout'] as const;
export type FunctionName = (typeof FUNCTIONS)[number];

/** The function that the deployment runs, in the clusters' accounts. */
export const INSTALLER = 'install';

/** One set of esbuild options for deployment, tests and benchmarks, so that what is tested is what runs. */
export function bundleOptions(
  root: string,
  entryPoints: Record<string, string>,
  outdir: string,
): BuildOptions {
  return {
    absWorkingDir: root,
    entryPoints,
    outdir,
    bundle: true,
    minify: true,
    // Function names stay, because errors and traces show them.
    keepNames: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    outExtension: { '.js': '.mjs' },
    // What is imported dynamically (role assumption, tracing) becomes a chunk that is only loaded when needed.
    splitting: true,
    chunkNames: 'chunk-[hash]',
    // Some dependencies are CommonJS and call require, which an ES module does not have.
    banner: {
      js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
    },
    // A bundle is all that there is: what would look for code at run time fails here rather than in Lambda.
    logOverride: {
      'unsupported-require-call': 'error',
      'indirect-require': 'error',
      'unsupported-dynamic-import': 'error',
      'direct-eval': 'error',
    },
    legalComments: 'none',
    metafile: true,
    logLevel: 'error',
  };
}

/** Bundles every function into `outdir/<name>/index.mjs` and returns what each consists of. */
export async function bundleFunctions(
  root: string,
  outdir: string,
): Promise<Readonly<Record<FunctionName, Metafile>>> {
  await rm(outdir, { recursive: true, force: true });
  await mkdir(outdir, { recursive: true });
  const bundle = async (name: FunctionName | typeof INSTALLER): Promise<Metafile> => {
    const entry = { index: join('lambda', 'handlers', `${name}.ts`) };
    const result = await build({ ...bundleOptions(root, entry, join(outdir, name)), metafile: true });
    return result.metafile;
  };
  const [push, reconcile, shard, rollout] = await Promise.all([
    bundle('push'),
    bundle('reconcile'),
    bundle('reconcile-shard'),
    bundle('rollout'),
    bundle(INSTALLER),
  ]);
  return { push, reconcile, 'reconcile-shard': shard, rollout };
}
