import { describe, expect, test } from '@jest/globals';
import { declarationsOf } from '../../../lambda/declarations/from-cluster.ts';
import type { FromCluster } from '../../../lambda/declarations/from-cluster.ts';
import { formatProblem } from '../../../lambda/declarations/problems.ts';
import type { Allowance, Cluster, Store } from '../../../lambda/model/config.ts';
import { CLUSTER, aStore, anExternalSecret, objects } from './cluster-objects.ts';

/** The cases of docs/security.md, "Tenants": each object could make the relay the deputy of somebody who may not. */

const role = (name: string): string => `arn:aws:iam::444455556666:role/${name}`;
const rules: Omit<Allowance, 'namespaces' | 'secrets'> = { regions: ['eu-west-1'], roles: [] };
/** The shop may read as the relay, the bank as others, and the till with what another namespace lends it. */
const TENANTS: Cluster = {
  ...CLUSTER,
  namespaces: ['shop', 'bank', 'till', 'platform'],
  allow: [
    { ...rules, namespaces: ['shop'], secrets: ['prod/shop/*'] },
    {
      ...rules,
      namespaces: ['bank'],
      secrets: ['prod/bank/*'],
      roles: [role('bank'), role('hop')],
      serviceAccounts: ['reader'],
      audiences: ['sts.amazonaws.com', 'vault'],
    },
    {
      ...rules,
      namespaces: ['till'],
      secrets: ['prod/till/*'],
      serviceAccounts: ['platform/reader'],
      credentials: ['platform/keys'],
    },
    { ...rules, namespaces: ['till'], secrets: ['prod/common/*'] },
  ],
};
const ACCOUNT = { jwt: { serviceAccountRef: { name: 'reader' } } };
const accountOf = (namespace: string) => ({
  jwt: { serviceAccountRef: { name: 'reader', namespace } },
});
const keysOf = (namespace?: string, name = 'keys') => {
  const ref = { name, ...(namespace === undefined ? {} : { namespace }) };
  return {
    secretRef: {
      accessKeyIDSecretRef: { ...ref, key: 'id' },
      secretAccessKeySecretRef: { ...ref, key: 'key' },
    },
  };
};

interface Case {
  /** The namespace of the ExternalSecret. */
  readonly of: string;
  readonly key: string;
  /** The namespace of the store; a ClusterSecretStore where undefined. */
  readonly store?: string;
  readonly aws?: object;
  readonly spec?: object;
}

function declare({ of, key, store, aws, spec }: Case): FromCluster {
  const kind = store === undefined ? 'ClusterSecretStore' : 'SecretStore';
  const object = aStore(store, aws, spec);
  return declarationsOf(
    TENANTS,
    objects({
      externalSecrets: [anExternalSecret(of, key, { secretStoreRef: { name: 'aws', kind } })],
      ...(store === undefined ? { clusterSecretStores: [object] } : { secretStores: [object] }),
      namespaces: TENANTS.namespaces.map((name) => ({ name, labels: { team: name } })),
    }),
  );
}

function told(found: FromCluster): string {
  const problems = [...found.storeObjects, ...found.refused].flatMap((item) => item.problems);
  return problems.map((problem) => formatProblem(problem)).join('\n');
}

/** The store as the namespace reads it. */
function storeOf(found: FromCluster): Store | undefined {
  return found.stores.find(({ name }) => name === found.declarations[0]?.data[0]?.ref.store);
}

