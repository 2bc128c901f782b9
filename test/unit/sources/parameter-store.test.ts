import { expect, test } from '@jest/globals';
import type { GetParametersCommandInput } from '@aws-sdk/client-ssm';
import type { SourceRef } from '../../../lambda/model/declaration.ts';
import { findId } from '../../../lambda/model/source.ts';
import type { FindQuery, SourceResult } from '../../../lambda/model/source.ts';
import { createParameterStoreSource } from '../../../lambda/sources/parameter-store.ts';
import type { ParameterStoreCalls } from '../../../lambda/sources/parameter-store.ts';
import { aRef } from '../../support/builders.ts';
import { awsError } from '../../support/fake-secrets-manager.ts';

const signal = new AbortController().signal;
const arnOf = (name: string) => `arn:aws:ssm:eu-west-1:111122223333:parameter/${name.replace(/^\//u, '')}`;

/** Parameter Store in memory, at the SDK's boundary: each parameter has version 3, and version 2 with the label `blue`. */
class FakeParameters implements ParameterStoreCalls {
  readonly calls: string[] = [];
  readonly broken = new Map<string, Error>();
  readonly names: readonly string[];
  pageSize = 10;

  constructor(...names: readonly string[]) {
    this.names = names;
  }

  getParameters({ Names = [], WithDecryption }: GetParametersCommandInput) {
    this.calls.push(`get ${Names.length}${WithDecryption === true ? '' : ' encrypted'}`);
    if (Names.length > 10) return Promise.reject(awsError('ValidationException'));
    const failure = Names.map((name) => this.broken.get(name)).find((error) => error !== undefined);
    if (failure !== undefined) return Promise.reject(failure);
    const found = Names.map((id) => ({ id, parameter: this.#parameter(id) }));
    return Promise.resolve({
      Parameters: found.flatMap(({ parameter }) => (parameter === undefined ? [] : [parameter])),
      InvalidParameters: found.filter(({ parameter }) => parameter === undefined).map(({ id }) => id),
    });
  }

  getParametersByPath({
    Path = '',
    NextToken = '0',
  }: {
    Path: string | undefined;
    NextToken?: string | undefined;
  }) {
    this.calls.push(`walk ${Path}`);
    return this.#page(NextToken);
  }

  describeParameters({ NextToken = '0', ...input }: { NextToken?: string | undefined }) {
    this.calls.push(`describe ${JSON.stringify(input)}`);
    const broken = this.broken.get('describe');
    return broken === undefined ? this.#page(NextToken) : Promise.reject(broken);
  }

  listTagsForResource({ ResourceId = '' }: { ResourceId: string | undefined }) {
    this.calls.push(`tags ${ResourceId}`);
    return Promise.resolve({ TagList: [{ Key: 'team', Value: 'shop' }] });
  }

  #page(token: string) {
    const broken = this.broken.get(`page ${token}`);
    if (broken !== undefined) return Promise.reject(broken);
    const from = Number(token);
    const next = from + this.pageSize;
    return Promise.resolve({
      Parameters: this.names.slice(from, next).map((Name) => ({ Name, Version: 3 })),
      ...(next < this.names.length ? { NextToken: String(next) } : {}),
    });
  }

  #parameter(id: string) {
    const name = this.names.find((own) =>
      [own, arnOf(own)].some((form) => id === form || id.startsWith(`${form}:`)),
    );
    if (name === undefined) return undefined;
    const Selector = /(?<=parameter.*|^[^:]*):[^:]+$/u.exec(id)?.[0];
    const Version = Selector === ':2' || Selector === ':blue' ? 2 : 3;
    if (![undefined, ':2', ':3', ':blue'].includes(Selector)) return undefined;
    const part = Selector === undefined ? {} : { Selector };
    const Value = `fake-${name}`;
    return {
      Name: name,
      ARN: arnOf(name),
      Value,
      Version,
      LastModifiedDate: new Date(1000 * Version),
      ...part,
    };
  }
}

const read = (fake: FakeParameters, ...refs: readonly SourceRef[]) =>
  createParameterStoreSource(fake, '111122223333').read(refs, signal);
const find = async (fake: FakeParameters, query: Partial<FindQuery> = {}) => {
  const result = await createParameterStoreSource(fake, undefined).find(
    { store: 'aws', tags: {}, ...query },
    signal,
  );
  return result.kind === 'found' ? result.values.map(({ ref }) => ref.key) : result.error.code;
};

function word(result: SourceResult | undefined): string {
  if (result?.kind !== 'value') return result?.error.code ?? 'nothing';
  const { payload, version } = result.value;
  return `${payload.kind === 'text' ? payload.text.reveal() : ''} ${version.id}`;
}

test('parameters are read in batches of at most 10, with version and date', async () => {
  const names = Array.from({ length: 23 }, (_, n) => `/p${n}`);
  const fake = new FakeParameters(...names);

  const results = await read(fake, ...names.map((name) => aRef(name)), aRef('/p0'));

  expect(fake.calls.toSorted()).toEqual(['get 10', 'get 10', 'get 3']);
  expect(names.map((name) => word(results.get(`aws:${name}`)))).toEqual(
    names.map((name) => `fake-${name} 3`),
  );
  expect(results.get('aws:/p0')).toMatchObject({ value: { version: { created: new Date(3000) } } });
});

test.each([
  { key: '/a', version: 'AWSCURRENT', value: 'fake-/a 3' },
  { key: '/a', version: '2', value: 'fake-/a 2' },
  { key: '/a', version: 'blue', value: 'fake-/a 2' },
  { key: '/a', version: 'green', value: 'SOURCE_NOT_FOUND' },
  { key: arnOf('/a'), version: 'AWSCURRENT', value: 'fake-/a 3' },
  { key: arnOf('/a'), version: '2', value: 'fake-/a 2' },
  { key: '/c', version: 'AWSCURRENT', value: 'SOURCE_NOT_FOUND' },
])('$key in version $version is $value, alone and among others', async ({ key, version, value }) => {
  const ref = aRef(key, version);
  const id = version === 'AWSCURRENT' ? `aws:${key}` : `aws:${key}@${version}`;

  expect(word((await read(new FakeParameters('/a', 'b'), ref)).get(id))).toBe(value);
  expect(word((await read(new FakeParameters('/a', 'b'), aRef('b'), ref)).get(id))).toBe(value);
});

test('one that may not be read fails by itself, and the others are read', async () => {
  const fake = new FakeParameters('/a', '/b');
  fake.broken.set('/b', awsError('AccessDeniedException'));

  const results = await read(fake, aRef('/a'), aRef('/b'));

  expect([word(results.get('aws:/a')), word(results.get('aws:/b'))]).toEqual(['fake-/a 3', 'SOURCE_DENIED']);
});

test('a batch that is throttled is not asked again one by one', async () => {
  const fake = new FakeParameters('/a', '/b');
  fake.broken.set('/b', awsError('ThrottlingException'));

  const results = await read(fake, aRef('/a'), aRef('/b'));

  expect([...results.values()].map(word)).toEqual(['SOURCE_THROTTLED', 'SOURCE_THROTTLED']);
  expect(fake.calls).toEqual(['get 2']);
});

test.each([
  { error: awsError('AccessDeniedException'), code: 'SOURCE_DENIED', advice: 'ssm:GetParameters' },
  {
    error: awsError('AccessDeniedException', 'no KMS for you'),
    code: 'SOURCE_UNDECRYPTABLE',
    advice: 'kms:Decrypt',
  },
  { error: awsError('InvalidKeyId'), code: 'SOURCE_UNDECRYPTABLE', advice: 'kms:Decrypt' },
  { error: awsError('ParameterVersionNotFound'), code: 'SOURCE_NOT_FOUND', advice: 'create it' },
  { error: awsError('InternalServerError', '', 500), code: 'SOURCE_UNAVAILABLE', advice: 'tries again' },
  { error: awsError('AbortError'), code: 'DEADLINE', advice: 'queue' },
  { error: awsError('ValidationException'), code: 'SOURCE_INVALID_REQUEST', advice: 'remoteRef' },
])('$error.name is $code, without the service’s own words', async ({ error, code, advice }) => {
  const fake = new FakeParameters('/a');
  fake.broken.set('/a', error);

  const result = (await read(fake, aRef('/a'))).get('aws:/a');

  expect(result).toMatchObject({ error: { code } });
  const message = result?.kind === 'failure' ? result.error.message : '';
  expect(message).toContain(advice);
  expect(message).not.toMatch(/canary|for you/u);
});

test('tags are read by name, for an ARN too, and nothing is decrypted', async () => {
  const fake = new FakeParameters('/a');

  const results = await read(fake, { ...aRef(arnOf('/a')), metadata: 'Fetch' });

  expect(word(results.get(`aws:${arnOf('/a')}#metadata`))).toMatch(/^\{"team":"shop"\} tags-[0-9a-f]{32}$/u);
  expect(fake.calls).toEqual(['get 1 encrypted', 'tags /a']);
});

test('tags of a parameter that another account shares are not read by the name of one’s own', async () => {
  const fake = new FakeParameters('/a');
  const key = arnOf('/a').replace('111122223333', '444455556666');

  const results = await read(fake, { ...aRef(key), metadata: 'Fetch' });

  expect(results.get(`aws:${key}#metadata`)).toMatchObject({
    error: { code: 'SOURCE_INVALID_REQUEST', message: expect.stringContaining('another account shares') },
  });
  expect(fake.calls).toEqual([]);
});

test.each([
  {
    what: 'the patterns of its store, by their beginnings',
    query: { within: ['/shop-*', '/shop/db'] },
    filters: [{ Key: 'Name', Option: 'BeginsWith', Values: ['/shop-', '/shop/db'] }],
  },
  {
    what: 'its path, and leaves the patterns to the choice that follows',
    query: { path: '/shop/', within: ['/shop/*'] },
    filters: [{ Key: 'Path', Option: 'Recursive', Values: ['/shop'] }],
  },
  { what: 'nothing for the root', query: { path: '/' }, filters: [] },
  {
    what: 'each tag, and the path',
    query: { path: '/shop', tags: { team: 'x', env: 'y' } },
    filters: [
      { Key: 'tag:team', Option: 'Equals', Values: ['x'] },
      { Key: 'tag:env', Option: 'Equals', Values: ['y'] },
      { Key: 'Path', Option: 'Recursive', Values: ['/shop'] },
    ],
  },
  { what: 'nothing for too many patterns', query: { within: Array(51).fill('/a*') }, filters: [] },
])('a find describes with filters for $what', async ({ query, filters }) => {
  const fake = new FakeParameters();

  await find(fake, query);

  expect(fake.calls).toEqual([`describe ${JSON.stringify({ ParameterFilters: filters, MaxResults: 50 })}`]);
});

test('a find goes over all pages and reads what matches and its store admits', async () => {
  const fake = new FakeParameters('/shop/b', '/shop/a', '/shop/c', '/bank/a');
  fake.pageSize = 1;

  expect(await find(fake, { name: '[ab]$', within: ['/shop/*'] })).toEqual(['/shop/a', '/shop/b']);
  expect(fake.calls.filter((call) => call.startsWith('describe'))).toHaveLength(4);
  expect(fake.calls.at(-1)).toBe('get 2');
});

test('a role that may not describe walks the path, as in ESO', async () => {
  const fake = new FakeParameters('/shop/a');
  fake.broken.set('describe', awsError('AccessDeniedException'));

  expect(await find(fake, { path: '/shop', name: 'a' })).toEqual(['/shop/a']);
  expect(fake.calls.slice(1)).toEqual(['walk /shop', 'get 1']);
});

test.each([
  { what: 'for tags nothing but describing helps', broken: 'describe', query: { tags: { team: 'x' } } },
  { what: 'neither may be done', broken: 'both', query: { path: '/shop' } },
])('where $what, the error names the permission', async ({ broken, query }) => {
  const fake = new FakeParameters('/shop/a');
  fake.broken.set('describe', awsError('AccessDeniedException'));
  if (broken === 'both') fake.broken.set('page 0', awsError('AccessDeniedException'));

  const result = await createParameterStoreSource(fake, undefined).find(
    { store: 'aws', tags: {}, ...query },
    signal,
  );

  expect(result).toMatchObject({
    error: { code: 'SOURCE_DENIED', message: expect.stringContaining('allow ssm:DescribeParameters') },
  });
});

test('a page or a parameter that cannot be read fails the whole find', async () => {
  const page = new FakeParameters('/a', '/b');
  page.pageSize = 1;
  page.broken.set('page 1', awsError('ThrottlingException'));
  const value = new FakeParameters('/a', '/b');
  value.broken.set('/b', awsError('AccessDeniedException'));

  expect([await find(page), await find(value)]).toEqual(['SOURCE_THROTTLED', 'SOURCE_DENIED']);
});

test('a survey tells newest versions, 50 parameters a call, and reads no value', async () => {
  const names = Array.from({ length: 51 }, (_, n) => `/p${n}`);
  const fake = new FakeParameters(...names);
  fake.pageSize = 60;
  const others = [aRef('/p0', 'blue'), aRef('/p0', '2'), aRef(arnOf('/p0'))];
  const tags = { ...aRef('/p0'), metadata: 'Fetch' } as const;
  const query = { store: 'aws', name: '^/p1.$', tags: {} };

  const survey = await createParameterStoreSource(fake, undefined).survey(
    { refs: [...names.map((name) => aRef(name)), ...others, tags, aRef('/gone')], queries: [query] },
    signal,
  );

  expect([...survey.versions]).toEqual(names.map((name) => [`aws:${name}`, '3']));
  expect(survey.members.get(findId(query))).toHaveLength(10);
  expect(survey.failures).toEqual([]);
  expect(fake.calls.map((call) => call.split(' ')[0])).toEqual(['describe', 'describe', 'describe']);
});

test('a survey that is refused knows nothing, and says what it takes', async () => {
  const fake = new FakeParameters('/a');
  fake.broken.set('describe', awsError('AccessDeniedException'));

  const survey = await createParameterStoreSource(fake, undefined).survey(
    { refs: [aRef('/a')], queries: [] },
    signal,
  );

  expect(survey.versions.size).toBe(0);
  expect(survey.failures).toMatchObject([
    { code: 'SOURCE_DENIED', message: expect.stringContaining('allow ssm:DescribeParameters') },
  ]);
});
