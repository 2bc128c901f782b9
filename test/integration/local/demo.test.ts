import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

test('the demo tells its story on real parts, from the first Secret to the last pod and its receipt', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['local/demo/main.ts', '--rollout'], {
    cwd: ROOT,
    env: { ...process.env, NODE_NO_WARNINGS: '1' },
    maxBuffer: 16 * 1024 * 1024,
  });

  const steps = [...stdout.matchAll(/^(\d+)\. /gmu)].map(([, number]) => Number(number));
  expect(steps).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(stdout).toContain('secret/legacy is deleted');
  expect(stdout).toMatch(/^ {3}Deployment\/web .*of 6 new \| StatefulSet\/queue .*of 3 new/mu);
  expect(stdout).toContain('all 9 pods are new');
  expect(stdout).toContain('complete: secret/db of shop, 2 workloads complete, 0 failed');
  expect(stdout).not.toMatch(/fake-|NOT REPAIR|STILL THERE|NOT THERE/u);
}, 900_000);
