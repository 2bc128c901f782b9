import { describe, expect, test } from '@jest/globals';
import { declarationsOf } from '../../../lambda/declarations/from-cluster.ts';
import type { FromCluster } from '../../../lambda/declarations/from-cluster.ts';
import type { DeclaredObject, StatusWriters } from '../../../lambda/model/declared-object.ts';
import { reportsOfOutcomes, reportsOfRefused, reportsOfStores } from '../../../lambda/relay/reports-of.ts';
import type { Reports } from '../../../lambda/relay/report.ts';
import { aDeclaration } from '../../support/builders.ts';
import { aDeclaredObject } from '../../support/fake-reports.ts';
import { fieldsOf } from '../../support/resolved-template.ts';
import { CLUSTER, aStore, anExternalSecret, anObject, objects } from '../declarations/cluster-objects.ts';

const NOW = new Date('2026-01-05T12:00:00Z');
const RUNNING: StatusWriters = {
  relay: undefined,
  other: { manager: 'external-secrets', at: new Date('2026-01-05T11:55:00Z') },
};

/** What each status would say of its object as it was read. */
function said(
  { statuses }: Reports,
  change: (object: DeclaredObject) => DeclaredObject = (object) => object,
) {
  return statuses.map(({ object, next }) => next(change(object))?.conditions[0]);
}

describe('the outcome of', () => {
  const outcome = {
    target: { cluster: 'dev', namespace: 'shop', name: 'db' },
    declaration: 'shop/db',
    attempts: 1,
    kind: 'kept',
  } as const;
  const of = (declaration: ReturnType<typeof aDeclaration>): Reports =>
    reportsOfOutcomes([{ declaration, cluster: 'dev', expected: new Map() }], [outcome], undefined, NOW);

  test('an object of the cluster becomes its status', () => {
    const reports = of(aDeclaration({ origin: aDeclaredObject() }));

    expect(said(reports)).toMatchObject([{ type: 'Ready', status: 'True', reason: 'SecretSynced' }]);
  });

  test('an object that another controller brings about is not told, until it is taken over', () => {
    const origin = aDeclaredObject({ statusWriters: RUNNING });

    expect(said(of(aDeclaration({ origin })))).toEqual([undefined]);
    expect(said(of(aDeclaration({ origin, takeOver: true })))).toMatchObject([{ status: 'True' }]);
  });

  test('a file has no status', () => {
    expect(of(aDeclaration()).statuses).toEqual([]);
  });

  test('what nobody declares any more has an Event and no status', () => {
    const deleted = { ...outcome, declaration: undefined, kind: 'deleted', reason: 'undeclared' } as const;

    const reports = reportsOfOutcomes([], [deleted], undefined, NOW);

    expect(reports.statuses).toEqual([]);
    expect(reports.events).toMatchObject([{ reason: 'Deleted', regarding: { kind: 'Secret' } }]);
  });
});

describe('a refused object', () => {
  const VAULT = { provider: { vault: { server: 'https://vault.example' } } };
  const found = (...items: readonly object[]): FromCluster =>
    declarationsOf(
      CLUSTER,
      objects({ externalSecrets: items, secretStores: [aStore('shop'), anObject('shop', 'vault', VAULT)] }),
    );

  test.each([
    [
      'a secret that is not allowed',
      anExternalSecret('shop', 'prod/bank/db'),
      ['DECLARATION_INVALID', 'prod/bank/db'],
    ],
    [
      'a generator',
      anExternalSecret('shop', 'prod/shop/db', {
        dataFrom: [{ sourceRef: { generatorRef: { kind: 'Password', name: 'x' } } }],
      }),
      ['DECLARATION_UNSUPPORTED', 'generatorRef'],
    ],
    [
      'a store of another provider',
      anExternalSecret('shop', 'prod/shop/db', { secretStoreRef: { name: 'vault' } }),
      ['spec.secretStoreRef.name', 'vault'],
    ],
  ])('for %s says which, in its status and in an Event', (_case, item, words) => {
    const reports = reportsOfRefused(found(item).refused, NOW);

    const [condition] = said(reports);
    expect(condition).toMatchObject({ status: 'False', reason: 'SecretSyncedError' });
    for (const word of words) expect(condition?.message).toContain(word);
    expect(reports.events).toMatchObject([
      {
        type: 'Warning',
        reason: 'UpdateFailed',
        message: condition?.message,
        regarding: { kind: 'ExternalSecret' },
      },
    ]);
  });

  test('names every problem, and counts what is too much', () => {
    const wrong = Array.from({ length: 12 }, (_, n) => ({
      secretKey: `k${n}`,
      remoteRef: { key: 'x', odd: n },
    }));

    const [condition] = said(
      reportsOfRefused(found(anExternalSecret('shop', 'x', { data: wrong })).refused, NOW),
    );

    expect(condition?.message?.match(/unknown field "odd"/gu)).toHaveLength(10);
    expect(condition?.message).toMatch(/; and 2 more$/u);
  });

  test('whose Secret another object writes says so in ESO’s words', () => {
    const same = (name: string, creationTimestamp: string): object => ({
      ...anExternalSecret('shop', 'prod/shop/db', { target: { name: 'same' } }),
      metadata: { name, namespace: 'shop', uid: `uid-of-${name}`, creationTimestamp },
    });

    const reports = reportsOfRefused(
      found(same('new', '2026-02-01T00:00:00Z'), same('old', '2026-01-01T00:00:00Z')).refused,
      NOW,
    );

    expect(said(reports)[0]?.message).toMatch(
      /^target is owned by another ExternalSecret: DECLARATION_CONFLICT/u,
    );
  });

  test('keeps the status of another controller that brings it about', () => {
    const reports = reportsOfRefused(found(anExternalSecret('shop', 'prod/bank/db')).refused, NOW);

    expect(said(reports, (object) => ({ ...object, statusWriters: RUNNING }))).toEqual([undefined]);
  });
});

