import { expect, test } from '@jest/globals';
import { compileConfig } from '../../../lambda/declarations/compile.ts';
import { CONFIG, MANIFEST, compiled, declared, edit, problems } from './sources.ts';

const SECOND = edit(edit(MANIFEST, 'name: db', 'name: other'), '  data:', '  target: { name: db }\n  data:');

test('a declaration comes out complete, with every default filled in', () => {
  expect(declared()).toEqual({
    namespace: 'shop',
    name: 'db',
    clusters: ['prod-eu'],
    takeOver: false,
    dataFrom: [],
    data: [
      {
        secretKey: 'password',
        ref: { store: 'aws', key: 'prod/db', version: 'AWSCURRENT' },
        property: undefined,
      },
    ],
    target: {
      name: 'db',
      creationPolicy: 'Owner',
      deletionPolicy: 'Retain',
      template: { type: undefined, labels: {}, annotations: {} },
    },
    digest: expect.stringMatching(/^[0-9a-f]{64}$/u),
  });
});

test('what is said is taken over', () => {
  const spec = `spec:
  secretStoreRef: { kind: ClusterSecretStore, name: aws }
  target:
    name: credentials
    creationPolicy: CreateOrMerge
    deletionPolicy: Merge
    template: { type: Opaque, metadata: { labels: { team: a }, annotations: { example.com/a: b } } }
  dataFrom:
    - extract: { key: prod/all, version: AWSPREVIOUS, property: a }
  data:
    - secretKey: one
      remoteRef: { key: prod/one, version: uuid/11111111-2222-3333-4444-555555555555, property: p.q }
      sourceRef: { storeRef: { name: us } }
`;
  const manifest = edit(
    edit(MANIFEST, ': prod-eu', ': prod-eu\n    keyrelay.dev/take-over: "true"'),
    MANIFEST.slice(MANIFEST.indexOf('spec:')),
    spec,
  );
  const config = `${CONFIG}  - name: us\n    provider: { aws: { service: SecretsManager, region: us-east-1 } }\n`;

  expect(declared(manifest, config)).toMatchObject({
    takeOver: true,
    dataFrom: [
      { kind: 'extract', ref: { store: 'aws', key: 'prod/all', version: 'AWSPREVIOUS' }, property: 'a' },
    ],
    data: [
      {
        secretKey: 'one',
        ref: { store: 'us', key: 'prod/one', version: 'uuid/11111111-2222-3333-4444-555555555555' },
        property: 'p.q',
      },
    ],
    target: {
      name: 'credentials',
      creationPolicy: 'CreateOrMerge',
      deletionPolicy: 'Merge',
      template: { type: 'Opaque', labels: { team: 'a' }, annotations: { 'example.com/a': 'b' } },
    },
  });
});

test.each([
  ['names', 'clusters: test-eu, prod-eu', ['test-eu', 'prod-eu']],
  ['a name twice', 'clusters: prod-eu,prod-eu', ['prod-eu']],
  ['a selector', 'cluster-selector: env in (prod, test)', ['prod-eu', 'test-eu']],
  ['a selector of one', 'cluster-selector: env!=prod', ['test-eu']],
])('the clusters of %s are resolved', (_what, annotation, clusters) => {
  expect(declared(edit(MANIFEST, 'clusters: prod-eu', annotation)).clusters).toEqual(clusters);
});

test.each([
  ['"true"', true],
  ['"false"', false],
])('take-over %s means %s', (value, takeOver) => {
  const manifest = edit(MANIFEST, ': prod-eu', `: prod-eu\n    keyrelay.dev/take-over: ${value}`);

  expect(declared(manifest).takeOver).toBe(takeOver);
});

test.each([
  { key: 'db', read: 'prod/db' },
  {
    key: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf',
    read: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf',
  },
])('the prefix of a store stands before a name and not before an ARN: $key', ({ key, read }) => {
  const config = edit(CONFIG, 'region: eu-west-1 }', 'region: eu-west-1, prefix: prod/ }');

  const { stores, declarations } = compiled(edit(MANIFEST, 'prod/db', key), config);

  expect(stores).toMatchObject([{ name: 'aws', prefix: 'prod/' }]);
  expect(declarations).toMatchObject([{ data: [{ ref: { key: read } }] }]);
});

test('a mistake that several items share is told once', () => {
  const two = edit(MANIFEST, '  data:\n', '  data:\n    - { secretKey: user, remoteRef: { key: a } }\n');

  expect(problems(edit(two, 'name: aws', 'name: vault'))).toEqual([
    'DECLARATION_INVALID declarations/a.yaml:9:27: spec.secretStoreRef.name: found "vault", expected a store of keyrelay.yaml (aws)',
  ]);
});

