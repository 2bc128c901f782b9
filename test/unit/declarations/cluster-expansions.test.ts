import { describe, expect, test } from '@jest/globals';
import { declarationsOf } from '../../../lambda/declarations/from-cluster.ts';
import { formatProblem } from '../../../lambda/declarations/problems.ts';
import type { Cluster } from '../../../lambda/model/config.ts';
import { aDeclaration } from '../../support/builders.ts';
import { CLUSTER, aStore, anObject, objects } from './cluster-objects.ts';

const SPEC = {
  secretStoreRef: { name: 'aws', kind: 'ClusterSecretStore' },
  data: [{ secretKey: 'password', remoteRef: { key: 'prod/common' } }],
};
const NAMESPACES = [
  { name: 'shop', labels: { team: 'a', env: 'prod' } },
  { name: 'bank', labels: { team: 'b', env: 'prod' } },
  { name: 'kube-system', labels: { env: 'prod' } },
];
const BOTH: Cluster = {
  ...CLUSTER,
  allow: [{ namespaces: ['shop', 'bank'], secrets: ['prod/common'], regions: ['eu-west-1'], roles: [] }],
};

const everywhere = (more: object): object =>
  anObject(undefined, 'common', { externalSecretSpec: SPEC, ...more });
const SELECTED = { namespaceSelectors: [{ matchLabels: { env: 'prod' } }] };

function look(
  clusterExternalSecrets: readonly object[],
  externalSecrets: readonly object[] = [],
  cluster = BOTH,
) {
  return declarationsOf(
    cluster,
    objects({
      clusterExternalSecrets,
      externalSecrets,
      clusterSecretStores: [aStore(undefined)],
      namespaces: NAMESPACES,
    }),
  );
}

const placesOf = (found: ReturnType<typeof look>): readonly string[] =>
  found.declarations.map(({ namespace, name }) => `${namespace}/${name}`);

