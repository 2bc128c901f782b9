import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { build } from 'esbuild';
import { billOfMaterials, componentsOf } from '../../infra/bill-of-materials.ts';
import { FUNCTIONS, INSTALLER, bundleOptions } from '../../infra/bundle.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** They ask for a notice, and for nothing of those who use the product. */
const PERMISSIVE = ['Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT', 'MIT-0', '0BSD'];
const committed = readFileSync(join(ROOT, 'docs/sbom.cdx.json'), 'utf8');
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'keyrelay-sbom-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the bill of materials', () => {
  test('is what the bundles consist of: `npm run sbom` writes it anew', async () => {
    expect(await billOfMaterials(ROOT, folder)).toBe(committed);
  });

  test('has permissive licences only', () => {
    const others = componentsOf(committed).filter(
      ({ licences }) => licences.length === 0 || !licences.every((id) => PERMISSIVE.includes(id)),
    );

    expect(others).toEqual([]);
  });

  test('is told on the page of licences, line by line', () => {
    const page = readFileSync(join(ROOT, 'docs/licences.md'), 'utf8');
    const told = [
      ...page.matchAll(/^\| `(?<name>[^`]+)`\s*\| (?<version>\S+)\s*\| (?<licence>.+?)\s*\|$/gmu),
    ];

    expect(told.map(({ groups }) => ({ ...groups }))).toEqual(
      componentsOf(committed).map(({ name, version, licences }) => ({
        name,
        version,
        licence: licences.join(', '),
      })),
    );
  });
});

describe('the bundles', () => {
  test.each([...FUNCTIONS, INSTALLER])('%s needs nothing but Node', async (name) => {
    const { metafile } = await build({
      ...bundleOptions(ROOT, { index: join('lambda/handlers', `${name}.ts`) }, join(folder, name)),
      metafile: true,
      write: false,
    });
    const outside = Object.values(metafile.outputs)
      .flatMap(({ imports }) => imports)
      .filter(({ external, path }) => external === true && !isBuiltin(path));

    expect(outside).toEqual([]);
  });

  test.each([
    ['a require of a name that is computed', 'export const load = (name) => require(name);'],
    ['a require by another name', 'const other = require; export const load = () => other("x");'],
    ['an import of a name that is computed', 'export const load = (name) => import(name);'],
    ['eval', 'export const run = (text) => eval(text);'],
  ])('cannot be made with %s', async (_what, contents) => {
    const source = join(folder, 'source.mjs');
    writeFileSync(source, contents);
    const options = bundleOptions(ROOT, { source }, folder);
    const bundle = build({ ...options, write: false, logLevel: 'silent' });

    await expect(bundle).rejects.toThrow('Build failed with 1 error');
  });
});

describe('versions', () => {
  test('are exact wherever a package of ours is named', () => {
    const manifest: unknown = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    const versions = Object.entries({
      ...manifestOf(manifest, 'dependencies'),
      ...manifestOf(manifest, 'devDependencies'),
    });

    expect(versions.length).toBeGreaterThan(30);
    expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+$/u.test(String(version)))).toEqual([]);
  });
});

function manifestOf(manifest: unknown, key: string): object {
  const found: unknown = Object.entries(manifest ?? {}).find(([name]) => name === key)?.[1];
  return typeof found === 'object' && found !== null ? found : {};
}
