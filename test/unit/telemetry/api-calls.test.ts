import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { GetParametersCommand, SSMClient } from '@aws-sdk/client-ssm';
import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { AWS_OPTIONS } from '../../../lambda/aws-options.ts';
import { createApiCalls } from '../../../lambda/telemetry/api-calls.ts';

/** The SDK's own clients against a server that answers as it is told. */
let server: Server;
let endpoint: string;
/** Statuses of the next answers; 200 after those. */
let script: number[];
let arrived: number;

beforeEach(async () => {
  script = [];
  arrived = 0;
  server = createServer((request, response) => {
    arrived += 1;
    const status = script.shift() ?? 200;
    request.resume();
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(status === 200 ? '{}' : '{"__type":"InternalServiceError"}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  endpoint = `http://127.0.0.1:${address.port}`;
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const options = () => ({
  endpoint,
  region: 'eu-west-1',
  credentials: { accessKeyId: 'FAKE', secretAccessKey: 'fake' },
  ...AWS_OPTIONS,
});

test('each attempt counts, so that what the SDK repeats does', async () => {
  const calls = createApiCalls();
  const manager = calls.watch('secretsmanager', new SecretsManager(options()));
  script = [500, 500];

  await manager.getSecretValue({ SecretId: 'a' });

  expect(arrived).toBe(3);
  expect([...calls.take()]).toEqual([['secretsmanager', 3]]);
});

test('all clients of an API count together, whomever they sign as, and are told once', async () => {
  const calls = createApiCalls();
  const one = calls.watch('ssm', new SSMClient({ ...options(), retryMode: 'adaptive' }));
  const other = calls.watch('ssm', new SSMClient(options()));

  await one.send(new GetParametersCommand({ Names: ['a'] }));
  await other.send(new GetParametersCommand({ Names: ['a'] }));
  calls.count('kubernetes');

  expect(calls.take()).toEqual(
    new Map([
      ['ssm', 2],
      ['kubernetes', 1],
    ]),
  );
  expect(calls.take().size).toBe(0);
});

test('what a deadline keeps from being sent does not count', async () => {
  const calls = createApiCalls();
  const manager = calls.watch('secretsmanager', new SecretsManager(options()));

  await expect(
    manager.getSecretValue({ SecretId: 'a' }, { abortSignal: AbortSignal.abort() }),
  ).rejects.toMatchObject({ name: 'AbortError' });

  expect(arrived).toBe(0);
  expect(calls.take().size).toBe(0);
});

test('two runtimes in one process count their own calls', async () => {
  const mine = createApiCalls();
  const theirs = createApiCalls();
  const manager = mine.watch('secretsmanager', new SecretsManager(options()));
  theirs.watch('secretsmanager', new SecretsManager(options()));

  await manager.getSecretValue({ SecretId: 'a' });

  expect([mine.take().get('secretsmanager'), theirs.take().size]).toEqual([1, 0]);
});
