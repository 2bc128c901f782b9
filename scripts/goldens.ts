// `npm run goldens`: lets Go's own engine render the corpus of templates again (test/conformance/templates/README.md). Needs Go.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const cwd = fileURLToPath(new URL('../test/conformance/templates/generator', import.meta.url));
const { status, error } = spawnSync('go', ['tool', 'generator', '../corpus', '../goldens'], {
  cwd,
  stdio: 'inherit',
});
if (error !== undefined) console.error(`go cannot be run (${error.message}); install Go 1.26 or later`);
process.exitCode = status ?? 1;