describe('a ClusterExternalSecret', () => {
  test.each<readonly [string, object, readonly string[]]>([
    ['by labels', { namespaceSelectors: [{ matchLabels: { team: 'a' } }] }, ['shop/common']],
    [
      'by any of several selectors',
      { namespaceSelectors: [{ matchLabels: { team: 'a' } }, { matchLabels: { team: 'b' } }] },
      ['shop/common', 'bank/common'],
    ],
    [
      'by the selector of old',
      { namespaceSelector: { matchExpressions: [{ key: 'team', operator: 'Exists' }] } },
      ['shop/common', 'bank/common'],
    ],
    ['by name', { namespaces: ['bank'] }, ['bank/common']],
    ['by a selector for all', { namespaceSelectors: [{}] }, ['shop/common', 'bank/common']],
    ['by nothing', {}, []],
    ['by the name of one that is not there', { namespaces: ['gone'] }, []],
  ])('declares in the namespaces that it selects %s', (_how, selection, expected) => {
    expect(placesOf(look([everywhere(selection)]))).toEqual(expected);
  });

  test('gives its ExternalSecrets their name, labels and annotations, and is their origin', () => {
    const metadata = { labels: { tier: 'x' }, annotations: { 'keyrelay.dev/take-over': 'true' } };
    const [declaration] = look([
      everywhere({ namespaces: ['shop'], externalSecretName: 'renamed', externalSecretMetadata: metadata }),
    ]).declarations;

    expect(declaration).toMatchObject({
      name: 'renamed',
      takeOver: true,
      target: { name: 'renamed', template: { labels: { tier: 'x' } } },
      origin: { ref: { kind: 'ClusterExternalSecret', name: 'common', namespace: '' }, uid: 'uid-of-common' },
    });
  });

  test('says which namespaces it has, and which of those that it selects the relay may not write to', () => {
    expect(look([everywhere(SELECTED)]).expansions).toMatchObject([
      { externalSecretName: 'common', namespaces: ['shop', 'bank'], outside: ['kube-system'], problems: [] },
    ]);
  });

  test('has in each namespace what that namespace is allowed, and no more', () => {
    const found = look([everywhere(SELECTED)], [], CLUSTER);

    expect(placesOf(found)).toEqual(['shop/common']);
    expect(found.refused.map(({ object }) => `${object.namespace}/${object.name}`)).toEqual(['bank/common']);
    expect(found.undecided).toEqual(new Set(['bank/common']));
  });

  test('gives way to an ExternalSecret of its name, however young', () => {
    const metadata = {
      name: 'common',
      namespace: 'shop',
      uid: 'young',
      creationTimestamp: '2030-01-01T00:00:00Z',
    };
    const young = { metadata, spec: SPEC };
    const found = look([everywhere(SELECTED)], [young]);

    expect(
      found.declarations.map(({ namespace, origin }) => `${namespace} ${origin?.ref.kind ?? ''}`),
    ).toEqual(['shop ExternalSecret', 'bank ClusterExternalSecret']);
    expect(found.refused.flatMap(({ problems }) => problems.map(formatProblem)).join()).toMatch(
      /ClusterExternalSecret common in shop: .*ExternalSecret shop\/common again/u,
    );
  });

  test('gives way to a file', () => {
    const filed = aDeclaration({ namespace: 'bank', name: 'common', clusters: [CLUSTER.name] });
    const found = declarationsOf(
      BOTH,
      objects({
        clusterExternalSecrets: [everywhere(SELECTED)],
        clusterSecretStores: [aStore(undefined)],
        namespaces: NAMESPACES,
      }),
      [filed],
    );

    expect(placesOf(found)).toEqual(['shop/common']);
  });

  test('counts, and not the ExternalSecrets that ESO made for it', () => {
    const made = (namespace: string, name: string, owner: string): object => ({
      metadata: {
        ...{ name, namespace, uid: `uid-of-${name}` },
        ownerReferences: [
          { apiVersion: 'v1', kind: 'ClusterExternalSecret', name: owner, uid: 'u', controller: true },
        ],
      },
      spec: SPEC,
    });
    const found = look(
      [everywhere({ namespaces: ['shop'] })],
      [made('shop', 'common', 'common'), made('bank', 'common', 'common'), made('bank', 'left', 'deleted')],
    );

    expect(
      found.declarations.map(
        ({ namespace, name, origin }) => `${namespace}/${name} ${origin?.ref.kind ?? ''}`,
      ),
    ).toEqual(['bank/left ExternalSecret', 'shop/common ClusterExternalSecret']);
  });

  test('that is being deleted declares nothing', () => {
    const metadata = { name: 'common', uid: 'u', deletionTimestamp: '2026-01-01T00:00:00Z' };

    expect(placesOf(look([{ metadata, spec: { externalSecretSpec: SPEC, ...SELECTED } }]))).toEqual([]);
  });

  test('that is broken leaves alone what it may have declared: by its name, the name that it says, and the one that its status says', () => {
    const broken = {
      ...everywhere({ ...SELECTED, externalSecretName: 'now', namespace: 'x' }),
      status: { externalSecretName: 'before' },
    };
    const found = look([broken]);

    expect(found.declarations).toEqual([]);
    expect(found.expansions[0]?.problems.map(formatProblem).join()).toContain('unknown field "namespace"');
    expect(found.undecided).toEqual(
      new Set(['common', 'now', 'before'].flatMap((name) => [`shop/${name}`, `bank/${name}`])),
    );
  });

  test.each([
    [{ externalSecretSpec: { ...SPEC, data: 7 } }, 'spec.externalSecretSpec.data'],
    [{ externalSecretSpec: { ...SPEC, dataFrom: [{ sourceRef: { generatorRef: {} } }] } }, 'generatorRef'],
    [{ namespaceSelectors: [{ matchExpressions: [{ key: 'a', operator: 'Like' }] }] }, 'operator'],
  ])('is refused where it is wrong: %#', (wrong, place) => {
    const [expansion] = look([everywhere({ ...SELECTED, ...wrong })]).expansions;

    expect(expansion?.problems.map(formatProblem).join()).toContain(place);
  });
});

test('a shard of some namespaces expands into these, and still knows which others there are', () => {
  const found = declarationsOf(
    BOTH,
    objects({
      clusterExternalSecrets: [everywhere(SELECTED)],
      clusterSecretStores: [aStore(undefined)],
      namespaces: NAMESPACES,
    }),
    [],
    ['bank'],
  );

  expect(placesOf(found)).toEqual(['bank/common']);
  expect(found.expansions[0]).toMatchObject({ namespaces: ['shop', 'bank'], outside: ['kube-system'] });
});
