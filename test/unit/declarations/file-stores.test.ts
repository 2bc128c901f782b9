import { describe, expect, test } from '@jest/globals';
import { CONFIG, MANIFEST, compiled, edit, problems } from './sources.ts';

const ROLE = 'arn:aws:iam::444455556666:role/shop';
const BOTH = edit(MANIFEST, 'clusters: prod-eu', 'clusters: prod-eu, test-eu');
/** The configuration with more in `provider.aws` of its store, and beside it. */
const storeWith = (aws: string, beside = ''): string =>
  edit(
    edit(CONFIG, 'region: eu-west-1 } }', `region: eu-west-1, ${aws} } }`),
    '  - name: aws\n',
    `  - name: aws\n${beside}`,
  );
const ACCOUNT = 'auth: { jwt: { serviceAccountRef: { name: reader } } }';
const ACCOUNT_ELSEWHERE = 'auth: { jwt: { serviceAccountRef: { name: reader, namespace: web } } }';
const KEYS =
  'auth: { secretRef: { accessKeyIDSecretRef: { name: k, key: id }, secretAccessKeySecretRef: { name: k, key: key, namespace: bank } } }';

test('a store with a role reads as the role, whatever the declaration', () => {
  const config = compiled(BOTH, storeWith(`role: '${ROLE}', externalID: agreed-on`));

  expect(config.stores).toEqual([
    {
      name: 'aws',
      service: 'SecretsManager',
      region: 'eu-west-1',
      identity: { roles: [{ arn: ROLE, externalId: 'agreed-on' }] },
    },
  ]);
  expect(config.declarations).toMatchObject([
    { clusters: ['prod-eu', 'test-eu'], data: [{ ref: { store: 'aws' } }] },
  ]);
});

test('a store whose tags tell the namespace is another for each namespace', () => {
  const other = edit(BOTH, 'namespace: shop', 'namespace: web').replace('prod-eu, test-eu', 'prod-eu');

  const config = compiled(`${BOTH}---\n${other}`, storeWith(`role: '${ROLE}', sessionTagsPolicy: Simple`));

  expect(config.stores.map(({ name, identity }) => [name, identity?.roles[0]?.tags?.[0]])).toEqual([
    ['aws@shop', { key: 'esoNamespace', value: 'shop' }],
    ['aws@web', { key: 'esoNamespace', value: 'web' }],
  ]);
  expect(config.declarations.map(({ clusters, data }) => [clusters, data[0]?.ref.store])).toEqual([
    [['prod-eu', 'test-eu'], 'aws@shop'],
    [['prod-eu'], 'aws@web'],
  ]);
});

test('a store that reads as a service account is another for each cluster, and so is the declaration', () => {
  const config = compiled(BOTH, storeWith(`${ACCOUNT}, role: '${ROLE}'`));

  expect(config.stores).toMatchObject([
    {
      name: 'aws@shop/prod-eu',
      identity: { from: { cluster: 'prod-eu', namespace: 'shop', name: 'reader' }, roles: [{ arn: ROLE }] },
    },
    { name: 'aws@shop/test-eu', identity: { from: { cluster: 'test-eu', namespace: 'shop' } } },
  ]);
  expect(config.declarations.map(({ clusters, data }) => [clusters, data[0]?.ref.store])).toEqual([
    [['prod-eu'], 'aws@shop/prod-eu'],
    [['test-eu'], 'aws@shop/test-eu'],
  ]);
});

test('items of all kinds read from the store of their place', () => {
  const manifest = edit(
    MANIFEST,
    '  data:\n',
    '  dataFrom: [{ extract: { key: prod/a } }, { find: { name: { regexp: x } } }]\n  data:\n',
  );

  const [declaration] = compiled(
    manifest,
    storeWith(`role: '${ROLE}', sessionTagsPolicy: Simple`, '    secrets: [prod/*]\n'),
  ).declarations;

  expect(declaration?.dataFrom).toMatchObject([
    { ref: { store: 'aws@shop' } },
    { query: { store: 'aws@shop' } },
  ]);
});

test('the digest changes with the identity, so that the Secret is written anew', () => {
  const digests = ['shop', 'bank'].map((name) => {
    const text = storeWith(`role: 'arn:aws:iam::444455556666:role/${name}', sessionTagsPolicy: Simple`);
    return compiled(MANIFEST, text).declarations[0]?.digest;
  });

  expect(new Set(digests).size).toBe(2);
});