test('without a template the Secret gets the labels and annotations of the ExternalSecret, but none that steer', () => {
  const manifest = edit(
    MANIFEST,
    '  annotations:',
    '  labels: { team: a, app.kubernetes.io/managed-by: Helm }\n  annotations:\n    example.com/a: b\n    kubectl.kubernetes.io/last-applied-configuration: c',
  );

  expect(declared(manifest).target.template).toEqual({
    type: undefined,
    labels: { team: 'a' },
    annotations: { 'example.com/a': 'b' },
  });
});

test('a template takes the place of the labels and annotations of the ExternalSecret', () => {
  const manifest = edit(
    edit(MANIFEST, '  annotations:', '  labels: { team: a }\n  annotations:'),
    '  data:',
    '  target: { template: { type: Opaque } }\n  data:',
  );

  expect(declared(manifest).target.template).toEqual({ type: 'Opaque', labels: {}, annotations: {} });
});

test('several documents and files make one configuration, in order', () => {
  const third = edit(MANIFEST, 'name: db', 'name: third');
  const result = compileConfig({
    config: { path: 'keyrelay.yaml', text: CONFIG },
    declarations: [
      {
        path: 'a.yaml',
        text: `---\n${MANIFEST}---\n# nothing\n---\n${edit(MANIFEST, 'name: db', 'name: second')}`,
      },
      { path: 'b.yml', text: third },
    ],
  });

  expect(result).toMatchObject({
    kind: 'compiled',
    deployment: { schedule: 'rate(1 hour)' },
    config: { formatVersion: 1, declarations: [{ name: 'db' }, { name: 'second' }, { name: 'third' }] },
  });
});

test('one mistake in one file leaves no configuration, and all mistakes are told by file and line', () => {
  const result = compileConfig({
    config: { path: 'keyrelay.yaml', text: edit(CONFIG, 'region: eu-west-1 }', 'region: x }') },
    declarations: [
      {
        path: 'b.yaml',
        text: edit(edit(MANIFEST, 'name: db', 'name: DB'), 'secretKey: password', 'secretKey: a b'),
      },
      { path: 'a.yaml', text: MANIFEST },
      { path: 'a2.yaml', text: 'a: [' },
    ],
  });

  expect(result.kind === 'invalid' ? result.problems.map(({ file, line }) => `${file}:${line}`) : []).toEqual(
    ['a2.yaml:1', 'b.yaml:4', 'b.yaml:11', 'keyrelay.yaml:16'],
  );
});

test('the same ExternalSecret twice in a cluster names both places', () => {
  expect(problems(`${MANIFEST}---\n${MANIFEST}`)).toEqual([
    'DECLARATION_CONFLICT declarations/a.yaml:17:9: metadata.name: found ExternalSecret shop/db again in prod-eu: it is at declarations/a.yaml:4:9 already, expected another name, or other clusters',
  ]);
});

test.each([
  ['own it both', SECOND],
  ['own and merge it', edit(SECOND, '{ name: db }', '{ name: db, creationPolicy: Merge }')],
])('two declarations that %s conflict over one Secret', (_what, second) => {
  expect(problems(`${MANIFEST}---\n${second}`)).toEqual([
    'DECLARATION_CONFLICT declarations/a.yaml:23:19: spec.target.name: found Secret shop/db again in prod-eu: it is at declarations/a.yaml:4:9 already, expected another target, or all keys in one declaration',
  ]);
});

test.each([
  ['one of which writes nothing', edit(SECOND, '{ name: db }', '{ name: db, creationPolicy: None }')],
  ['for different clusters', edit(SECOND, 'clusters: prod-eu', 'clusters: test-eu')],
  ['with different targets', edit(SECOND, '{ name: db }', '{ name: db2 }')],
  ['in different namespaces', edit(SECOND, 'namespace: shop', 'namespace: web')],
])('two declarations %s do not conflict', (_what, second) => {
  expect(problems(`${MANIFEST}---\n${second}`)).toEqual([]);
});

test('two that merge into one Secret conflict too, because each would remove the keys of the other', () => {
  const merge = (text: string, target: string): string =>
    edit(text, '  data:', `  target: { name: ${target}, creationPolicy: Merge }\n  data:`);

  const messages = problems(
    `${merge(MANIFEST, 'shared')}---\n${merge(edit(MANIFEST, 'name: db', 'name: b'), 'shared')}`,
  );

  expect(messages).toHaveLength(1);
  expect(messages[0]).toContain('DECLARATION_CONFLICT');
});

test('the same name is fine where no cluster is shared', () => {
  const other = edit(MANIFEST, 'clusters: prod-eu', 'clusters: test-eu');

  expect(compiled(`${MANIFEST}---\n${other}`).declarations.map(({ clusters }) => clusters)).toEqual([
    ['prod-eu'],
    ['test-eu'],
  ]);
});

test('a conflict in several clusters is told once', () => {
  const both = edit(MANIFEST, 'clusters: prod-eu', 'clusters: prod-eu, test-eu');

  expect(problems(`${both}---\n${both}`)).toEqual([
    expect.stringContaining('found ExternalSecret shop/db again in prod-eu, test-eu: it is at'),
  ]);
});
