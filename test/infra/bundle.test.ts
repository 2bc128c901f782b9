import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'keyrelay-bundle-'));
  execFileSync(process.execPath, [join(ROOT, 'infra/bundle-functions.ts'), folder]);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const filesOf = (name: string): readonly string[] =>
  readdirSync(join(folder, name)).map((file) => join(folder, name, file));

describe.each(['push', 'reconcile', 'reconcile-shard'])('the bundle of %s', (name) => {
  test('stays below 1.5 MB, what is loaded on demand included', () => {
    const bytes = filesOf(name).reduce((sum, file) => sum + statSync(file).size, 0);

    expect(bytes).toBeLessThan(1_500_000);
  });

  test('holds no part of client-node’s own transport', () => {
    const text = filesOf(name)
      .map((file) => readFileSync(file, 'utf8'))
      .join('');

    // A class of undici's, whose name the bundle would keep.
    expect(text.includes('EnvHttpProxyAgent')).toBe(false);
  });

  test('names every environment variable that it misses', () => {
    const { stderr, status } = spawnSync(process.execPath, [join(folder, name, 'index.mjs')], {
      env: {},
      encoding: 'utf8',
    });

    expect(status).not.toBe(0);
    for (const variable of [
      'KEYRELAY_PUSH_QUEUE_URL',
      'KEYRELAY_SHARD_QUEUE_URL',
      'KEYRELAY_DEAD_LETTER_QUEUE_URL',
      'KEYRELAY_ACCOUNT',
      'AWS_REGION',
    ]) {
      expect(stderr).toContain(variable);
    }
  });
});
