import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { loadManifests } from '../../../lambda/installer/load-manifests.ts';
import { aManifest } from './manifests.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyrelay-manifests-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('the file of manifests', () => {
  test('gives each cluster its own, with every field that is applied', async () => {
    const path = join(folder, 'manifests.json');
    const plain = aManifest('Role', 'keyrelay', 'shop');
    const metadata = { ...plain.metadata, annotations: { note: 'kept' } };
    const role = { ...plain, metadata, rules: [{ verbs: ['get'] }] };
    await writeFile(path, JSON.stringify({ one: [role], two: [] }));

    const manifests = await loadManifests(path);

    expect([...manifests]).toEqual([
      ['one', [role]],
      ['two', []],
    ]);
  });

  test.each([
    ['nothing', ''],
    ['no JSON', '{'],
    ['no object', '[]'],
    ['no list of a cluster', '{"one":{}}'],
    ['a manifest without a kind', '{"one":[{"apiVersion":"v1","metadata":{"name":"a","labels":{}}}]}'],
    ['a manifest without labels', '{"one":[{"apiVersion":"v1","kind":"Role","metadata":{"name":"a"}}]}'],
  ])('holding %s is refused by its path', async (_, text) => {
    const path = join(folder, 'manifests.json');
    await writeFile(path, text);

    const loading = loadManifests(path);

    await expect(loading).rejects.toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
    await expect(loading).rejects.toThrow(path);
  });

  test('that is missing is refused by its path', async () => {
    const path = join(folder, 'nowhere.json');

    await expect(loadManifests(path)).rejects.toThrow(path);
  });
});
