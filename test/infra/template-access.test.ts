import { expect, test } from '@jest/globals';
import { namespaceAccess } from '../../infra/manifests/rbac.ts';

const rulesOf = (options: { readonly declares: boolean; readonly configMaps?: readonly string[] }): unknown =>
  namespaceAccess({ group: 'keyrelay', ...options }, 'shop')[0]?.['rules'];

const about = (rules: unknown): readonly unknown[] =>
  Array.isArray(rules) ? rules.filter((rule) => JSON.stringify(rule).includes('configmaps')) : [];

test.each([
  ['nothing where no template lies in one', { declares: false }, []],
  [
    'those that files name, and no others',
    { declares: false, configMaps: ['templates'] },
    [{ apiGroups: [''], resources: ['configmaps'], resourceNames: ['templates'], verbs: ['get'] }],
  ],
  [
    'any of the namespace where its objects may name any',
    { declares: true },
    [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get'] }],
  ],
])('of ConfigMaps the relay may read %s', (_what, options, expected) => {
  expect(about(rulesOf(options))).toEqual(expected);
});
