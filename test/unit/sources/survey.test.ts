import { expect, test } from '@jest/globals';
import { RelayError } from '../../../lambda/errors.ts';
import { findId } from '../../../lambda/model/source.ts';
import type { FindQuery, SecretSource } from '../../../lambda/model/source.ts';
import type { SourceRef } from '../../../lambda/model/declaration.ts';
import { createSecretsManagerSource } from '../../../lambda/sources/secrets-manager.ts';
import { storeSources } from '../../../lambda/sources/store-sources.ts';
import { tagsVersion } from '../../../lambda/sources/tags.ts';
import { aRef } from '../../support/builders.ts';
import { awsError, FakeSecretsManager } from '../../support/fake-secrets-manager.ts';

const signal = new AbortController().signal;
const ACCOUNT = '111122223333';
const arn = (name: string, account = ACCOUNT): string =>
  `arn:aws:secretsmanager:eu-west-1:${account}:secret:${name}`;

async function surveyed(
  fake: FakeSecretsManager,
  refs: readonly SourceRef[],
  queries: readonly FindQuery[] = [],
) {
  const survey = await createSecretsManagerSource(fake, ACCOUNT).survey({ refs, queries }, signal);
  return {
    versions: Object.fromEntries(survey.versions),
    members: Object.fromEntries(
      [...survey.members].map(([id, refsOf]) => [id, refsOf.map(({ key }) => key)]),
    ),
    failures: survey.failures.map(({ code }) => code),
  };
}

const tagged = { name: 'db', value: 'fake', tags: { team: 'shop' } };

const numbered = (count: number): FakeSecretsManager =>
  new FakeSecretsManager().add(
    ...Array.from({ length: count }, (_, n) => ({ name: `s${n}`, value: 'fake', versionId: `v-${n}` })),
  );

test.each([
  { what: 'its name', ref: aRef('db'), id: 'v1' },
  { what: 'its full ARN', ref: aRef(arn('db-AbCdEf')), id: 'v1' },
  { what: 'its partial ARN', ref: aRef(arn('db')), id: 'v1' },
  { what: 'another stage', ref: aRef('db', 'AWSPREVIOUS'), id: 'v0' },
  { what: 'a version’s id', ref: aRef('db', 'uuid/v7'), id: 'v7' },
  {
    what: 'its tags',
    ref: { ...aRef('db'), metadata: 'Fetch' as const },
    id: tagsVersion([{ Key: 'team', Value: 'shop' }]),
  },
  { what: 'a stage that it does not have', ref: aRef('db', 'CUSTOM'), id: undefined },
  { what: 'the name of another secret', ref: aRef('other'), id: undefined },
])('a secret that is called by $what has the version $id', async ({ ref, id }) => {
  const { versions } = await surveyed(new FakeSecretsManager().add(tagged), [ref]);

  expect(Object.values(versions)).toEqual(id === undefined ? [] : [id]);
});

test('no value is read, and a call tells of a page of secrets', async () => {
  const fake = numbered(60);

  const { versions } = await surveyed(
    fake,
    Array.from({ length: 60 }, (_, n) => aRef(`s${n}`)),
  );

  expect(Object.keys(versions)).toHaveLength(60);
  expect(fake.calls).toEqual(['list ', 'list ', 'list ']);
});

test('few secrets of a large account are listed by their names, so that calls grow with what is asked for', async () => {
  const fake = numbered(2000);
  const wanted = [aRef('s1999'), aRef(arn('s1500-AbCdEf')), aRef('s5')];

  const { versions } = await surveyed(fake, wanted);

  expect(versions).toEqual({
    'aws:s1999': 'v-1999',
    [`aws:${arn('s1500-AbCdEf')}`]: 'v-1500',
    'aws:s5': 'v-5',
  });
  expect(fake.calls).toEqual(['list ', 'list name=s1999,s1500']);
});

