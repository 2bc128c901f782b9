import { describe, expect, test } from '@jest/globals';
import type { SourceRef } from '../../../lambda/model/declaration.ts';
import type { SourceResults } from '../../../lambda/model/source.ts';
import { createSecretsManagerSource } from '../../../lambda/sources/secrets-manager.ts';
import { aRef } from '../../support/builders.ts';
import { FakeSecretsManager, awsError } from '../../support/fake-secrets-manager.ts';

const ARN = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:';
const signal = new AbortController().signal;
const read = (fake: FakeSecretsManager, ...refs: readonly SourceRef[]) =>
  createSecretsManagerSource(fake, '111122223333').read(refs, signal);

/** What each reference got: the text, or the error code. */
function texts(results: SourceResults): Record<string, string> {
  return Object.fromEntries(
    [...results].map(([id, result]) => {
      if (result.kind === 'failure') return [id, result.error.code];
      const { payload } = result.value;
      return [id, payload.kind === 'text' ? payload.text.reveal() : 'binary'];
    }),
  );
}

describe('when one secret’s name looks like the ARN of another', () => {
  const names = (): FakeSecretsManager =>
    new FakeSecretsManager().add(
      { name: 'db', value: 'of db' },
      { name: 'db-AbCdEf', value: 'of db-AbCdEf' },
    );

  test.each([
    { order: 'the ARN first', refs: [aRef(`${ARN}db-AbCdEf`), aRef('db-AbCdEf')] },
    { order: 'the name first', refs: [aRef('db-AbCdEf'), aRef(`${ARN}db-AbCdEf`)] },
  ])('each reference gets its own value ($order)', async ({ refs }) => {
    expect(texts(await read(names(), ...refs))).toEqual({
      [`aws:${ARN}db-AbCdEf`]: 'of db',
      'aws:db-AbCdEf': 'of db-AbCdEf',
    });
  });

  test('the one that cannot be read does not get the other’s value', async () => {
    const fake = names();
    fake.broken.set('db', awsError('DecryptionFailure'));

    expect(texts(await read(fake, aRef(`${ARN}db-AbCdEf`), aRef('db-AbCdEf')))).toEqual({
      [`aws:${ARN}db-AbCdEf`]: 'SOURCE_UNDECRYPTABLE',
      'aws:db-AbCdEf': 'of db-AbCdEf',
    });
  });
});

test('a secret that is asked for by name and by ARN answers both', async () => {
  const fake = new FakeSecretsManager().add({ name: 'a', value: '1' });

  expect(texts(await read(fake, aRef('a'), aRef(`${ARN}a-AbCdEf`)))).toEqual({
    'aws:a': '1',
    [`aws:${ARN}a-AbCdEf`]: '1',
  });
});

test('an empty value is a value', async () => {
  const fake = new FakeSecretsManager().add({ name: 'a', value: '' }, { name: 'b', value: '' });

  expect(texts(await read(fake, aRef('a'), aRef('b')))).toEqual({ 'aws:a': '', 'aws:b': '' });
  expect(texts(await read(fake, aRef('a')))).toEqual({ 'aws:a': '' });
});

test('what a batch says nothing about is read by itself', async () => {
  const fake = new FakeSecretsManager().add({ name: 'a', value: '1' }, { name: 'b', value: '2' });
  const whole = fake.batchGetSecretValue.bind(fake);
  fake.batchGetSecretValue = (input) => whole({ ...input, SecretIdList: ['a'] });

  expect(texts(await read(fake, aRef('a'), aRef('b')))).toEqual({ 'aws:a': '1', 'aws:b': '2' });
  expect(fake.calls).toEqual(['batch 1', 'get b']);
});

test('a batch that fails for good on a later page keeps the earlier ones, and the rest is read one by one', async () => {
  const fake = new FakeSecretsManager().add({ name: 'a', value: '1' }, { name: 'b', value: '2' });
  fake.pageSize = 1;
  const first = fake.batchGetSecretValue.bind(fake);
  fake.batchGetSecretValue = (input) =>
    input.NextToken === undefined ? first(input) : Promise.reject(awsError('InvalidParameterException'));

  expect(texts(await read(fake, aRef('a'), aRef('b')))).toEqual({ 'aws:a': '1', 'aws:b': '2' });
  expect(fake.calls).toEqual(['batch 2', 'get b']);
});

test('when the time is over, every entry that was not read fails with DEADLINE', async () => {
  const fake = new FakeSecretsManager();
  fake.batchError = Object.assign(new Error('Request aborted'), { name: 'AbortError' });
  const refs = Array.from({ length: 25 }, (_, n) => aRef(`s${n}`));

  const results = await read(fake, ...refs);

  expect(results.size).toBe(25);
  expect(new Set(Object.values(texts(results)))).toEqual(new Set(['DEADLINE']));
});
