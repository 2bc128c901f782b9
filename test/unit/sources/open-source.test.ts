import { expect, test } from '@jest/globals';
import { openSource } from '../../../lambda/sources/open-source.ts';
import { createApiCalls } from '../../../lambda/telemetry/api-calls.ts';
import { aRef } from '../../support/builders.ts';

const client = {
  region: 'eu-west-1',
  maxAttempts: 1,
  credentials: () => Promise.reject(Object.assign(new Error('canary-5f1c'), { name: 'AbortError' })),
};

test.each(['SecretsManager', 'ParameterStore'] as const)(
  'a store of %s is read by its own SDK client, with the credentials of whoever reads',
  async (service) => {
    const source = openSource(service, { client, account: undefined, calls: createApiCalls() });
    const signal = new AbortController().signal;

    // The credentials refuse, so nothing leaves the machine.
    expect((await source.read([aRef('a')], signal)).get('aws:a')).toMatchObject({
      error: { code: 'DEADLINE' },
    });
    expect(await source.find({ store: 'aws', tags: {} }, signal)).toMatchObject({
      error: { code: 'DEADLINE', message: expect.not.stringContaining('canary') },
    });
  },
);
