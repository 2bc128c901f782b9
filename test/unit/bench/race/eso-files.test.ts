import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { esoFiles } from '../../../../bench/race/eso-files.ts';

let folder = '';
let given: Record<string, string> = {};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'keyrelay-eso-files-'));
  given = { ESO_BIN: join(folder, 'eso'), ESO_CRDS: join(folder, 'crds.yaml'), ESO_VERSION: 'v2.9.0' };
  writeFileSync(join(folder, 'eso'), '');
  chmodSync(join(folder, 'eso'), 0o755);
  writeFileSync(join(folder, 'crds.yaml'), '');
});

afterAll(() => rmSync(folder, { recursive: true }));

test('a release is what the environment says', () => {
  expect(esoFiles(given)).toEqual({
    binary: join(folder, 'eso'),
    crds: join(folder, 'crds.yaml'),
    version: 'v2.9.0',
  });
});

test('all that is missing is said at once, with what to give', () => {
  const missing = (): unknown => esoFiles({});

  expect(missing).toThrow(/ESO_BIN is not set: the path of the operator's executable/u);
  expect(missing).toThrow(/ESO_CRDS is not set: the path of/u);
  expect(missing).toThrow(/ESO_VERSION is not set: what the results are to call it/u);
});

test('a path at which there is no file is said', () => {
  const nowhere = join(folder, 'nowhere');

  expect(() => esoFiles({ ...given, ESO_BIN: nowhere })).toThrow(`ESO_BIN is ${nowhere}, which is no file`);
  expect(() => esoFiles({ ...given, ESO_CRDS: folder })).toThrow(`ESO_CRDS is ${folder}, which is no file`);
});

test('a file that cannot be executed is said', () => {
  const crds = given['ESO_CRDS'] ?? '';

  expect(() => esoFiles({ ...given, ESO_BIN: crds })).toThrow(`ESO_BIN is ${crds}, which cannot be executed`);
});
