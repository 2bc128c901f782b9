import { describe, expect, test } from '@jest/globals';
import { declarationsOf, withDeclarations } from '../../../lambda/declarations/from-cluster.ts';
import type { FromCluster } from '../../../lambda/declarations/from-cluster.ts';
import { formatProblem } from '../../../lambda/declarations/problems.ts';
import { selectWork } from '../../../lambda/relay/select-work.ts';
import { aDeclaration } from '../../support/builders.ts';
import { CLUSTER, aStore, anExternalSecret, anObject, objects } from './cluster-objects.ts';
import { compiled } from './sources.ts';

const BANK_ROLE = 'arn:aws:iam::444455556666:role/bank';
const CLUSTER_WIDE = { secretStoreRef: { name: 'aws', kind: 'ClusterSecretStore' } };

function refusals({ refused }: FromCluster): readonly string[] {
  return refused.flatMap(({ problems }) => problems.map((problem) => formatProblem(problem)));
}

test('an object declares what a file would, for its own cluster, and says where it came from', () => {
  const found = declarationsOf(
    CLUSTER,
    objects({ externalSecrets: [anExternalSecret('shop', 'prod/shop/db')], secretStores: [aStore('shop')] }),
  );

  expect(refusals(found)).toEqual([]);
  expect(found.declarations).toMatchObject([
    {
      namespace: 'shop',
      name: 'db',
      clusters: ['prod-eu'],
      data: [{ secretKey: 'password', ref: { store: 'prod-eu/shop/aws', key: 'prod/shop/db' } }],
      origin: { uid: 'uid-of-db', generation: 3 },
    },
  ]);
});

test('a change finds the objects of clusters that name the secret', () => {
  const found = declarationsOf(
    CLUSTER,
    objects({ externalSecrets: [anExternalSecret('shop', 'prod/shop/db')], secretStores: [aStore('shop')] }),
  );
  const change = {
    kind: 'value',
    eventId: 'event-1',
    service: 'SecretsManager',
    time: new Date(0),
    region: 'eu-west-1',
    account: '111122223333',
    ids: ['prod/shop/db'],
    versionId: 'version-2',
  } as const;

  const work = selectWork(withDeclarations(compiled(), [found]), {
    id: '1',
    content: { kind: 'change', change },
  });

  expect(work.map(({ cluster, declaration }) => `${cluster}/${declaration.name}`)).toEqual(['prod-eu/db']);
});

test('a store may be a Parameter Store where that is allowed, and puts its prefix before names', () => {
  const allowance = { namespaces: ['shop'], secrets: ['/prod/shop/*'], regions: ['eu-west-1'], roles: [] };
  const found = declarationsOf(
    { ...CLUSTER, allow: [{ ...allowance, services: ['ParameterStore'] }] },
    objects({
      externalSecrets: [anExternalSecret('shop', 'shop/db')],
      secretStores: [aStore('shop', { service: 'ParameterStore', prefix: '/prod/' })],
    }),
  );

  expect(refusals(found)).toEqual([]);
  expect(found.stores).toMatchObject([{ service: 'ParameterStore', prefix: '/prod/' }]);
  expect(found.declarations).toMatchObject([{ data: [{ ref: { key: '/prod/shop/db' } }] }]);
});

test('one that is wrong is refused with its place, and the others count', () => {
  const found = declarationsOf(
    CLUSTER,
    objects({
      externalSecrets: [
        anObject('shop', 'odd', { secretStoreRef: { name: 'aws' }, data: 7 }),
        anExternalSecret('shop', 'prod/shop/db'),
      ],
      secretStores: [aStore('shop')],
    }),
  );

  expect(found.declarations.map(({ name }) => name)).toEqual(['db']);
  expect(found.refused.map(({ object }) => object.name)).toEqual(['odd']);
  expect(refusals(found).join('\n')).toContain('spec.data');
});

test.each([
  ['a namespace that is not configured', anExternalSecret('elsewhere', 'prod/shop/db')],
  [
    'an object that is being deleted',
    {
      ...anExternalSecret('shop', 'prod/shop/db'),
      metadata: { name: 'db', namespace: 'shop', uid: 'u', deletionTimestamp: '2026-01-01T00:00:00Z' },
    },
  ],
  ['what is no object', 'text'],
])('%s is passed over', (_case, item) => {
  const found = declarationsOf(CLUSTER, objects({ externalSecrets: [item], secretStores: [aStore('shop')] }));

  expect(found).toMatchObject({ declarations: [], refused: [] });
});

