import { describe, expect, test } from '@jest/globals';
import { declarationsOf } from '../../../lambda/declarations/from-cluster.ts';
import type { FromCluster } from '../../../lambda/declarations/from-cluster.ts';
import { RelayError } from '../../../lambda/errors.ts';
import type { Cluster } from '../../../lambda/model/config.ts';
import { declarationId } from '../../../lambda/model/declaration.ts';
import type { ObjectStatus } from '../../../lambda/model/declared-object.ts';
import type { Outcome } from '../../../lambda/relay/outcome.ts';
import type { Work } from '../../../lambda/relay/ports.ts';
import { reportsOfExpansions } from '../../../lambda/relay/reports-of-expansions.ts';
import { CLUSTER, aStore, anExternalSecret, anObject, objects } from '../declarations/cluster-objects.ts';

const NOW = new Date('2026-01-05T12:00:00Z');
const KEY = { secretKey: 'password', remoteRef: { key: 'prod/common' } };
const externalSecretSpec = { secretStoreRef: { name: 'aws', kind: 'ClusterSecretStore' }, data: [KEY] };
const BOTH: Cluster = {
  ...CLUSTER,
  allow: [{ namespaces: ['shop', 'bank'], secrets: ['prod/*'], regions: ['eu-west-1'], roles: [] }],
};

interface World {
  readonly spec?: object;
  readonly status?: ObjectStatus;
  readonly labels?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly externalSecrets?: readonly object[];
  readonly cluster?: Cluster;
}

function look({ spec, status, labels = {}, externalSecrets = [], cluster = BOTH }: World): FromCluster {
  const everywhere = {
    ...anObject(undefined, 'common', {
      externalSecretSpec,
      namespaceSelectors: [{ matchLabels: { env: 'prod' } }],
      ...spec,
    }),
    ...(status === undefined ? {} : { status }),
  };
  return declarationsOf(
    cluster,
    objects({
      clusterExternalSecrets: [everywhere],
      externalSecrets,
      clusterSecretStores: [aStore(undefined)],
      namespaces: ['shop', 'bank'].map((name) => ({ name, labels: labels[name] ?? { env: 'prod' } })),
    }),
  );
}

const FAILURE = new RelayError('SOURCE_NOT_FOUND', 'there is no secret prod/common');

/** The status that is to be said, where the expansions ended so. */
function said(
  found: FromCluster,
  ends: Readonly<Record<string, 'kept' | RelayError>> = {},
  which: 'all' | 'concerned' = 'all',
): readonly (ObjectStatus | undefined)[] {
  const work = found.declarations
    .filter(({ namespace }) => namespace in ends)
    .map((declaration): Work => ({ declaration, cluster: CLUSTER.name, expected: new Map() }));
  const outcomes = work.map(({ declaration }): Outcome => {
    const { namespace } = declaration;
    const end = ends[namespace];
    const head = {
      target: { cluster: CLUSTER.name, namespace, name: declaration.target.name },
      ...{ declaration: declarationId(declaration), attempts: 1 },
    };
    return end instanceof RelayError ? { ...head, kind: 'failed', error: end } : { ...head, kind: 'kept' };
  });
  return reportsOfExpansions({ found, work, outcomes }, which, undefined, NOW).map(({ object, next }) =>
    next(object),
  );
}

const READY = {
  conditions: [{ type: 'Ready', status: 'True' }],
  externalSecretName: 'common',
  provisionedNamespaces: ['bank', 'shop'],
  failedNamespaces: [],
} as const;
const NOT_READY = { type: 'Ready', status: 'False', message: 'one or more namespaces failed' };

