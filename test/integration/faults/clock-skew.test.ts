import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { AWS_OPTIONS } from '../../../lambda/aws-options.ts';
import { openSource } from '../../../lambda/sources/open-source.ts';
import { createApiCalls } from '../../../lambda/telemetry/api-calls.ts';
import { aRef } from '../../support/builders.ts';

/** AWS by a clock of its own: it takes no request that is signed more than five minutes off (https://docs.aws.amazon.com/IAM/latest/UserGuide/signing-elements.html). */
const AHEAD_MS = 3_600_000;
const TOLERANCE_MS = 5 * 60_000;
const signedAt: number[] = [];
let server: Server;
let endpoint: string;

beforeAll(async () => {
  server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no address');
  endpoint = `http://127.0.0.1:${address.port}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

test('a clock that is off is corrected by what AWS says, and the read goes on', async () => {
  const source = openSource('SecretsManager', {
    client: {
      ...AWS_OPTIONS,
      ...{ region: 'eu-west-1', endpoint },
      credentials: () => Promise.resolve({ accessKeyId: 'AKIAFAKE', secretAccessKey: 'fake' }),
    },
    account: undefined,
    calls: createApiCalls(),
  });

  const read = await source.read([aRef('a')], new AbortController().signal);

  expect(read.get('aws:a')).toMatchObject({ kind: 'value', value: { version: { id: 'version-1' } } });
  expect(signedAt.map((at) => Math.abs(at - awsNow()) < TOLERANCE_MS)).toEqual([false, true]);
});

function awsNow(): number {
  return Date.now() + AHEAD_MS;
}

function answer({ headers }: IncomingMessage, response: ServerResponse): void {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/u.exec(String(headers['x-amz-date'])) ?? [];
  const signed = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  signedAt.push(signed);
  const skewed = Math.abs(signed - awsNow()) > TOLERANCE_MS;
  const type = 'RequestTimeTooSkewed';
  response.writeHead(skewed ? 403 : 200, {
    'content-type': 'application/x-amz-json-1.1',
    date: new Date(awsNow()).toUTCString(),
    ...(skewed ? { 'x-amzn-errortype': type } : {}),
  });
  const value = {
    ARN: 'a',
    Name: 'a',
    VersionId: 'version-1',
    SecretString: 'fake',
    CreatedDate: 1_700_000_000,
  };
  response.end(JSON.stringify(skewed ? { __type: type } : { ...value, VersionStages: ['AWSCURRENT'] }));
}
