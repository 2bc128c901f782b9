import { inspect } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import type { SourceRef } from '../../../lambda/model/declaration.ts';
import type { SourceResults } from '../../../lambda/model/source.ts';
import { createSecretsManagerSource } from '../../../lambda/sources/secrets-manager.ts';
import { aRef } from '../../support/builders.ts';
import { FakeSecretsManager, awsError } from '../../support/fake-secrets-manager.ts';

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

describe('a secret that cannot be read fails by itself', () => {
  const failures = [
    { error: awsError('ResourceNotFoundException'), code: 'SOURCE_NOT_FOUND', retryable: false },
    {
      error: awsError(
        'InvalidRequestException',
        "You can't perform this operation on the secret because it was marked for deletion.",
      ),
      code: 'SOURCE_DELETED',
      retryable: false,
    },
    {
      error: awsError(
        'InvalidRequestException',
        'An error occurred because the secret is currently marked deleted.',
      ),
      code: 'SOURCE_DELETED',
      retryable: false,
    },
    { error: awsError('InvalidParameterException'), code: 'SOURCE_INVALID_REQUEST', retryable: false },
    { error: awsError('AccessDeniedException'), code: 'SOURCE_DENIED', retryable: false },
    { error: awsError('DecryptionFailure'), code: 'SOURCE_UNDECRYPTABLE', retryable: false },
    {
      error: awsError('AccessDeniedException', 'Access to KMS is not allowed'),
      code: 'SOURCE_UNDECRYPTABLE',
      retryable: false,
    },
    { error: awsError('KMSInternalException'), code: 'SOURCE_UNAVAILABLE', retryable: true },
    { error: awsError('ExpiredTokenException'), code: 'SOURCE_UNAVAILABLE', retryable: true },
    { error: awsError('Unnamed', 'canary-5f1c', 429), code: 'SOURCE_THROTTLED', retryable: true },
    { error: awsError('Unnamed', 'canary-5f1c', 418), code: 'SOURCE_INVALID_REQUEST', retryable: false },
    {
      error: awsError('canary-5f1c is no name', 'canary-5f1c', 503),
      code: 'SOURCE_UNAVAILABLE',
      retryable: true,
    },
    {
      error: awsError('SyntaxError', 'Unexpected token in "canary-5f1c', 200),
      code: 'SOURCE_UNAVAILABLE',
      retryable: true,
    },
    { error: awsError('KMSAccessDeniedException'), code: 'SOURCE_UNDECRYPTABLE', retryable: false },
    { error: awsError('ThrottlingException'), code: 'SOURCE_THROTTLED', retryable: true },
    { error: awsError('RequestLimitExceeded', 'x', 503), code: 'SOURCE_THROTTLED', retryable: true },
    { error: awsError('InternalServiceError', 'x', 500), code: 'SOURCE_UNAVAILABLE', retryable: true },
    {
      error: Object.assign(new Error('connect ECONNREFUSED'), { name: 'Error', code: 'ECONNREFUSED' }),
      code: 'SOURCE_UNAVAILABLE',
      retryable: true,
    },
    { error: Object.assign(new Error('aborted'), { name: 'AbortError' }), code: 'DEADLINE', retryable: true },
  ];

  test.each(failures)('$error.name becomes $code', async ({ error, code, retryable }) => {
    const fake = new FakeSecretsManager().add({ name: 'a', value: '1' });
    fake.broken.set('a', error);

    const result = (await read(fake, aRef('a'))).get('aws:a');

    expect(result).toMatchObject({ error: { code, retryable } });
    expect(
      [
        inspect(result, { depth: 9, showHidden: true }),
        JSON.stringify(result),
        String(result?.kind === 'failure' && result.error.stack),
      ].join(),
    ).not.toContain('canary-5f1c');
  });

  test.each([
    {
      when: 'the secret is missing',
      ref: aRef('a'),
      error: awsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret."),
      says: 'remoteRef.key',
    },
    {
      when: 'it has no such stage',
      ref: aRef('a', 'blue'),
      error: awsError('ResourceNotFoundException'),
      says: 'blue; store one, or correct remoteRef.version',
    },
    {
      when: 'it has no value yet',
      ref: aRef('a'),
      error: awsError(
        'ResourceNotFoundException',
        "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT",
      ),
      says: 'AWSCURRENT; store one',
    },
    {
      when: 'IAM denies it',
      ref: aRef('prod/db'),
      error: awsError('AccessDeniedException'),
      says: 'secret:prod/db-??????',
    },
    {
      when: 'the network fails',
      ref: aRef('a'),
      error: Object.assign(new Error('canary-5f1c'), { code: 'ECONNREFUSED' }),
      says: '(ECONNREFUSED)',
    },
  ])('when $when, the message says what to do', async ({ ref, error, says }) => {
    const fake = new FakeSecretsManager();
    fake.broken.set(ref.key, error);

    const [result] = (await read(fake, ref)).values();

    expect(result).toMatchObject({ error: { message: expect.stringContaining(says) } });
  });

  test.each(failures)('in a batch, $error.name leaves the others alone', async ({ error }) => {
    const fake = new FakeSecretsManager().add({ name: 'a', value: '1' }, { name: 'b', value: '2' });
    fake.broken.set('a', error);

    const results = await read(fake, aRef('a'), aRef('b'));

    expect(results.get('aws:a')?.kind).toBe('failure');
    expect(words(results)).toMatchObject({ 'aws:b': '2 v1' });
  });

  test('a batch that is refused as a whole is read one by one', async () => {
    const fake = new FakeSecretsManager().add({ name: 'a', value: '1' }, { name: 'b', value: '2' });
    fake.batchError = awsError('AccessDeniedException');

    expect(words(await read(fake, aRef('a'), aRef('b')))).toEqual({ 'aws:a': '1 v1', 'aws:b': '2 v1' });
  });

  test('a batch that is throttled is not repeated one by one', async () => {
    const fake = new FakeSecretsManager().add({ name: 'a', value: '1' }, { name: 'b', value: '2' });
    fake.batchError = awsError('ThrottlingException');

    expect(words(await read(fake, aRef('a'), aRef('b')))).toEqual({
      'aws:a': 'SOURCE_THROTTLED',
      'aws:b': 'SOURCE_THROTTLED',
    });
    expect(fake.calls).toEqual(['batch 2']);
  });
});
