import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { compileConfig } from '../../../lambda/declarations/compile.ts';
import { readConfig } from '../../../lambda/declarations/read-config.ts';
import { CONFIG, compiled, edit } from './sources.ts';

const root = new URL('../../../', import.meta.url);
const read = (path: string): Promise<string> => readFile(new URL(path, root), 'utf8');

/** The YAML blocks of a Markdown file. */
function yamlBlocks(markdown: string): readonly string[] {
  return [...markdown.matchAll(/^```yaml\n(.*?)^```$/gmsu)].map(([, block = '']) => block);
}

test('the example that ships compiles', async () => {
  const { config } = await readConfig(fileURLToPath(new URL('config', root)));

  expect(config.declarations.map(({ name, clusters }) => [name, clusters])).toEqual([
    ['db', ['prod-eu', 'prod-us']],
    ['payment', ['prod-eu', 'prod-us']],
    ['session-key', ['prod-eu']],
  ]);
});

test('the examples of the reference compile', async () => {
  const blocks = yamlBlocks(await read('docs/configuration.md'));
  const [config = '', manifest = '', everywhere = '', own = '', ...others] = blocks;

  const result = compileConfig({
    config: { path: 'keyrelay.yaml', text: config },
    declarations: [{ path: 'declarations/shop.yaml', text: manifest }],
  });

  expect(others).toEqual([]);
  expect(
    compileConfig({
      config: { path: 'keyrelay.yaml', text: config },
      declarations: [{ path: 'declarations/everywhere.yaml', text: everywhere }],
    }),
  ).toMatchObject({ kind: 'compiled' });
  expect(compileConfig({ config: { path: 'keyrelay.yaml', text: own }, declarations: [] })).toMatchObject({
    kind: 'compiled',
    config: {
      clusters: [{ declarations: 'cluster', allow: [{ namespaces: ['shop'] }, { namespaces: ['bank'] }] }],
    },
  });
  expect(result).toMatchObject({
    kind: 'compiled',
    config: { declarations: [{ name: 'db', target: { name: 'db-credentials' } }] },
  });
});

test('the example of the README compiles', async () => {
  const [manifest = ''] = yamlBlocks(await read('README.md'));

  const { declarations } = compiled(manifest, edit(CONFIG, 'name: test-eu', 'name: prod-us'));

  expect(declarations).toMatchObject([{ name: 'db', clusters: ['prod-eu', 'prod-us'] }]);
});

test.each([
  ['schedule', 'rate(1 hour)'],
  ['clusterConcurrency', '10'],
  ['garbageCollection.maxShare', '0.2'],
  ['garbageCollection.minimum', '1'],
  ['garbageCollection.graceSeconds', '900'],
])('the reference says the default of settings.%s', async (setting, value) => {
  const reference = (await read('docs/configuration.md')).replaceAll(/ +/gu, ' ');

  expect(reference).toContain(`| \`settings.${setting}\` | \`${value}\` |`);
  expect(await read('config/keyrelay.schema.json')).toContain(
    `"default": ${/^[\d.]+$/u.test(value) ? value : JSON.stringify(value)}`,
  );
});