test('a secret of another account is described, because a list does not reach it', async () => {
  const fake = new FakeSecretsManager().add({ name: 'far', value: 'fake', versionId: 'v9' });
  const far = aRef(arn('far-AbCdEf', '999988887777'));

  const { versions } = await surveyed(fake, [far]);

  expect(versions).toEqual({ [`aws:${far.key}`]: 'v9' });
  expect(fake.calls).toEqual([`describe ${far.key}`]);
});

test('one secret of another account that is gone hides no other, and is no failure of the survey', async () => {
  const fake = new FakeSecretsManager();
  const { failures, versions } = await surveyed(fake, [aRef(arn('gone-AbCdEf', '999988887777'))]);

  expect({ failures, versions }).toEqual({ failures: [], versions: {} });
});

test('where listing is denied each secret is described, and that is said', async () => {
  const fake = new FakeSecretsManager().add({ name: 'db', value: 'fake' });
  fake.broken.set('list 0', awsError('AccessDeniedException'));

  expect(await surveyed(fake, [aRef('db')])).toEqual({
    versions: { 'aws:db': 'v1' },
    members: {},
    failures: ['SOURCE_DENIED'],
  });
});

test('where listing is throttled nothing is added to the load: all is unknown, and that is said', async () => {
  const fake = new FakeSecretsManager().add({ name: 'db', value: 'fake' });
  fake.broken.set('list 0', awsError('ThrottlingException'));

  expect(await surveyed(fake, [aRef('db')])).toEqual({
    versions: {},
    members: {},
    failures: ['SOURCE_THROTTLED'],
  });
  expect(fake.calls).toEqual(['list ']);
});

test('a store without credentials is unknown as a whole, for the reason that its identity gives', async () => {
  const fake = new FakeSecretsManager().add({ name: 'db', value: 'fake' });
  fake.listSecrets = () => Promise.reject(new RelayError('SOURCE_DENIED', 'the role could not be assumed'));
  fake.describeSecret = () =>
    Promise.reject(new RelayError('SOURCE_DENIED', 'the role could not be assumed'));

  const { versions, failures } = await surveyed(fake, [aRef('db')]);

  expect(versions).toEqual({});
  expect(failures).toEqual(['SOURCE_DENIED', 'SOURCE_DENIED']);
});

test('a secret that waits for its deletion is not known, so that reading it tells', async () => {
  const fake = new FakeSecretsManager().add({ name: 'db', value: 'fake', deleted: true });

  expect((await surveyed(fake, [aRef('db')])).versions).toEqual({});
});

test('what a find would find is told with its versions', async () => {
  const fake = new FakeSecretsManager().add(
    { name: 'shop/a', value: 'fake', versionId: 'va' },
    { name: 'shop/b', value: 'fake', versionId: 'vb' },
    { name: 'bank/c', value: 'fake' },
  );
  const query = { store: 'aws', path: 'shop/', name: '[ab]$', tags: {} };

  const { versions, members } = await surveyed(fake, [], [query]);

  expect(members).toEqual({ [findId(query)]: ['shop/a', 'shop/b'] });
  expect(versions).toEqual({ 'aws:shop/a': 'va', 'aws:shop/b': 'vb' });
});

test('stores of one place are surveyed together, whatever they are called', async () => {
  const fake = new FakeSecretsManager().add({ name: 'db', value: 'fake' });
  const sourceOf = storeSources((): SecretSource => createSecretsManagerSource(fake, ACCOUNT));
  const place = { service: 'SecretsManager', region: 'eu-west-1' } as const;
  const source = sourceOf([
    { ...place, name: 'one' },
    { ...place, name: 'two' },
  ]);

  const { versions } = await source.survey(
    { refs: ['one', 'two'].map((store) => ({ ...aRef('db'), store })), queries: [] },
    signal,
  );

  expect(Object.fromEntries(versions)).toEqual({ 'one:db': 'v1', 'two:db': 'v1' });
  expect(fake.calls).toEqual(['list ']);
});