describe('a store', () => {
  const vault = (spec: object = {}): object =>
    anObject('shop', 'vault', { provider: { vault: { server: 'https://vault.example' } }, ...spec });
  const reportsFor = (
    stores: readonly object[],
    items: readonly object[] = [],
    kind = 'SecretStore' as const,
  ): Reports =>
    reportsOfStores(
      declarationsOf(CLUSTER, objects({ externalSecrets: items, secretStores: stores })),
      kind,
      NOW,
    );

  test('that is right is valid and read only', () => {
    const [{ object, next } = { object: aDeclaredObject(), next: () => undefined }] = reportsFor([
      aStore('shop'),
    ]).statuses;

    expect(next(object)).toMatchObject({
      conditions: [{ type: 'Ready', status: 'True', reason: 'Valid', message: 'store validated' }],
      capabilities: 'ReadOnly',
    });
    expect(next({ ...object, status: next(object) ?? { conditions: [] } })).toBeUndefined();
  });

  test('of another provider is refused by name, in its status and in an Event', () => {
    const reports = reportsFor([vault()]);

    const [condition] = said(reports);
    expect(condition).toMatchObject({ status: 'False', reason: 'InvalidProviderConfig' });
    expect(condition?.message).toMatch(/^unable to validate store: .*spec\.provider.*vault/u);
    expect(reports.events).toMatchObject([
      { reason: 'InvalidProviderConfig', regarding: { kind: 'SecretStore' } },
    ]);
  });

  test('of the other kind is told elsewhere', () => {
    const clusterWide = anObject(undefined, 'vault', { provider: { vault: {} } });
    const found = declarationsOf(CLUSTER, objects({ clusterSecretStores: [clusterWide] }));

    expect(reportsOfStores(found, 'SecretStore', NOW).statuses).toEqual([]);
    // Its Events would lie in a namespace where the relay may write none.
    expect(reportsOfStores(found, 'ClusterSecretStore', NOW)).toMatchObject({ statuses: [{}], events: [] });
  });

  const TELLS = { 'f:status': { 'f:conditions': {}, 'f:refreshTime': {} } };
  const byEso = (item: object, time: string): object => {
    const { metadata } = fieldsOf(item);
    const entry = { manager: 'external-secrets', time, subresource: 'status', fieldsV1: TELLS };
    return { ...item, metadata: { ...fieldsOf(metadata), managedFields: [entry] } };
  };
  const LONG_AGO = '2026-01-01T00:00:00Z';

  test.each([
    ['is left to an ESO that is seen at work', byEso(vault(), LONG_AGO), '2026-01-05T11:55:00Z', false],
    ['is told again once ESO is seen no more', byEso(vault(), LONG_AGO), LONG_AGO, true],
    ['is told where ESO never wrote to it', vault(), '2026-01-05T11:55:00Z', true],
    [
      'is told where it is the relay’s',
      byEso(vault({ controller: 'keyrelay' }), LONG_AGO),
      '2026-01-05T11:55:00Z',
      true,
    ],
  ])('%s', (_case, store, refreshed, told) => {
    const reports = reportsFor([store], [byEso(anExternalSecret('shop', 'prod/shop/db'), refreshed)]);

    expect(said(reports)[0] !== undefined).toBe(told);
  });
});
