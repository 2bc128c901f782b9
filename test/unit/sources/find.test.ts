import { expect, test } from '@jest/globals';
import type { FindQuery, FindResult } from '../../../lambda/model/source.ts';
import { sourceByStore } from '../../../lambda/sources/by-store.ts';
import { createSecretsManagerSource } from '../../../lambda/sources/secrets-manager.ts';
import { FakeSecretsManager, awsError } from '../../support/fake-secrets-manager.ts';

const signal = new AbortController().signal;
const some = () =>
  new FakeSecretsManager().add(
    { name: 'shop/b', value: 'fake-b' },
    { name: 'shop/a', value: 'fake-a' },
    { name: 'bank/c', value: 'fake-c' },
  );
const find = (fake: FakeSecretsManager, query: Partial<FindQuery> = {}) =>
  createSecretsManagerSource(fake, undefined).find({ store: 'aws', tags: {}, ...query }, signal);

/** The names that were found, or the error's code. */
function words(result: FindResult): readonly string[] | string {
  return result.kind === 'found' ? result.values.map(({ ref }) => ref.key) : result.error.code;
}

test('everything is found over all pages, in the order of names, with its value', async () => {
  const fake = some();
  fake.pageSize = 1;

  const result = await find(fake);

  expect(words(result)).toEqual(['bank/c', 'shop/a', 'shop/b']);
  const texts = result.kind === 'found' ? result.values.map(({ payload }) => payload) : [];
  expect(texts.map((payload) => payload.kind === 'text' && payload.text.reveal())).toEqual([
    'fake-c',
    'fake-a',
    'fake-b',
  ]);
  expect(fake.calls.filter((call) => call.startsWith('list'))).toHaveLength(3);
});

test('path and tags are asked of Secrets Manager', async () => {
  const fake = some();

  await find(fake, { path: 'shop/', tags: { team: 'shop' } });

  expect(fake.calls[0]).toBe('list tag-key=team,tag-value=shop,name=shop/');
});

test.each([
  { name: 'a$', found: ['shop/a'] },
  { name: 'shop', found: ['shop/a', 'shop/b'] },
  { name: '^hop', found: [] },
  { name: '(?i)BANK', found: ['bank/c'] },
  { name: '(?=a)', found: 'DECLARATION_INVALID' },
])('the regular expression $name is RE2’s and matches anywhere', async ({ name, found }) => {
  expect(words(await find(some(), { name }))).toEqual(found);
});

test.each([
  { within: ['shop/*'], found: ['shop/a', 'shop/b'] },
  { within: ['shop/a', 'bank/c'], found: ['bank/c', 'shop/a'] },
  { within: ['shop/'], found: [] },
  { within: [], found: [] },
])('of what the store may not read ($within), nothing is read', async ({ within, found }) => {
  const fake = some();
  fake.broken.set('shop/b', awsError('AccessDeniedException'));
  if (within.includes('shop/*')) fake.broken.clear();

  expect(words(await find(fake, { within }))).toEqual(found);
});

test('one that cannot be read fails the whole', async () => {
  const fake = some();
  fake.broken.set('shop/b', awsError('AccessDeniedException'));

  expect(words(await find(fake))).toBe('SOURCE_DENIED');
});

test('a page that cannot be read fails the whole, and says what to allow', async () => {
  const fake = some();
  fake.pageSize = 1;
  fake.broken.set('list 2', awsError('AccessDeniedException'));

  const result = await find(fake);

  expect(result).toMatchObject({ error: { code: 'SOURCE_DENIED' } });
  expect(result.kind === 'failure' ? result.error.message : '').toContain('allow secretsmanager:ListSecrets');
  expect(JSON.stringify(result)).not.toContain('canary');
});

test('one marked for deletion after the list was made is left out', async () => {
  const fake = some();
  fake.broken.set('shop/b', awsError('InvalidRequestException', 'because it was marked for deletion.'));

  expect(words(await find(fake))).toEqual(['bank/c', 'shop/a']);
});

test('a store that is not configured finds nothing, with its name', async () => {
  expect(words(await sourceByStore(new Map()).find({ store: 'aws', tags: {} }, signal))).toBe(
    'CONFIG_INVALID',
  );
});
