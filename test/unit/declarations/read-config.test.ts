import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { readConfig } from '../../../lambda/declarations/read-config.ts';
import { CONFIG, MANIFEST, edit } from './sources.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyrelay-config-'));
  await mkdir(join(folder, 'declarations', 'team'), { recursive: true });
  await writeFile(join(folder, 'keyrelay.yaml'), CONFIG);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('every YAML file below declarations is read, in the order of their names', async () => {
  await writeFile(join(folder, 'declarations', 'team', 'a.yml'), edit(MANIFEST, 'name: db', 'name: in-team'));
  await writeFile(join(folder, 'declarations', 'b.yaml'), MANIFEST);
  await writeFile(join(folder, 'declarations', 'README.md'), '# no YAML');

  const { config } = await readConfig(folder);

  expect(config.declarations.map(({ name }) => name)).toEqual(['db', 'in-team']);
});

test('mistakes of all files are told in one error, a line each', async () => {
  await writeFile(join(folder, 'declarations', 'a.yaml'), edit(MANIFEST, 'name: db', 'name: DB'));
  await writeFile(
    join(folder, 'declarations', 'b.yaml'),
    edit(MANIFEST, 'kind: ExternalSecret', 'kind: Secret'),
  );

  await expect(readConfig(folder)).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: [
      `CONFIG_INVALID: 2 problems in ${folder}; correct them where they are:`,
      `  ${folder}/declarations/a.yaml:4:9: metadata.name: found "DB", expected a Kubernetes name: lower-case letters, digits, - and ., at most 253 [DECLARATION_INVALID]`,
      `  ${folder}/declarations/b.yaml:2:7: kind: found "Secret", expected ExternalSecret: no other kind is supported yet [DECLARATION_UNSUPPORTED]`,
    ].join('\n'),
  });
});

test('an empty folder of declarations declares nothing', async () => {
  expect((await readConfig(folder)).config.declarations).toEqual([]);
});

test.each([
  ['keyrelay.yaml', 'is needed'],
  ['declarations', 'must exist'],
])('a missing %s is an error, not an empty configuration', async (name, message) => {
  await rm(join(folder, name), { recursive: true });

  await expect(readConfig(folder)).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: expect.stringContaining(message),
  });
});