describe('a tenant may read', () => {
  test.each<readonly [what: string, row: Case, identity: object | undefined]>([
    ['its secrets as the relay', { of: 'shop', key: 'prod/shop/db', store: 'shop' }, undefined],
    [
      'its secrets as its role',
      { of: 'bank', key: 'prod/bank/db', store: 'bank', aws: { role: role('bank') } },
      { roles: [{ arn: role('bank') }] },
    ],
    [
      'its secrets by way of another role that is allowed',
      {
        of: 'bank',
        key: 'prod/bank/db',
        store: 'bank',
        aws: { role: role('bank'), additionalRoles: [role('hop')], externalID: 'agreed-on' },
      },
      { roles: [{ arn: role('hop') }, { arn: role('bank'), externalId: 'agreed-on' }] },
    ],
    [
      'its secrets as its service account',
      { of: 'bank', key: 'prod/bank/db', store: 'bank', aws: { auth: ACCOUNT } },
      {
        from: {
          cluster: 'prod-eu',
          namespace: 'bank',
          name: 'reader',
          trusted: ['sts.amazonaws.com', 'vault'],
        },
        roles: [],
      },
    ],
    [
      'as any role that its service account may assume: IAM decides',
      { of: 'bank', key: 'prod/bank/db', store: 'bank', aws: { auth: ACCOUNT, role: role('any') } },
      { from: { name: 'reader' }, roles: [{ arn: role('any') }] },
    ],
    [
      'with keys of its own',
      { of: 'shop', key: 'prod/shop/db', store: 'shop', aws: { auth: keysOf() } },
      { from: { cluster: 'prod-eu', accessKeyId: { namespace: 'shop', name: 'keys', key: 'id' } } },
    ],
    [
      'as a service account that another namespace lends it',
      { of: 'till', key: 'prod/till/db', aws: { auth: accountOf('platform') } },
      { from: { namespace: 'platform', name: 'reader', trusted: ['sts.amazonaws.com'] } },
    ],
    [
      'with keys that another namespace lends it',
      { of: 'till', key: 'prod/till/db', aws: { auth: keysOf('platform') } },
      { from: { accessKeyId: { namespace: 'platform' } } },
    ],
    [
      'as the service account of its own that a store for all means',
      { of: 'bank', key: 'prod/bank/db', aws: { auth: ACCOUNT } },
      { from: { namespace: 'bank', name: 'reader' } },
    ],
    [
      'under the tags of its own namespace',
      { of: 'bank', key: 'prod/bank/db', aws: { role: role('bank'), sessionTagsPolicy: 'Simple' } },
      {
        roles: [
          {
            tags: [
              { key: 'esoNamespace', value: 'bank' },
              { key: 'esoStoreName', value: 'aws' },
              { key: 'esoStoreKind', value: 'ClusterSecretStore' },
            ],
          },
        ],
      },
    ],
  ])('%s', (_what, row, identity) => {
    const found = declare(row);

    expect(told(found)).toBe('');
    if (identity === undefined) expect(storeOf(found)?.identity).toBeUndefined();
    else expect(storeOf(found)?.identity).toMatchObject(identity);
  });
});

