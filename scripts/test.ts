// `npm test`: everything that must pass, in the order in which it is cheapest to fail. The last line counts.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Phase {
  readonly name: string;
  readonly args: readonly string[];
}

interface Count {
  readonly passed: number;
  readonly failed: number;
}

const CHECKS: readonly Phase[] = [
  { name: 'types', args: ['node_modules/typescript/bin/tsc', '-p', '.'] },
  {
    name: 'lint',
    args: [
      'node_modules/eslint/bin/eslint.js',
      '--cache',
      '--cache-location',
      'node_modules/.cache/eslint/',
      '.',
    ],
  },
  { name: 'format', args: ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'] },
];

/** The unit tests use both cores; the rest share one API server's worth of memory and processor at a time. */
const SUITES: readonly Phase[] = [
  { name: 'unit', args: ['--maxWorkers=50%'] },
  { name: 'conformance', args: ['--maxWorkers=1'] },
  { name: 'infra', args: ['--passWithNoTests', '--maxWorkers=1'] },
  { name: 'integration', args: ['--maxWorkers=1'] },
  { name: 'property', args: ['--maxWorkers=1'] },
];

/** Jest runs ES modules through V8's VM modules, which Node still calls experimental. */
const JEST = ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js'];

function run(args: readonly string[]): boolean {
  return spawnSync(process.execPath, [...args], { stdio: 'inherit' }).status === 0;
}

function check({ name, args }: Phase): Count {
  announce(name);
  return run(args) ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

function suite({ name, args }: Phase, extra: readonly string[]): Count {
  announce(name);
  const folder = mkdtempSync(join(tmpdir(), 'keyrelay-test-'));
  const report = join(folder, 'report.json');
  try {
    const ok = run([
      ...JEST,
      '--selectProjects',
      name,
      '--json',
      `--outputFile=${report}`,
      ...args,
      ...extra,
    ]);
    return countOf(JSON.parse(readFileSync(report, 'utf8')), ok);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A suite that could not even be loaded has no failed test, but it has failed. */
function countOf(report: unknown, ok: boolean): Count {
  const { numPassedTests: passed = 0, numFailedTests: failed = 0 } = isReport(report) ? report : {};
  return { passed, failed: ok ? failed : Math.max(1, failed) };
}

function isReport(
  value: unknown,
): value is { readonly numPassedTests: number; readonly numFailedTests: number } {
  return (
    typeof value === 'object' && value !== null && 'numPassedTests' in value && 'numFailedTests' in value
  );
}

function announce(name: string): void {
  console.log(`\n== ${name} ==`);
}

const only = process.argv.slice(2);
const counts: Count[] = [];
for (const phase of CHECKS) counts.push(check(phase));
for (const phase of SUITES) counts.push(suite(phase, only));
const passed = counts.reduce((sum, count) => sum + count.passed, 0);
const failed = counts.reduce((sum, count) => sum + count.failed, 0);
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
