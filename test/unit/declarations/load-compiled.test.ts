import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { loadCompiled, serializeCompiled } from '../../../lambda/declarations/load-compiled.ts';
import { compiled } from './sources.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyrelay-compiled-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function load(text: string): ReturnType<typeof loadCompiled> {
  const path = join(folder, 'config.json');
  await writeFile(path, text);
  return loadCompiled(path);
}

test('what is compiled reads the same at run time', async () => {
  const config = compiled();

  expect(await load(serializeCompiled(config))).toEqual(config);
});

test.each([
  ['broken JSON', '{"formatVersion": 1, "hunter2', 'is no JSON'],
  ['another format', '{"formatVersion":2}', 'has format 2, and this function reads format 1'],
  ['no format', '[]', 'has format unknown, and this function reads format 1'],
  ['null', 'null', 'has format unknown, and this function reads format 1'],
  [
    'half a configuration',
    '{"formatVersion":1,"clusters":[],"stores":[],"settings":{}}',
    'lacks one of clusters, stores, declarations or settings',
  ],
])('%s is refused with the reason, and without a word of the text', async (_what, text, reason) => {
  const failure = load(text);

  await expect(failure).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: expect.stringContaining(reason),
  });
  await expect(failure).rejects.not.toMatchObject({ message: expect.stringContaining('hunter2') });
});

test('a file that is not there is refused with its path', async () => {
  await expect(loadCompiled(join(folder, 'missing.json'))).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: expect.stringContaining('missing.json cannot be read'),
  });
});
