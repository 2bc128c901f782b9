import { mkdtempSync, readFileSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { synthesize } from '../support/synthesize.ts';
import { fieldsOf } from '../support/resolved-template.ts';
import { assemblyFolder, templateOf, templatePaths } from '../support/templates.ts';

const folder = mkdtempSync(join(tmpdir(), 'keyrelay-synth-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('cdk synth', () => {
  test('makes a relay for each home, access for each place with clusters, and forwarding where it is needed', () => {
    expect([...templatePaths('example').keys()]).toEqual([
      'keyrelay-access-111122223333-eu-west-1',
      'keyrelay-access-444455556666-us-east-1',
      'keyrelay-relay-eu-west-1',
    ]);
    expect([...templatePaths('fleet').keys()]).toEqual([
      'fleet-access-111122223333-eu-west-1',
      'fleet-access-444455556666-us-east-1',
      'fleet-access-777788889999-ap-southeast-2',
      'fleet-events-111122223333-eu-west-1',
      'fleet-events-444455556666-eu-west-1',
      'fleet-events-444455556666-us-east-1',
      'fleet-relay-eu-west-1',
      'fleet-relay-us',
    ]);
  });

  test('names account and region of every stack, protects it, and looks nothing up', () => {
    const manifest: unknown = JSON.parse(
      readFileSync(join(assemblyFolder('fleet'), 'manifest.json'), 'utf8'),
    );
    const artifacts = Object.entries(fieldsOf(pathIn(manifest, ['artifacts']))).filter(([id]) =>
      id.startsWith('fleet-'),
    );
    const stacks = artifacts.filter(([id]) => !id.includes('.'));

    expect(
      stacks.map(([id, stack]) => [id, fieldsOf(stack)['environment'], fieldsOf(stack)['properties']]),
    ).toMatchObject(
      stacks.map(([id]) => [
        id,
        expect.stringMatching(/^aws:\/\/\d{12}\/[a-z]+-[a-z]+-\d$/u),
        { terminationProtection: true, tags: { team: 'platform' } },
      ]),
    );
    expect(manifest).not.toHaveProperty('missing');
  });

  test('makes the same templates again, byte for byte', async () => {
    const again = join(folder, 'again');
    await synthesize('test/infra/configs/fleet', again);

    for (const [stack, path] of templatePaths('fleet'))
      expect([stack, readFileSync(join(again, `${stack}.template.json`), 'utf8')]).toEqual([
        stack,
        readFileSync(path, 'utf8'),
      ]);
  });

  test('ships the configuration of a relay with its functions: its clusters and no others', () => {
    const clustersOf = (stack: string): unknown => {
      const code = templateOf('fleet', stack).findResources('AWS::Lambda::Function', {
        Properties: { Handler: 'index.handler', MemorySize: 1024 },
      });
      const [key = ''] = Object.values(code).map((item) =>
        String(pathIn(item, ['Properties', 'Code', 'S3Key'])),
      );
      const config = join(assemblyFolder('fleet'), `asset.${key.replace('.zip', '')}`, 'config.json');
      const { clusters, declarations } = fieldsOf(JSON.parse(readFileSync(config, 'utf8')));
      const each = (list: unknown): readonly Readonly<Record<string, unknown>>[] =>
        Array.isArray(list) ? list.map(fieldsOf) : [];
      return [
        each(clusters).map((cluster) => cluster['name']),
        each(declarations).map((item) => [item['name'], item['clusters']]),
      ];
    };

    expect(clustersOf('fleet-relay-us')).toEqual([
      ['abroad', 'abroad-gitops'],
      [
        ['database', ['abroad', 'abroad-gitops']],
        ['partner', ['abroad']],
        ['tagged', ['abroad']],
      ],
    ]);
    expect(clustersOf('fleet-relay-eu-west-1')).toEqual([
      ['near', 'by-policy', 'by-hand', 'remote'],
      [
        ['database', ['near', 'by-policy', 'by-hand', 'remote']],
        ['legacy', ['near']],
        ['settings', ['near']],
      ],
    ]);
  });
});

const CONFIG = readFileSync('test/infra/configs/private/keyrelay.yaml', 'utf8');
const DECLARATION = readFileSync('test/infra/configs/private/declarations/shop.yaml', 'utf8');

/** What synth says to a configuration, on one line. */
async function complaint(config: string, declarations: Readonly<Record<string, string>>): Promise<string> {
  const bad = mkdtempSync(join(folder, 'bad-'));
  mkdirSync(join(bad, 'declarations'));
  writeFileSync(join(bad, 'keyrelay.yaml'), config);
  for (const [name, text] of Object.entries(declarations))
    writeFileSync(join(bad, 'declarations', name), text);
  const failure: unknown = await synthesize(bad, join(bad, 'out')).then(
    () => undefined,
    (error: unknown) => error,
  );
  const { code, stderr } = fieldsOf(failure);
  expect(code).toBe(1);
  expect(stderr).not.toMatch(/^\s+at .*\.ts:/mu);
  return String(stderr).replaceAll(/\s+/gu, ' ');
}

describe('synth refuses, with what is wrong, where, and what to do,', () => {
  test.each([
    [
      'a field that is none',
      CONFIG.replace('namespaces:', 'namespace:'),
      /keyrelay\.yaml:\d+:\d+.*namespace/u,
    ],
    [
      'a region that AWS does not have',
      CONFIG.replaceAll('eu-central-1', 'eu-middle-1'),
      /region eu-middle-1 is not one that AWS has.*correct it in keyrelay\.yaml/u,
    ],
    [
      'a name that is too long for the resources that are named by it',
      CONFIG.replace('name: inside', 'name: a-name-that-is-rather-long-for-a-role'),
      /keyrelay\.yaml:\d+:\d+.*at most 20/u,
    ],
    [
      'a declared secret that its store’s patterns do not admit',
      CONFIG.replace('- name: aws', '- name: aws\n    secrets: [other/*]'),
      /shop\/database reads the secret shop\/database, which none of the patterns of store aws admits/u,
    ],
    [
      'a home that there is not',
      CONFIG.replace(
        "account: '111122223333'\n    namespaces",
        "account: '111122223333'\n    home: mars\n    namespaces",
      ),
      /keyrelay\.yaml:\d+:\d+.*"mars".*one of eu-central-1/u,
    ],
    [
      'subnets without their availability zones',
      CONFIG.replace('[eu-central-1a, eu-central-1b]', '[eu-central-1a]'),
      /2 subnets.*one for each of the 1 availability zones/u,
    ],
  ])('%s', async (_, config, message) => {
    expect(await complaint(config, { 'shop.yaml': DECLARATION })).toMatch(message);
  });

  test('two declarations for one target', async () => {
    const other = DECLARATION.replace('name: database\n  namespace', 'name: other\n  namespace');

    expect(await complaint(CONFIG, { 'a.yaml': DECLARATION, 'b.yaml': other })).toMatch(
      /b\.yaml:\d+.*DECLARATION_CONFLICT/u,
    );
  });

  test('a Secret of a type that is a credential of the cluster itself', async () => {
    const token = DECLARATION.replace(
      'name: database\n  dataFrom',
      'name: database\n    template: { type: kubernetes.io/service-account-token }\n  dataFrom',
    );

    expect(await complaint(CONFIG, { 'a.yaml': token })).toMatch(/service-account-token/u);
  });
});

function pathIn(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((item, key) => fieldsOf(item)[key], value);
}