test('a local store that nobody reads is not there', () => {
  const other = '  - { name: other, provider: { aws: { service: SecretsManager, region: eu-west-1 } } }\n';
  const text = storeWith(ACCOUNT) + other;

  expect(compiled(edit(MANIFEST, 'name: aws', 'name: other'), text).stores.map(({ name }) => name)).toEqual([
    'other',
  ]);
});

describe('it is told with its place', () => {
  test.each([
    [
      'a namespace that the store’s conditions do not name',
      storeWith('prefix: x', '    conditions: [{ namespaces: [web] }, { namespaceRegexes: [^bank] }]\n'),
      'DECLARATION_INVALID declarations/a.yaml:8:1: spec: found store aws in namespace shop, expected a store whose conditions',
    ],
    [
      'a service account where the relay may not look',
      storeWith(ACCOUNT_ELSEWHERE),
      'DECLARATION_INVALID declarations/a.yaml:8:1: spec: found store aws, whose credentials are in namespace web of cluster test-eu, expected credentials in a namespace that keyrelay.yaml lists for it (shop)',
    ],
    [
      'keys where the relay may not look',
      storeWith(KEYS),
      'found store aws, whose credentials are in namespace bank of cluster prod-eu',
    ],
    [
      'a token in a cluster where the relay has EKS’s policy',
      edit(
        storeWith(ACCOUNT),
        '    namespaces: [shop, web]\n',
        '    namespaces: [shop, web]\n    access: access-policy\n',
      ),
      'found store aws, which reads by a token of a service account of cluster prod-eu, expected a cluster with access: rbac',
    ],
    [
      'another namespace in a SecretStore',
      storeWith(ACCOUNT_ELSEWHERE, '    kind: SecretStore\n'),
      'stores[0].provider.aws.auth.jwt.serviceAccountRef.namespace: found the namespace "web", expected none: only a ClusterSecretStore',
    ],
    [
      'a selector of labels, which files cannot know',
      storeWith('prefix: x', '    conditions: [{ namespaceSelector: {} }]\n'),
      'stores[0].conditions[0].namespaceSelector: found namespaceSelector, expected no such field: labels of namespaces are not known',
    ],
    [
      'keys of KMS where another reads',
      storeWith(`role: '${ROLE}'`, '    kmsKeys: [arn:aws:kms:eu-west-1:111122223333:key/x]\n'),
      'stores[0].kmsKeys: found keys beside another reader, expected none',
    ],
    [
      'the API server’s audience',
      storeWith(
        'auth: { jwt: { serviceAccountRef: { name: reader, audiences: [https://kubernetes.default.svc] } } }',
      ),
      'found "https://kubernetes.default.svc", expected the audience of a token, and not the API server’s',
    ],
    [
      'a tag without its role',
      storeWith('sessionTagsPolicy: Simple'),
      'stores[0].provider.aws.sessionTagsPolicy: found sessionTagsPolicy without role',
    ],
  ])('%s', (_what, config, says) => {
    const [first, ...others] = problems(BOTH, config).filter((problem) => problem.includes(says));

    expect([first, others]).toEqual([expect.stringContaining(says), []]);
  });
});

test('what is allowed lies in the cluster’s namespaces', () => {
  const allow = `    declarations: both
    allow:
      - namespaces: [shop]
        secrets: [prod/*]
        serviceAccounts: [reader, web/reader, bank/reader]
        credentials: [web/keys, bank/keys]
        kmsKeys: [arn:aws:kms:eu-west-1:111122223333:key/x]
`;
  const config = edit(CONFIG, '    namespaces: [shop, web]\n', `    namespaces: [shop, web]\n${allow}`);

  expect(problems(MANIFEST, config)).toEqual([
    expect.stringContaining(
      'clusters[0].allow[0].serviceAccounts: found "bank/reader", expected one in a namespace of the cluster (shop, web)',
    ),
    expect.stringContaining('clusters[0].allow[0].credentials: found "bank/keys"'),
    expect.stringContaining('clusters[0].allow[0].kmsKeys: found keys beside other readers'),
  ]);
});
