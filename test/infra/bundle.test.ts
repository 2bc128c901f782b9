import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, openSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
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

/** The files of a bundle, by whether they are loaded with it or only by a dynamic import. */
function chunksOf(index: string): {
  readonly atOnce: readonly string[];
  readonly onDemand: readonly string[];
} {
  const atOnce = new Set([index]);
  for (const file of atOnce) {
    const imports = readFileSync(file, 'utf8').matchAll(/(?:\bfrom|\bimport)\s*"(\.\/chunk-\w+\.mjs)"/gu);
    for (const [, chunk = ''] of imports) atOnce.add(join(dirname(index), chunk));
  }
  const all = readdirSync(dirname(index)).map((name) => join(dirname(index), name));
  return { atOnce: [...atOnce], onDemand: all.filter((file) => !atOnce.has(file)) };
}

describe.each(['push', 'reconcile', 'reconcile-shard', 'rollout'])('the bundle of %s', (name) => {
  test('stays below 1.6 MB, what is loaded on demand included', () => {
    const bytes = filesOf(name).reduce((sum, file) => sum + statSync(file).size, 0);

    expect(bytes).toBeLessThan(1_600_000);
  });

  test('holds no part of client-node’s own transport', () => {
    const text = filesOf(name)
      .map((file) => readFileSync(file, 'utf8'))
      .join('');

    // A class of undici's, whose name the bundle would keep.
    expect(text.includes('EnvHttpProxyAgent')).toBe(false);
  });

  test('loads the code of a store only when one of its kind is opened', () => {
    const { atOnce, onDemand } = chunksOf(join(folder, name, 'index.mjs'));

    for (const marker of ['AmazonSSM', 'com.amazonaws.secretsmanager']) {
      expect(atOnce.filter((file) => readFileSync(file, 'utf8').includes(marker))).toEqual([]);
      expect(onDemand.filter((file) => readFileSync(file, 'utf8').includes(marker))).not.toEqual([]);
    }
  });

  test('loads EventBridge only when there is a receipt to send', () => {
    const { atOnce, onDemand } = chunksOf(join(folder, name, 'index.mjs'));
    const having = (files: readonly string[]) =>
      files.filter((file) => readFileSync(file, 'utf8').includes('AWSEvents'));

    expect(having(atOnce)).toEqual([]);
    expect(having(onDemand)).toHaveLength(1);
  });

  test('names every environment variable that it misses', () => {
    const said = join(folder, `${name}.stderr`);
    // Node shows the line that threw, which is most of the bundle: more than it gets into a pipe before it ends.
    const { status } = spawnSync(process.execPath, [join(folder, name, 'index.mjs')], {
      env: {},
      stdio: ['ignore', 'ignore', openSync(said, 'w')],
    });
    const stderr = readFileSync(said, 'utf8').split('RelayError: ').at(-1);

    expect(status).not.toBe(0);
    for (const variable of [
      'KEYRELAY_PUSH_QUEUE_URL',
      'KEYRELAY_SHARD_QUEUE_URL',
      'KEYRELAY_DEAD_LETTER_QUEUE_URL',
      'KEYRELAY_ACCOUNT',
      'KEYRELAY_MAX_RECEIVES',
      'AWS_REGION',
    ]) {
      expect(stderr).toContain(variable);
    }
  });
});