describe('the confused deputy: a tenant may not read', () => {
  test.each<readonly [what: string, row: Case, says: string]>([
    [
      'another team’s secret',
      { of: 'shop', key: 'prod/bank/db', store: 'shop' },
      'found the secret prod/bank/db, expected one that clusters[].allow of keyrelay.yaml allows to shop',
    ],
    [
      'by its own keys what is not its own by name',
      { of: 'shop', key: 'prod/bank/db', store: 'shop', aws: { auth: keysOf() } },
      'found the secret prod/bank/db',
    ],
    [
      'as the relay what it may read as another only',
      { of: 'bank', key: 'prod/bank/db', store: 'bank' },
      'found SecretsManager in eu-west-1, read as the relay itself',
    ],
    [
      'as the relay what another allowance lets it read with lent keys',
      { of: 'till', key: 'prod/till/db', store: 'till' },
      'found the secret prod/till/db',
    ],
    [
      'as a role that nobody allowed',
      { of: 'shop', key: 'prod/shop/db', store: 'shop', aws: { role: role('any') } },
      `read as ${role('any')}, expected what clusters[].allow`,
    ],
    [
      'as the role of another account',
      {
        of: 'bank',
        key: 'prod/bank/db',
        store: 'bank',
        aws: { role: 'arn:aws:iam::999999999999:role/bank' },
      },
      'read as arn:aws:iam::999999999999:role/bank',
    ],
    [
      'as another team’s role',
      { of: 'shop', key: 'prod/shop/db', store: 'shop', aws: { role: role('bank') } },
      `read as ${role('bank')}`,
    ],
    [
      'as its role by way of one that is not allowed',
      {
        of: 'bank',
        key: 'prod/bank/db',
        store: 'bank',
        aws: { role: role('bank'), additionalRoles: [role('any')] },
      },
      `read as ${role('any')}, then ${role('bank')}`,
    ],
    [
      'in a region that is not allowed',
      { of: 'shop', key: 'prod/shop/db', store: 'shop', aws: { region: 'us-east-1' } },
      'found SecretsManager in us-east-1',
    ],
    [
      'as a service account that nobody allowed',
      { of: 'shop', key: 'prod/shop/db', store: 'shop', aws: { auth: ACCOUNT } },
      'read as service account shop/reader',
    ],
    [
      'as a service account for an audience that nobody allowed',
      {
        of: 'till',
        key: 'prod/till/db',
        aws: {
          auth: {
            jwt: { serviceAccountRef: { name: 'reader', namespace: 'platform', audiences: ['vault'] } },
          },
        },
        spec: { conditions: [{ namespaces: ['till'] }] },
      },
      'read as service account platform/reader (for vault)',
    ],
    [
      'as a service account of another namespace by a store of its own',
      { of: 'shop', key: 'prod/shop/db', store: 'shop', aws: { auth: accountOf('bank') } },
      'spec.provider.aws.auth.jwt.serviceAccountRef.namespace: found the namespace "bank", expected "shop": only a ClusterSecretStore',
    ],
    [
      'as a service account of another namespace that is not lent to it',
      {
        of: 'shop',
        key: 'prod/shop/db',
        aws: { auth: accountOf('platform') },
        spec: { conditions: [{ namespaces: ['shop'] }] },
      },
      'read as service account platform/reader, expected what clusters[].allow of keyrelay.yaml allows to shop',
    ],
    [
      'as a service account of another namespace that is called like its own',
      {
        of: 'bank',
        key: 'prod/bank/db',
        aws: { auth: accountOf('platform') },
        spec: { conditions: [{ namespaces: ['bank'] }] },
      },
      'read as service account platform/reader, expected what clusters[].allow of keyrelay.yaml allows to bank',
    ],
    [
      'with keys of another namespace by a store of its own',
      { of: 'shop', key: 'prod/shop/db', store: 'shop', aws: { auth: keysOf('platform') } },
      'spec.provider.aws.auth.secretRef.accessKeyIDSecretRef.namespace: found the namespace "platform"',
    ],
    [
      'with keys of another namespace that are not lent to it',
      {
        of: 'shop',
        key: 'prod/shop/db',
        aws: { auth: keysOf('platform') },
        spec: { conditions: [{ namespaces: ['shop'] }] },
      },
      'read as keys in Secret platform/keys',
    ],
    [
      'with other keys of the namespace that lends it some',
      {
        of: 'till',
        key: 'prod/till/db',
        aws: { auth: keysOf('platform', 'others') },
        spec: { conditions: [{ namespaces: ['till'] }] },
      },
      'read as keys in Secret platform/others',
    ],
    [
      'by a store of another namespace',
      { of: 'shop', key: 'prod/bank/db', store: 'bank', aws: { role: role('bank') } },
      'found the SecretStore "aws", expected one that is there, is valid and is open to this namespace',
    ],
    [
      'by a store whose conditions name others',
      { of: 'shop', key: 'prod/shop/db', spec: { conditions: [{ namespaces: ['bank'] }] } },
      'found the ClusterSecretStore "aws"',
    ],
    [
      'by a store whose conditions select others',
      {
        of: 'shop',
        key: 'prod/shop/db',
        spec: { conditions: [{ namespaceSelector: { matchLabels: { team: 'bank' } } }] },
      },
      'found the ClusterSecretStore "aws"',
    ],
    [
      'by a store whose conditions match others',
      { of: 'shop', key: 'prod/shop/db', spec: { conditions: [{ namespaceRegexes: ['^sho$', 'bank'] }] } },
      'found the ClusterSecretStore "aws"',
    ],
    [
      'under the tag of another namespace among its own',
      {
        of: 'bank',
        key: 'prod/bank/db',
        store: 'bank',
        aws: {
          role: role('bank'),
          sessionTagsPolicy: 'Custom',
          customSessionTags: { esoNamespace: 'shop' },
        },
      },
      'spec.provider.aws.customSessionTags.esoNamespace: found "esoNamespace", expected another key',
    ],
    [
      'under the tag of another namespace without a policy',
      {
        of: 'bank',
        key: 'prod/bank/db',
        store: 'bank',
        aws: { role: role('bank'), sessionTags: [{ key: 'esoNamespace', value: 'shop' }] },
      },
      'spec.provider.aws.sessionTags[0].key: found "esoNamespace", expected another key',
    ],
  ])('%s', (_what, row, says) => {
    const found = declare(row);

    expect(found.declarations).toEqual([]);
    expect(told(found)).toContain(says);
  });
});

test('a store for all is open to those whom it may serve, and closed to the others', () => {
  const found = declarationsOf(
    TENANTS,
    objects({ clusterSecretStores: [aStore(undefined, { role: role('bank') })] }),
  );

  expect(found.stores.map(({ name }) => name)).toEqual(['prod-eu//aws@bank']);
  expect(told(found)).toBe('');
});

test('an external id is told to nobody in a message', () => {
  const found = declare({
    of: 'bank',
    key: 'prod/bank/db',
    store: 'bank',
    aws: { externalID: 'canary-5f1c canary' },
  });

  expect(found.declarations).toEqual([]);
  expect(told(found)).toContain('spec.provider.aws.externalID');
  expect(told(found)).not.toContain('canary');
});