describe('the confused deputy: an object makes the relay read', () => {
  test.each([
    ['another team’s secret', anExternalSecret('shop', 'prod/bank/db'), 'the secret prod/bank/db'],
    [
      'another team’s secret by its ARN',
      anExternalSecret('shop', 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/bank/db-AbCdEf'),
      'the secret prod/bank/db-AbCdEf',
    ],
    [
      'a secret whose name continues an allowed name',
      anExternalSecret('shop', 'prod/common-keys'),
      'the secret prod/common-keys',
    ],
    [
      'another team’s secret beside its own',
      anExternalSecret('shop', 'prod/shop/db', { dataFrom: [{ extract: { key: 'prod/bank/db' } }] }),
      'the secret prod/bank/db',
    ],
    [
      'another team’s secret, through a prefix',
      anExternalSecret('shop', 'bank/db', { secretStoreRef: { name: 'prefixed', kind: 'SecretStore' } }),
      'the secret prod/bank/db',
    ],
    ['the store of another namespace', anExternalSecret('bank', 'prod/bank/db'), 'the SecretStore "aws"'],
  ])('%s', (_case, item, found) => {
    const result = declarationsOf(
      CLUSTER,
      objects({
        externalSecrets: [item],
        secretStores: [aStore('shop'), aStore('shop', { prefix: 'prod/' }, {}, 'prefixed')],
      }),
    );

    expect(result.declarations).toEqual([]);
    expect(refusals(result).join('\n')).toContain(`found ${found}, expected one that`);
  });

  test.each([
    ['as a role that only another namespace may use', aStore('shop', { role: BANK_ROLE })],
    ['as a role of a strange account', aStore('shop', { role: 'arn:aws:iam::999999999999:role/any' })],
    ['in a region that is not allowed', aStore('shop', { region: 'us-east-1' })],
    ['of a service that is not allowed', aStore('shop', { service: 'ParameterStore' })],
  ])('%s', (_case, store) => {
    const result = declarationsOf(
      CLUSTER,
      objects({ externalSecrets: [anExternalSecret('shop', 'prod/shop/db')], secretStores: [store] }),
    );

    expect(result.declarations).toEqual([]);
    expect(result.stores).toEqual([]);
  });

  test('through a ClusterSecretStore whose conditions name other namespaces', () => {
    const store = aStore(undefined, { role: BANK_ROLE }, { conditions: [{ namespaces: ['bank'] }] });

    const result = declarationsOf(
      CLUSTER,
      objects({
        externalSecrets: [
          anExternalSecret('shop', 'prod/shop/db', CLUSTER_WIDE),
          anExternalSecret('bank', 'prod/bank/db', CLUSTER_WIDE),
        ],
        clusterSecretStores: [store],
      }),
    );

    expect(result.declarations.map(({ namespace }) => namespace)).toEqual(['bank']);
    expect(refusals(result)).toHaveLength(1);
  });

  test('through a ClusterSecretStore with another namespace’s role', () => {
    const result = declarationsOf(
      CLUSTER,
      objects({
        externalSecrets: [
          anExternalSecret('shop', 'prod/shop/db', CLUSTER_WIDE),
          anExternalSecret('bank', 'prod/bank/db', CLUSTER_WIDE),
        ],
        clusterSecretStores: [aStore(undefined, { role: BANK_ROLE })],
      }),
    );

    expect(result.declarations.map(({ namespace }) => namespace)).toEqual(['bank']);
    expect(result.stores).toMatchObject([
      { name: 'prod-eu//aws@bank', identity: { roles: [{ arn: BANK_ROLE }] } },
    ]);
  });

  test('of a namespace that nothing is allowed to', () => {
    const result = declarationsOf(
      { ...CLUSTER, allow: [] },
      objects({
        externalSecrets: [anExternalSecret('shop', 'prod/shop/db')],
        secretStores: [aStore('shop')],
      }),
    );

    expect(result.declarations).toEqual([]);
  });
});

test('of two objects that write the same Secret the older one keeps it', () => {
  const named = (name: string, creationTimestamp: string): object => ({
    ...anExternalSecret('shop', 'prod/shop/db', { target: { name: 'same' } }),
    metadata: { name, namespace: 'shop', uid: `uid-of-${name}`, creationTimestamp },
  });

  const result = declarationsOf(
    CLUSTER,
    objects({
      externalSecrets: [named('a-new', '2026-02-01T00:00:00Z'), named('old', '2026-01-01T00:00:00Z')],
      secretStores: [aStore('shop')],
    }),
  );

  expect(result.declarations.map(({ name }) => name)).toEqual(['old']);
  expect(result.refused.map(({ object }) => object.name)).toEqual(['a-new']);
});

describe('a store that names another controller', () => {
  const elsewhere = {
    spec: { controller: 'default', provider: { vault: { server: 'https://vault.example' } } },
  };
  const named = (name: string, spec: object): object => anObject('shop', name, spec);
  const read = (items: readonly object[], stores: readonly object[]) =>
    declarationsOf(CLUSTER, objects({ externalSecrets: items, secretStores: stores }));
  const other = named('vault', elsewhere.spec);

  test.each([
    ['for all items', { secretStoreRef: { name: 'vault' }, data: [] }],
    [
      'for one of its items',
      {
        secretStoreRef: { name: 'aws' },
        data: [
          { secretKey: 'a', remoteRef: { key: 'prod/shop/db' } },
          {
            secretKey: 'b',
            remoteRef: { key: 'x' },
            sourceRef: { storeRef: { name: 'vault', kind: 'SecretStore' } },
          },
        ],
      },
    ],
    [
      'beside what only that controller understands',
      {
        dataFrom: [7, { sourceRef: { storeRef: { name: 'vault' } } }],
        target: { manifest: { kind: 'ConfigMap' } },
      },
    ],
  ])('is passed over with the ExternalSecrets that name it %s', (_case, spec) => {
    const found = read([named('db', spec)], [aStore('shop'), other]);

    expect(found).toMatchObject({ declarations: [], refused: [] });
    expect(found.others.map(({ name }) => name)).toEqual(['db']);
    expect(found.storeObjects.map(({ object }) => object.name)).toEqual(['aws']);
  });

  test('of another namespace or kind means nobody here', () => {
    const spec = { secretStoreRef: { name: 'vault' }, data: [] };
    const far = anObject('bank', 'vault', elsewhere.spec);

    expect(read([named('db', spec)], [far]).others).toEqual([]);
    expect(
      declarationsOf(CLUSTER, objects({ externalSecrets: [named('db', spec)], clusterSecretStores: [other] }))
        .others,
    ).toEqual([]);
  });

  test.each([[undefined], ['keyrelay']])('is the relay’s own where it is %p', (controller) => {
    const found = read(
      [anExternalSecret('shop', 'prod/shop/db')],
      [aStore('shop', {}, controller === undefined ? {} : { controller })],
    );

    expect(found.declarations.map(({ name }) => name)).toEqual(['db']);
    expect(found.others).toEqual([]);
  });
});

describe('what a file declares for the cluster already', () => {
  const given = {
    externalSecrets: [anExternalSecret('shop', 'prod/shop/db')],
    secretStores: [aStore('shop')],
  };

  test.each([
    [
      'the same ExternalSecret',
      aDeclaration({ name: 'db', target: { name: 'elsewhere' } }),
      'ExternalSecret shop/db',
    ],
    ['the same Secret', aDeclaration({ name: 'other', target: { name: 'db' } }), 'Secret shop/db'],
  ])('an object may not declare again: %s', (_what, filed, found) => {
    const result = declarationsOf(CLUSTER, objects(given), [{ ...filed, clusters: [CLUSTER.name] }]);

    expect(result.declarations).toEqual([]);
    expect(refusals(result)).toEqual([
      expect.stringMatching(
        new RegExp(
          `: found ${found} again in prod-eu: it is at the files of the deployment already, expected`,
          'u',
        ),
      ),
    ]);
  });

  test('stands beside what objects declare otherwise', () => {
    const filed = aDeclaration({ name: 'other', target: { name: 'other' }, clusters: [CLUSTER.name] });

    expect(declarationsOf(CLUSTER, objects(given), [filed]).declarations.map(({ name }) => name)).toEqual([
      'db',
    ]);
  });
});
