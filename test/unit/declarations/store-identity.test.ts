import { expect, test } from '@jest/globals';
import { Aws } from '../../../lambda/declarations/aws-schema.ts';
import { identityOf, placesOf } from '../../../lambda/declarations/store-identity.ts';
import { storeProblems } from '../../../lambda/declarations/store-rules.ts';
import { formatPath } from '../../../lambda/declarations/problems.ts';

const role = (name: string): string => `arn:aws:iam::444455556666:role/${name}`;
const aws = (some: object): Aws => Aws.parse({ service: 'SecretsManager', region: 'eu-west-1', ...some });
const PLACE = {
  kind: 'ClusterSecretStore',
  name: 'aws',
  cluster: 'prod',
  namespace: 'shop',
  audiences: ['sts.amazonaws.com'],
} as const;
const AUTOMATIC = [
  { key: 'esoNamespace', value: 'shop' },
  { key: 'esoStoreName', value: 'aws' },
  { key: 'esoStoreKind', value: 'ClusterSecretStore' },
];
const jwt = (some: object = {}) => ({ auth: { jwt: { serviceAccountRef: { name: 'reader', ...some } } } });
const secretRef = (some: object = {}) => ({
  auth: {
    secretRef: {
      accessKeyIDSecretRef: { name: 'keys', key: 'id', ...some },
      secretAccessKeySecretRef: { name: 'keys', key: 'key' },
    },
  },
});

test.each([
  ['nothing', {}, undefined],
  ['a role', { role: role('a') }, { roles: [{ arn: role('a') }] }],
  [
    'roles before it, in order',
    { role: role('c'), additionalRoles: [role('a'), role('b')] },
    { roles: [{ arn: role('a') }, { arn: role('b') }, { arn: role('c') }] },
  ],
  ['roles without a last', { additionalRoles: [role('a')] }, { roles: [{ arn: role('a') }] }],
  [
    'an external id and tags, which only the last role is told',
    {
      role: role('b'),
      additionalRoles: [role('a')],
      externalID: 'agreed-on',
      sessionTags: [{ key: 'team', value: 'shop' }],
      transitiveTagKeys: ['team'],
    },
    {
      roles: [
        { arn: role('a') },
        {
          arn: role('b'),
          externalId: 'agreed-on',
          tags: [{ key: 'team', value: 'shop' }],
          transitiveTagKeys: ['team'],
        },
      ],
    },
  ],
  [
    'tags that say for whom',
    { role: role('a'), sessionTagsPolicy: 'Simple' },
    { roles: [{ arn: role('a'), tags: AUTOMATIC }] },
  ],
  [
    'tags besides, of which an empty one is none',
    { role: role('a'), sessionTagsPolicy: 'Custom', customSessionTags: { env: 'prod', none: '' } },
    { roles: [{ arn: role('a'), tags: [{ key: 'env', value: 'prod' }, ...AUTOMATIC] }] },
  ],
  [
    'a service account of the namespace',
    { ...jwt({ audiences: ['vault'] }), role: role('a') },
    {
      from: {
        kind: 'service-account',
        cluster: 'prod',
        namespace: 'shop',
        name: 'reader',
        audiences: ['vault'],
        trusted: ['sts.amazonaws.com'],
      },
      roles: [{ arn: role('a') }],
    },
  ],
  ['a service account of another', jwt({ namespace: 'platform' }), { from: { namespace: 'platform' } }],
  [
    'keys, each where it lies',
    secretRef({ namespace: 'platform' }),
    {
      from: {
        kind: 'secret',
        cluster: 'prod',
        accessKeyId: { namespace: 'platform', name: 'keys', key: 'id' },
        secretAccessKey: { namespace: 'shop', name: 'keys', key: 'key' },
      },
    },
  ],
])('a store that names %s', (_what, some, identity) => {
  const found = identityOf(aws(some), PLACE);

  if (identity === undefined) expect(found).toBeUndefined();
  else expect(found).toMatchObject(identity);
});

