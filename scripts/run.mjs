// Runs one of the project's commands straight after a clone, on any Node from 20: installs the packages where they are missing or older than
// the lock file, then hands over to the Node that the lock file pins (the Lambda's runtime).
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = (name) => join(root, 'node_modules', '.bin', name);
const jest = [
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  'node_modules/jest/bin/jest.js',
];

/** What each command runs, in order, on the pinned Node. */
const COMMANDS = {
  demo: [['local/demo/main.ts']],
  check: [
    ['node_modules/typescript/bin/tsc', '-p', '.'],
    ['node_modules/eslint/bin/eslint.js', '--cache', '--cache-location', 'node_modules/.cache/eslint/', '.'],
    ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'],
    [...jest, '--selectProjects', 'unit'],
  ],
  test: [['scripts/test.ts']],
  bench: [['bench/main.ts']],
  soak: [['bench/main.ts', 'soak']],
  format: [['node_modules/prettier/bin/prettier.cjs', '--write', '--log-level', 'warn', '.']],
  schema: [['scripts/schema.ts']],
  manifests: [['scripts/manifests.ts']],
  goldens: [['scripts/goldens.ts']],
  sbom: [['scripts/sbom.ts']],
};

function installIfNeeded() {
  const marker = join(root, 'node_modules', '.package-lock.json');
  const lock = join(root, 'package-lock.json');
  if (existsSync(marker) && existsSync(bin('node')) && statSync(marker).mtimeMs >= statSync(lock).mtimeMs)
    return;
  console.log('Installing packages (about half a minute, once) ...');
  // Not `npm ci`: it refuses a lock file that lacks optional packages of other platforms, and registries do not always have them all.
  // What is installed is what the lock file says all the same, and nothing is written to it.
  const npm = spawnSync('npm', ['install', '--no-save', '--no-fund', '--no-audit', '--loglevel=error'], {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (npm.status !== 0) process.exit(npm.status ?? 1);
}

/** Ctrl-C reaches the child too, as one of the terminal's group: wait for it to clean up instead of dying first. */
function run(args) {
  return new Promise((resolve) => {
    const child = spawn(bin('node'), args, {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, NODE_NO_WARNINGS: '1' },
    });
    for (const signal of ['SIGINT', 'SIGTERM'])
      process.on(signal, () => signal === 'SIGTERM' && child.kill(signal));
    child.on('close', (code, signal) => resolve(signal === null ? code : 1));
  });
}

const [command, ...rest] = process.argv.slice(2);
const steps = COMMANDS[command];
if (steps === undefined) {
  console.error(`unknown command ${command ?? ''}; one of: ${Object.keys(COMMANDS).join(', ')}`);
  process.exit(2);
}
installIfNeeded();
for (const [index, step] of steps.entries()) {
  const code = await run(index === steps.length - 1 ? [...step, ...rest] : step);
  if (code !== 0) process.exit(code);
}
