import { expect, test } from '@jest/globals';
import { LabelSelector, selects } from '../../../lambda/declarations/label-selector.ts';

const LABELS = { team: 'shop', env: 'prod', empty: '' };

test.each<readonly [object, boolean]>([
  [{}, true],
  [{ matchLabels: { team: 'shop' } }, true],
  [{ matchLabels: { team: 'shop', env: 'test' } }, false],
  [{ matchLabels: { zone: '' } }, false],
  [{ matchLabels: { empty: '' } }, true],
  [{ matchExpressions: [{ key: 'env', operator: 'In', values: ['test', 'prod'] }] }, true],
  [{ matchExpressions: [{ key: 'env', operator: 'In', values: ['test'] }] }, false],
  [{ matchExpressions: [{ key: 'zone', operator: 'In', values: ['a'] }] }, false],
  [{ matchExpressions: [{ key: 'env', operator: 'NotIn', values: ['test'] }] }, true],
  [{ matchExpressions: [{ key: 'env', operator: 'NotIn', values: ['prod'] }] }, false],
  [{ matchExpressions: [{ key: 'zone', operator: 'NotIn', values: ['a'] }] }, true],
  [{ matchExpressions: [{ key: 'empty', operator: 'Exists' }] }, true],
  [{ matchExpressions: [{ key: 'zone', operator: 'Exists' }] }, false],
  [{ matchExpressions: [{ key: 'zone', operator: 'DoesNotExist' }] }, true],
  [{ matchExpressions: [{ key: 'empty', operator: 'DoesNotExist' }] }, false],
  [{ matchExpressions: [{ key: 'toString', operator: 'Exists' }] }, false],
  [
    { matchLabels: { team: 'shop' }, matchExpressions: [{ key: 'env', operator: 'In', values: ['test'] }] },
    false,
  ],
])('%j: %s', (selector, expected) => {
  expect(selects(LabelSelector.parse(selector), LABELS)).toBe(expected);
});

test.each([
  { matchExpressions: [{ key: 'env', operator: 'In' }] },
  { matchExpressions: [{ key: 'env', operator: 'NotIn', values: [] }] },
  { matchExpressions: [{ key: 'env', operator: 'Exists', values: ['prod'] }] },
  { matchExpressions: [{ key: 'env', operator: 'Like', values: ['p'] }] },
  { matchExpressions: [{ key: '', operator: 'Exists' }] },
  { matchLabels: { env: 'not a label' } },
  { matchLabel: {} },
])('%j is no selector', (selector) => {
  expect(LabelSelector.safeParse(selector).success).toBe(false);
});