test.each([
  ['one', { role: role('a'), sessionTags: [{ key: 'a', value: 'b' }] }],
  ['one', { additionalRoles: [role('a')] }],
  ['namespaces', { role: role('a'), sessionTagsPolicy: 'Simple' }],
  ['clusters', jwt()],
  ['clusters', secretRef()],
])('one identity for %s: %j', (places, some) => {
  expect(placesOf(aws(some))).toBe(places);
});

type Mistake = readonly [what: string, some: object, path: string, expected: RegExp];
const MISTAKES: readonly Mistake[] = [
  ['both origins', { auth: { ...jwt().auth, ...secretRef().auth } }, 'auth', /^one of them$/u],
  ['an external id without role', { externalID: 'agreed-on' }, 'externalID', /role beside it/u],
  ['a policy without role', { sessionTagsPolicy: 'Simple' }, 'sessionTagsPolicy', /role beside it/u],
  ['tags without role', { sessionTags: [{ key: 'a', value: 'b' }] }, 'sessionTags', /role beside it/u],
  [
    'tags beside a policy, which would be dropped',
    { role: role('a'), sessionTagsPolicy: 'Simple', sessionTags: [{ key: 'a', value: 'b' }] },
    'sessionTags',
    /sessionTagsPolicy Custom and customSessionTags/u,
  ],
  [
    'custom tags without their policy',
    { role: role('a'), sessionTagsPolicy: 'Simple', customSessionTags: { a: 'b' } },
    'customSessionTags',
    /sessionTagsPolicy Custom/u,
  ],
  [
    'a tag twice',
    {
      role: role('a'),
      sessionTags: [
        { key: 'a', value: 'b' },
        { key: 'a', value: 'c' },
      ],
    },
    'sessionTags[1].key',
    /each key once/u,
  ],
  ...['esoNamespace', 'esoStoreName', 'esoStoreKind'].flatMap((key): readonly Mistake[] => [
    [
      `the reserved tag ${key}`,
      { role: role('a'), sessionTags: [{ key, value: 'x' }] },
      'sessionTags[0].key',
      /only sessionTagsPolicy sets/u,
    ],
    [
      `the reserved custom tag ${key}`,
      { role: role('a'), sessionTagsPolicy: 'Custom', customSessionTags: { [key]: 'x' } },
      `customSessionTags.${key}`,
      /only sessionTagsPolicy sets/u,
    ],
  ]),
  [
    'a transitive key that no tag has',
    { role: role('a'), sessionTags: [{ key: 'a', value: 'b' }], transitiveTagKeys: ['a', 'c'] },
    'transitiveTagKeys[1]',
    /the key of a session tag \(a\)/u,
  ],
];

test.each(MISTAKES)('%s is refused by its name', (_what, some, path, expected) => {
  const found: string[] = [];
  storeProblems({ kind: 'ClusterSecretStore', conditions: [], aws: aws(some) }, (at, _found, wanted) => {
    expect(wanted).toMatch(expected);
    found.push(formatPath(at));
  });

  expect(found).toEqual([`provider.aws.${path}`]);
});

test('a transitive key may be that of an automatic tag', () => {
  const problems: unknown[] = [];
  const some = { role: role('a'), sessionTagsPolicy: 'Simple', transitiveTagKeys: ['esoNamespace'] };
  storeProblems({ kind: 'ClusterSecretStore', conditions: [], aws: aws(some) }, (path) =>
    problems.push(path),
  );

  expect(problems).toEqual([]);
});

test('conditions of a SecretStore are refused, because they would have no effect', () => {
  const found: string[] = [];
  const conditions = [{ namespaces: ['bank'], namespaceRegexes: [] }];
  storeProblems({ kind: 'SecretStore', namespace: 'shop', conditions, aws: aws({}) }, (path) =>
    found.push(formatPath(path)),
  );

  expect(found).toEqual(['conditions']);
});
