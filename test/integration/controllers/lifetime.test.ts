import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { until } from '../../support/until.ts';

const STARTER = fileURLToPath(new URL('starter.ts', import.meta.url));

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

test('controllers end with their owner, even when it is killed', async () => {
  const owner = spawn(process.execPath, [STARTER], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  owner.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
  const line = await until(() => Promise.resolve(/^pids (.+)$/mu.exec(output)?.[1]), 900_000);
  const pids = line.split(' ').map(Number);
  expect(pids).toHaveLength(3);
  expect(pids.filter(isAlive)).toEqual(pids);

  owner.kill('SIGKILL');

  await until(() => Promise.resolve(pids.every((pid) => !isAlive(pid))));
}, 960_000);
