import { expect, test } from '@jest/globals';
import { namespacesOf } from '../../../lambda/declarations/store-conditions.ts';
import type { Openness } from '../../../lambda/declarations/store-conditions.ts';
import { clusterStore } from '../../../lambda/declarations/cluster-stores.ts';
import { clusterObject } from '../../../lambda/declarations/cluster-object.ts';
import { formatProblem } from '../../../lambda/declarations/problems.ts';
import { CLUSTER, aStore } from './cluster-objects.ts';

const NAMES = ['shop', 'shop-eu', 'bank', 'new'];
const KNOWN = [
  { name: 'shop', labels: { team: 'shop', env: 'prod' } },
  { name: 'shop-eu', labels: { team: 'shop' } },
  { name: 'bank', labels: { team: 'bank', env: 'prod' } },
];
const condition = (some: Partial<Openness['conditions'][number]>): Openness['conditions'][number] => ({
  namespaces: [],
  namespaceRegexes: [],
  ...some,
});
const selector = (matchLabels: Record<string, string>) =>
  condition({ namespaceSelector: { matchLabels, matchExpressions: [] } });

test.each<readonly [what: string, conditions: Openness['conditions'], open: readonly string[]]>([
  ['nothing', [], NAMES],
  ['an empty condition', [condition({})], []],
  ['names', [condition({ namespaces: ['bank', 'gone'] })], ['bank']],
  ['a label', [selector({ team: 'shop' })], ['shop', 'shop-eu']],
  ['two labels, which must both be there', [selector({ team: 'shop', env: 'prod' })], ['shop']],
  ['every label, of namespaces that are there', [selector({})], ['shop', 'shop-eu', 'bank']],
  [
    'an expression',
    [
      condition({
        namespaceSelector: {
          matchLabels: {},
          matchExpressions: [{ key: 'env', operator: 'DoesNotExist', values: [] }],
        },
      }),
    ],
    ['shop-eu'],
  ],
  ['a part of the name', [condition({ namespaceRegexes: ['sho'] })], ['shop', 'shop-eu']],
  ['the whole name', [condition({ namespaceRegexes: ['^shop$'] })], ['shop']],
  ['any of several expressions', [condition({ namespaceRegexes: ['^x', '-eu$'] })], ['shop-eu']],
  [
    'names or labels, where one of them will do',
    [{ ...selector({ team: 'bank' }), namespaces: ['shop'] }],
    ['shop', 'bank'],
  ],
  ['several conditions', [condition({ namespaces: ['new'] }), selector({ team: 'bank' })], ['bank', 'new']],
])('%s', (_what, conditions, open) => {
  expect(namespacesOf({ kind: 'ClusterSecretStore', conditions }, NAMES, KNOWN)).toEqual(open);
});

test('a SecretStore is open to its own namespace alone', () => {
  expect(namespacesOf({ kind: 'SecretStore', namespace: 'bank', conditions: [] }, NAMES, KNOWN)).toEqual([
    'bank',
  ]);
});

test.each([
  ['an expression that RE2 does not take', [{ namespaceRegexes: ['(?<=a)b'] }], 'syntax of RE2'],
  [
    'an operator that is none',
    [{ namespaceSelector: { matchExpressions: [{ key: 'a', operator: 'Is' }] } }],
    'one of "In"',
  ],
])('%s is told', (_what, conditions, says) => {
  const object = clusterObject(aStore(undefined, {}, { conditions }), 'prod-eu', {
    apiVersion: 'external-secrets.io/v1',
    kind: 'ClusterSecretStore',
  });
  if (object === undefined) throw new Error('no object');

  expect(
    clusterStore(CLUSTER, object, KNOWN)
      .problems.map((problem) => formatProblem(problem))
      .join(),
  ).toContain(says);
});
