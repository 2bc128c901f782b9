import { expect, test } from '@jest/globals';
import type { SourceRef } from '../../../lambda/model/declaration.ts';
import type { SourceResults } from '../../../lambda/model/source.ts';
import { sourceByStore } from '../../../lambda/sources/by-store.ts';
import { createSecretsManagerSource } from '../../../lambda/sources/secrets-manager.ts';
import { aRef } from '../../support/builders.ts';
import { FakeSecretsManager } from '../../support/fake-secrets-manager.ts';

const signal = new AbortController().signal;
const read = (fake: FakeSecretsManager, ...refs: readonly SourceRef[]) =>
  createSecretsManagerSource(fake, '111122223333').read(refs, signal);

/** Each result in a word: the text and version, or the error code. */
function words(results: SourceResults): Record<string, string> {
  const word = (id: string): string => {
    const result = results.get(id);
    if (result?.kind !== 'value') return result?.error.code ?? 'nothing';
    const { payload, version } = result.value;
    return `${payload.kind === 'text' ? payload.text.reveal() : `bytes ${[...payload.bytes.reveal()].join()}`} ${version.id}`;
  };
  return Object.fromEntries([...results.keys()].map((id) => [id, word(id)]));
}

test('one secret is read by itself, and its version’s age is known', async () => {
  const fake = new FakeSecretsManager().add({ name: 'a', value: 'fake-a' });

  const results = await read(fake, aRef('a'), aRef('a'));

  expect(fake.calls).toEqual(['get a']);
  expect(results.get('aws:a')).toMatchObject({ value: { version: { id: 'v1', created: new Date(1000) } } });
});

test('several are read in batches of at most 20, whose dates are not the versions’', async () => {
  const names = Array.from({ length: 45 }, (_, n) => `s${n}`);
  const fake = new FakeSecretsManager().add(...names.map((name) => ({ name, value: `fake-${name}` })));

  const results = await read(fake, ...names.map((name) => aRef(name)));

  expect(fake.calls.toSorted()).toEqual(['batch 20', 'batch 20', 'batch 5']);
  expect(words(results)).toEqual(Object.fromEntries(names.map((name) => [`aws:${name}`, `fake-${name} v1`])));
  expect(results.get('aws:s0')).toMatchObject({ value: { version: { created: undefined } } });
});

test('a batch is followed through all its pages', async () => {
  const fake = new FakeSecretsManager().add(
    { name: 'a', value: '1' },
    { name: 'b', value: '2' },
    { name: 'c', value: '3' },
  );
  fake.pageSize = 1;

  expect(Object.keys(words(await read(fake, aRef('a'), aRef('b'), aRef('c'))))).toHaveLength(3);
  expect(fake.calls).toEqual(['batch 3', 'batch 3', 'batch 3']);
});

test('a key may be a name, a full ARN or a partial ARN, in a batch too', async () => {
  const arn = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:';
  const fake = new FakeSecretsManager().add(
    { name: 'a', value: '1' },
    { name: 'b', value: '2' },
    { name: 'c', value: '3' },
  );

  expect(words(await read(fake, aRef('a'), aRef(`${arn}b-AbCdEf`), aRef(`${arn}c`)))).toEqual({
    'aws:a': '1 v1',
    [`aws:${arn}b-AbCdEf`]: '2 v1',
    [`aws:${arn}c`]: '3 v1',
  });
});

test.each([
  { what: 'a stage', version: 'AWSPREVIOUS', value: 'old v0' },
  { what: 'a custom stage', version: 'blue', value: 'blue v2' },
  { what: 'a version id', version: 'uuid/v0', value: 'old v0' },
  { what: 'a stage that does not exist', version: 'green', value: 'SOURCE_NOT_FOUND' },
])('$what is read by itself', async ({ version, value }) => {
  const fake = new FakeSecretsManager().add(
    { name: 'a', value: 'old', versionId: 'v0', stages: ['AWSPREVIOUS'] },
    { name: 'a', value: 'new', versionId: 'v1', stages: ['AWSCURRENT'] },
    { name: 'a', value: 'blue', versionId: 'v2', stages: ['blue'] },
  );

  expect(words(await read(fake, aRef('a', version)))).toEqual({ [`aws:a@${version}`]: value });
});

test('a secret of another account is read by itself, because a batch does not reach it', async () => {
  const foreign = aRef('arn:aws:secretsmanager:eu-west-1:999988887777:secret:x-AbCdEf');
  const fake = new FakeSecretsManager().add({ name: 'a', value: '1' }, { name: 'b', value: '2' });

  await read(fake, aRef('a'), aRef('b'), foreign);

  expect(fake.calls.toSorted()).toEqual(['batch 2', `get ${foreign.key}`]);
});

test('a binary secret stays binary', async () => {
  const fake = new FakeSecretsManager().add({ name: 'a', value: Uint8Array.from([0, 255]) });

  expect(words(await read(fake, aRef('a')))).toEqual({ 'aws:a': 'bytes 0,255 v1' });
});

test('each reference goes to its own store, and an unknown store fails alone', async () => {
  const store = createSecretsManagerSource(
    new FakeSecretsManager().add({ name: 'a', value: '1' }),
    undefined,
  );

  const results = await sourceByStore(new Map([['aws', store]])).read(
    [aRef('a'), { ...aRef('a'), store: 'typo' }],
    signal,
  );

  expect(words(results)).toEqual({ 'aws:a': '1 v1', 'typo:a': 'CONFIG_INVALID' });
});