describe('the status of a ClusterExternalSecret', () => {
  test('is ready where every namespace has its Secret, sorted, and is said once', () => {
    expect(said(look({}), { shop: 'kept', bank: 'kept' })).toEqual([READY]);
    expect(said(look({ status: READY }), { shop: 'kept', bank: 'kept' })).toEqual([undefined]);
  });

  test('says in ESO’s words that one failed, and which and why', () => {
    expect(said(look({ status: READY }), { shop: 'kept', bank: FAILURE })).toEqual([
      {
        ...READY,
        conditions: [NOT_READY],
        provisionedNamespaces: ['shop'],
        failedNamespaces: [
          {
            namespace: 'bank',
            reason:
              'could not get secret data from provider: SOURCE_NOT_FOUND: there is no secret prod/common',
          },
        ],
      },
    ]);
  });

  test('keeps what it said of namespaces that were not looked at', () => {
    const failed = { namespace: 'bank', reason: 'before' };
    const status = {
      ...READY,
      conditions: [NOT_READY],
      provisionedNamespaces: [],
      failedNamespaces: [failed],
    };

    expect(said(look({ status }), { shop: 'kept' })).toEqual([
      { ...status, provisionedNamespaces: ['shop'] },
    ]);
    const fleeting = new RelayError('TARGET_CONTENDED', 'written by somebody');
    expect(said(look({ status: READY }), { shop: 'kept', bank: fleeting })).toEqual([undefined]);
  });

  test('forgets a namespace that lost its label', () => {
    const labels = { bank: { env: 'test' } };

    expect(said(look({ status: READY, labels }), { shop: 'kept' })).toEqual([
      { ...READY, provisionedNamespaces: ['shop'] },
    ]);
  });

  test('names the namespaces that it selects and the relay does not serve', () => {
    const found = look({ cluster: { ...BOTH, namespaces: ['shop'] } });

    expect(said(found, { shop: 'kept' })).toMatchObject([
      {
        conditions: [NOT_READY],
        failedNamespaces: [{ namespace: 'bank', reason: expect.stringContaining('clusters[].namespaces') }],
      },
    ]);
  });

  test.each([
    ['that has an ExternalSecret of the name', {}, /^external secret already exists in namespace: /u],
    [
      'where an ExternalSecret of another name has the Secret',
      { externalSecretName: 'other', externalSecretSpec: { ...externalSecretSpec, target: { name: 'db' } } },
      /^target is owned by another ExternalSecret: /u,
    ],
  ])('names a namespace %s', (_case, spec, reason) => {
    const own = {
      ...anExternalSecret('shop', 'prod/common', { secretStoreRef: externalSecretSpec.secretStoreRef }),
      metadata: { name: _case.startsWith('that') ? 'common' : 'db', namespace: 'shop', uid: 'u' },
    };

    expect(said(look({ spec, externalSecrets: [own] }), { bank: 'kept' })).toMatchObject([
      {
        conditions: [NOT_READY],
        provisionedNamespaces: ['bank'],
        failedNamespaces: [{ namespace: 'shop', reason: expect.stringMatching(reason) }],
      },
    ]);
  });

  test('says what is wrong with it as a whole, and keeps what it said of namespaces', () => {
    const [status] = said(look({ status: READY, spec: { namespaces: 7 } }));

    expect(status).toMatchObject({
      ...READY,
      conditions: [{ type: 'Ready', status: 'False', message: expect.stringContaining('spec.namespaces') }],
    });
  });

  test('is left to ESO while that has one of its Secrets', () => {
    const theirs = new RelayError('TARGET_OWNED_BY_ESO', 'ESO has it');

    expect(said(look({}), { shop: 'kept', bank: theirs })).toEqual([]);
  });

  test('is left to another controller whose store it names', () => {
    const found = look({});

    expect(said({ ...found, others: found.expansions.flatMap(({ objects: all }) => all) })).toEqual([]);
  });

  test('is said after a push only where that did something for it', () => {
    expect(said(look({}), {}, 'concerned')).toEqual([]);
    expect(said(look({}), { shop: 'kept' }, 'concerned')).toMatchObject([
      { provisionedNamespaces: ['shop'] },
    ]);
  });
});
