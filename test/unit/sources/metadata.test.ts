import { expect, test } from '@jest/globals';
import { createSecretsManagerSource } from '../../../lambda/sources/secrets-manager.ts';
import { tagsText } from '../../../lambda/sources/tags-text.ts';
import { aRef } from '../../support/builders.ts';
import { FakeSecretsManager } from '../../support/fake-secrets-manager.ts';

const signal = new AbortController().signal;

test('tags and value of one secret are two entries, and the tags have the current version', async () => {
  const fake = new FakeSecretsManager().add({ name: 'a', value: 'fake-a', tags: { team: 'shop' } });
  const tags = { ...aRef('a'), metadata: 'Fetch' } as const;

  const results = await createSecretsManagerSource(fake, undefined).read([aRef('a'), tags], signal);

  const result = results.get('aws:a#metadata');
  expect([...results.keys()].toSorted()).toEqual(['aws:a', 'aws:a#metadata']);
  expect(result).toMatchObject({ value: { version: { id: 'v1', created: new Date(2000) } } });
  expect(
    result?.kind === 'value' && result.value.payload.kind === 'text' && result.value.payload.text.reveal(),
  ).toBe('{"team":"shop"}');
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
