// Bundles every function into the folder that is named: node infra/bundle-functions.ts OUTDIR
import { fileURLToPath } from 'node:url';
import { bundleFunctions } from './bundle.ts';

const [outdir] = process.argv.slice(2);
if (outdir === undefined) throw new Error('name the folder to bundle into');
await bundleFunctions(fileURLToPath(new URL('..', import.meta.url)), outdir);
