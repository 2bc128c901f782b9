import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createAwsClients } from '../../../lambda/aws-clients.ts';
import { AWS_OPTIONS } from '../../../lambda/aws-options.ts';
import { openSource } from '../../../lambda/sources/open-source.ts';
import { createApiCalls } from '../../../lambda/telemetry/api-calls.ts';
import { aCluster, aRef } from '../../support/builders.ts';

/** Every client of AWS against a server that takes connections and never answers: none waits for ever. */
const region = 'eu-west-1';
const forever = new AbortController().signal;
const credentials = {
  accessKeyId: 'AKIAFAKE',
  secretAccessKey: 'fake',
  sessionToken: undefined,
  expiration: undefined,
};
const before = { ...process.env };
let server: Server;
let endpoint: string;

beforeAll(async () => {
  server = createServer(() => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no address');
  endpoint = `http://127.0.0.1:${address.port}`;
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: 'AKIAFAKE',
    AWS_SECRET_ACCESS_KEY: 'fake',
  });
});

afterAll(() => {
  process.env = before;
  server.closeAllConnections();
  server.close();
});

test('every call of AWS that is not answered ends with an error that says so', async () => {
  const calls = createApiCalls();
  const aws = createAwsClients(calls);
  const source = (service: 'SecretsManager' | 'ParameterStore') =>
    openSource(service, {
      client: {
        region,
        ...AWS_OPTIONS,
        credentials: () => Promise.resolve({ accessKeyId: 'AKIAFAKE', secretAccessKey: 'fake' }),
      },
      account: undefined,
      calls,
    });
  const read = async (service: 'SecretsManager' | 'ParameterStore'): Promise<unknown> =>
    (await source(service).read([aRef('a')], forever)).get('aws:a');
  const nameOf = (calling: Promise<unknown>): Promise<unknown> =>
    calling.then(
      () => 'answered',
      (thrown: unknown) => (thrown instanceof Error ? thrown.name : thrown),
    );

  const [sqs, eks, sts, events, secret, parameter] = await Promise.all([
    nameOf(aws.sqs(region).sendMessageBatch({ QueueUrl: `${endpoint}/queue`, Entries: [] })),
    nameOf(
      aws
        .eks(aCluster(), credentials)
        .then((client) => client.describeCluster({ name: 'dev' }, { abortSignal: forever })),
    ),
    nameOf(
      aws.sts(region).then((client) =>
        client.assumeRole({
          RoleArn: 'arn:aws:iam::111122223333:role/fake',
          RoleSessionName: 'fake',
          DurationSeconds: 900,
        }),
      ),
    ),
    nameOf(
      aws.eventBridge(region).then((client) => client.putEvents({ Entries: [] }, { abortSignal: forever })),
    ),
    read('SecretsManager'),
    read('ParameterStore'),
  ]);

  expect({ sqs, eks, sts, events }).toEqual({
    sqs: 'TimeoutError',
    eks: 'TimeoutError',
    sts: 'TimeoutError',
    events: 'TimeoutError',
  });
  expect([secret, parameter]).toMatchObject([
    { error: { code: 'SOURCE_UNAVAILABLE', retryable: true } },
    { error: { code: 'SOURCE_UNAVAILABLE', retryable: true } },
  ]);
});
