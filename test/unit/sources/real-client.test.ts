import { createServer } from 'node:http';
import type { Server, ServerResponse } from 'node:http';
import { inspect } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { RelayError } from '../../../lambda/errors.ts';
import { createSecretsManagerSource } from '../../../lambda/sources/secrets-manager.ts';
import { aRef } from '../../support/builders.ts';

/** What the SDK itself makes of an answer: a fake cannot tell. The server is on the loopback interface. */
let answer: (response: ServerResponse) => void = () => undefined;
let server: Server;
let client: SecretsManager;

beforeAll(async () => {
  server = createServer((request, response) => {
    request.resume().on('end', () => answer(response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  client = new SecretsManager({
    region: 'eu-west-1',
    endpoint: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : ''}`,
    credentials: { accessKeyId: 'fake', secretAccessKey: 'fake' },
    maxAttempts: 1,
  });
});

afterAll(() => {
  client.destroy();
  server.closeAllConnections();
  server.close();
});

const send = (status: number, body: string) => (response: ServerResponse) => {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(body);
};

test.each([
  {
    what: 'an answer that is cut short',
    code: 'SOURCE_UNAVAILABLE',
    reply: send(200, '{"SecretString":"canary-5f1c'),
  },
  { what: 'an answer that is not JSON', code: 'SOURCE_UNAVAILABLE', reply: send(200, 'canary-5f1c') },
  { what: 'a proxy’s page', code: 'SOURCE_UNAVAILABLE', reply: send(503, '<html>canary-5f1c') },
  {
    what: 'a connection that breaks off',
    code: 'SOURCE_UNAVAILABLE',
    reply: (response: ServerResponse) => response.destroy(),
  },
  {
    what: 'a denied key',
    code: 'SOURCE_UNDECRYPTABLE',
    reply: send(400, '{"__type":"AccessDeniedException","Message":"Access to KMS is not allowed"}'),
  },
  {
    what: 'a throttled call',
    code: 'SOURCE_THROTTLED',
    reply: send(400, '{"__type":"ThrottlingException","message":"canary-5f1c"}'),
  },
])('$what becomes $code, and nothing of it is repeated', async ({ reply, code }) => {
  answer = reply;

  const results = await createSecretsManagerSource(client, undefined).read(
    [aRef('a')],
    new AbortController().signal,
  );

  expect(results.get('aws:a')).toMatchObject({ error: { code } });
  expect(inspect(results, { depth: 9, showHidden: true })).not.toContain('canary-5f1c');
});

test.each([
  ['alone', ['a']],
  ['in a batch, which is not taken apart', ['a', 'b', 'c']],
])('a store’s credentials that cannot be had are told for what was to be read, %s', async (_how, keys) => {
  let asked = 0;
  const without = new SecretsManager({
    region: 'eu-west-1',
    credentials: () => {
      asked += 1;
      return Promise.reject(new RelayError('SOURCE_DENIED', 'role x could not be assumed'));
    },
  });

  const source = createSecretsManagerSource(without, undefined);
  const results = await source.read(
    keys.map((key) => aRef(key)),
    new AbortController().signal,
  );
  const found = await source.find({ store: 'aws', tags: { a: 'b' } }, new AbortController().signal);

  expect([...results.values()].map((result) => result.kind === 'failure' && result.error.message)).toEqual(
    keys.map((key) => `SOURCE_DENIED: aws:${key}: role x could not be assumed`),
  );
  expect(found).toMatchObject({
    error: { message: expect.stringMatching(/^SOURCE_DENIED: aws: .*role x could not be assumed$/u) },
  });
  expect(asked).toBe(2);
});

test('a read that is given up fails with DEADLINE, alone and in a batch', async () => {
  const controller = new AbortController();
  answer = () => controller.abort();
  const source = createSecretsManagerSource(client, undefined);

  const results = await source.read([aRef('a'), aRef('b'), aRef('c', 'blue')], controller.signal);

  expect([...results.values()].map((result) => result.kind === 'failure' && result.error.code)).toEqual([
    'DEADLINE',
    'DEADLINE',
    'DEADLINE',
  ]);
});

test('null fields of an answer are as good as absent, as the emulator sends them', async () => {
  answer = send(
    200,
    '{"SecretValues":[{"ARN":"x","Name":"a","VersionId":"v1","SecretString":null,"SecretBinary":"AP8="},' +
      '{"ARN":"y","Name":"b","VersionId":"v2","SecretString":""}],"Errors":null,"NextToken":null}',
  );

  const results = await createSecretsManagerSource(client, undefined).read(
    [aRef('a'), aRef('b')],
    new AbortController().signal,
  );

  expect(results.get('aws:a')).toMatchObject({ value: { payload: { kind: 'binary' } } });
  expect(results.get('aws:b')).toMatchObject({ value: { payload: { kind: 'text' } } });
});
