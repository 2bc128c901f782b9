import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { access, constants, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { downloadCommand } from '../../../local/control-plane/download.ts';

const COMMAND = '#!/bin/sh\nexit 0\n';
const sum = createHash('sha256').update(COMMAND).digest('hex');
const files = new Map([
  ['/good', COMMAND],
  ['/good.sha256', `${sum}\n`],
  ['/altered', `${COMMAND}# and more\n`],
  ['/altered.sha256', sum],
  ['/unpromised', COMMAND],
]);

let server: Server;
let origin: string;
let dir: string;

beforeAll(async () => {
  server = createServer(({ url = '' }, response) => {
    const file = files.get(url);
    response.writeHead(file === undefined ? 404 : 200).end(file);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no address');
  origin = `http://127.0.0.1:${address.port}`;
  dir = await mkdtemp(join(tmpdir(), 'keyrelay-download-'));
});

afterAll(async () => {
  server.close();
  await rm(dir, { recursive: true });
});

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

test('a command that is what its checksum promises can be run', async () => {
  const output = join(dir, 'good');

  expect(await downloadCommand(`${origin}/good`, output)).toBe(true);

  expect(await readFile(output, 'utf8')).toBe(COMMAND);
  await access(output, constants.X_OK);
});

test('a command that is not what its checksum promises is refused, and never written', async () => {
  const output = join(dir, 'altered');

  await expect(downloadCommand(`${origin}/altered`, output)).rejects.toThrow(
    /altered has SHA-256 .* not used/u,
  );

  expect(await exists(output)).toBe(false);
});

test.each(['/missing', '/unpromised'])('%s is left to be built', async (path) => {
  const output = join(dir, 'left');

  expect(await downloadCommand(`${origin}${path}`, output)).toBe(false);

  expect(await exists(output)).toBe(false);
});

test('where nobody answers, the command is left to be built', async () => {
  expect(await downloadCommand('http://127.0.0.1:1/good', join(dir, 'nobody'))).toBe(false);
});
