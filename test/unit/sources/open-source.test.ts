import { expect, test } from '@jest/globals';
import type { ApiCalls } from '../../../lambda/model/api-calls.ts';
import { openSource } from '../../../lambda/sources/open-source.ts';
import { aRef } from '../../support/builders.ts';

const client = {
  region: 'eu-west-1',
  maxAttempts: 1,
  credentials: () => Promise.reject(Object.assign(new Error('canary-5f1c'), { name: 'AbortError' })),
};

test.each([
  ['SecretsManager', 'secretsmanager'],
  ['ParameterStore', 'ssm'],
] as const)(
  'a store of %s is read by its own SDK client, which is counted as %s, with the credentials of whoever reads',
  async (service, api) => {
    const watched: string[] = [];
    const calls: Pick<ApiCalls, 'watch'> = {
      watch: (name, its) => {
        watched.push(name);
        return its;
      },
    };
    const source = openSource(service, { client, account: undefined, calls });
    const signal = new AbortController().signal;

    // The credentials refuse, so nothing leaves the machine.
    expect((await source.read([aRef('a')], signal)).get('aws:a')).toMatchObject({
      error: { code: 'DEADLINE' },
    });
    expect(await source.find({ store: 'aws', tags: {} }, signal)).toMatchObject({
      error: { code: 'DEADLINE', message: expect.not.stringContaining('canary') },
    });
    expect(watched).toEqual([api]);
  },
);
