import { expect, test } from '@jest/globals';
import { parseSelector } from '../../../lambda/declarations/cluster-selector.ts';

const labels = { env: 'prod', 'example.com/tier': 'web', empty: '' };

test.each([
  ['env=prod', true],
  ['env==prod', true],
  ['env = prod', true],
  ['env=test', false],
  ['other=prod', false],
  ['empty=', true],
  ['other=', false],
  ['env!=test', true],
  ['env!=prod', false],
  ['other!=prod', true],
  ['env in (prod, test)', true],
  ['env in (test)', false],
  ['other in (prod)', false],
  ['env notin (test)', true],
  ['env notin (test,prod)', false],
  ['other notin (prod)', true],
  ['env', true],
  ['other', false],
  ['!env', false],
  ['!other', true],
  ['example.com/tier=web', true],
  ['env=prod,example.com/tier=web', true],
  ['env in (prod, test), !other', true],
  ['env=prod,other', false],
  // Members that every object has are no labels.
  ['constructor', false],
  ['!toString', true],
  ['valueOf notin (a)', true],
])('%s matches: %s', (text, matches) => {
  expect(parseSelector(text)?.(labels)).toBe(matches);
});

test.each([
  '',
  ' ',
  ',',
  'env=prod,',
  'env>1',
  'env in prod',
  'env in (prod',
  'env in (a(b))',
  '=prod',
  'env=a b',
  '!',
  'env=prod;tier=web',
  'env inn (a)',
])('%j is no selector', (text) => {
  expect(parseSelector(text)).toBeUndefined();
});
