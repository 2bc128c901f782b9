import { expect, test } from '@jest/globals';
import { createSecretsManagerSource } from '../../../lambda/sources/secrets-manager.ts';
import { tagsText } from '../../../lambda/sources/tags.ts';
import { aRef } from '../../support/builders.ts';
import type { FakeSecret } from '../../support/fake-secrets-manager.ts';
import { FakeSecretsManager } from '../../support/fake-secrets-manager.ts';

const signal = new AbortController().signal;

test('tags and value of one secret are two entries, each with a version of its own', async () => {
  const fake = new FakeSecretsManager().add({ name: 'a', value: 'fake-a', tags: { team: 'shop' } });
  const tags = { ...aRef('a'), metadata: 'Fetch' } as const;

  const results = await createSecretsManagerSource(fake, undefined).read([aRef('a'), tags], signal);

  const result = results.get('aws:a#metadata');
  expect([...results.keys()].toSorted()).toEqual(['aws:a', 'aws:a#metadata']);
  expect(result).toMatchObject({
    value: { version: { id: expect.stringMatching(/^tags-[0-9a-f]{32}$/u), created: new Date(2000) } },
  });
  expect(
    result?.kind === 'value' && result.value.payload.kind === 'text' && result.value.payload.text.reveal(),
  ).toBe('{"team":"shop"}');
});

test('the version of tags changes with the tags, and with nothing else', async () => {
  const versionOf = async (secret: Partial<FakeSecret>): Promise<unknown> => {
    const fake = new FakeSecretsManager().add({ name: 'a', value: 'fake-a', ...secret });
    const results = await createSecretsManagerSource(fake, undefined).read(
      [{ ...aRef('a'), metadata: 'Fetch' }],
      signal,
    );
    const result = results.get('aws:a#metadata');
    return result?.kind === 'value' ? result.value.version.id : undefined;
  };

  const before = await versionOf({ tags: { team: 'shop' } });

  expect(await versionOf({ tags: { team: 'shop' }, versionId: 'v2', value: 'fake-b' })).toBe(before);
  expect(await versionOf({ tags: { team: 'web' } })).not.toBe(before);
});

test.each([
  { what: 'a secret that does not exist', name: 'b', code: 'SOURCE_NOT_FOUND' },
  { what: 'a secret that waits for its deletion', name: 'a', code: 'SOURCE_DELETED' },
])('$what has no tags', async ({ name, code }) => {
  const fake = new FakeSecretsManager().add({ name: 'a', value: 'fake-a', deleted: true });
  const ref = { ...aRef(name), metadata: 'Fetch' } as const;

  const results = await createSecretsManagerSource(fake, undefined).read([ref], signal);

  expect(results.get(`aws:${name}#metadata`)).toMatchObject({ error: { code } });
});

test.each([
  { tags: [], text: '{}' },
  {
    tags: [{ Key: 'b', Value: '1' }, { Key: '10', Value: '' }, { Key: 'B' }],
    text: '{"10":"","B":"","b":"1"}',
  },
  {
    tags: [{ Key: '__proto__', Value: '<a&b>\u2028' }],
    text: '{"__proto__":"\\u003ca\\u0026b\\u003e\\u2028"}',
  },
  {
    tags: [
      { Key: '\u{1F600}', Value: '' },
      { Key: '\uFFFD', Value: '"' },
    ],
    text: '{"\uFFFD":"\\"","\u{1F600}":""}',
  },
])('tags are written as Go writes a map: $text', ({ tags, text }) => {
  expect(tagsText(tags)).toBe(text);
});
