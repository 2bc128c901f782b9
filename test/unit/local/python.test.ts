import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findPython } from '../../../local/python.ts';

let folder: string;
let good: string;
let old: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyrelay-python-'));
  good = await executable('good', 'exit 0');
  old = await executable('old', 'exit 1'); // What the version check ends with on an older Python.
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test('takes the first Python that is recent enough, past missing and old ones', async () => {
  expect(await findPython([join(folder, 'missing'), old, good])).toBe(good);
});

test('says what was looked for and how to get it when there is none', async () => {
  await expect(findPython(['no-such-python', old])).rejects.toThrow(
    /none of no-such-python, .*old is Python 3\.10 or later.*apt install python3 python3-venv/u,
  );
});

async function executable(name: string, script: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return path;
}
