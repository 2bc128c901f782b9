import { expect, test } from '@jest/globals';
import { createCredentials } from '../../../lambda/cluster/credentials.ts';
import type { AssumedRole } from '../../../lambda/identity/sts.ts';
import { FakeClock } from '../../support/fakes.ts';
import { aCluster } from '../../support/builders.ts';
import { someCredentials } from './clusters.ts';

const HOUR = 60 * 60_000;
const roleArn = 'arn:aws:iam::444455556666:role/keyrelay-target';

function start(answer?: () => AssumedRole) {
  const clock = new FakeClock();
  const calls: object[] = [];
  let loaded = 0;
  const fresh = (): AssumedRole => ({
    Credentials: {
      AccessKeyId: `ASIA${calls.length}`,
      SecretAccessKey: 'fake',
      SessionToken: 'fake',
      Expiration: new Date(clock.now().getTime() + HOUR),
    },
  });
  const sts = {
    assumeRole: (input: object) => {
      calls.push(input);
      return new Promise<AssumedRole>((resolve) => resolve((answer ?? fresh)()));
    },
  };
  const load = () => {
    loaded += 1;
    return Promise.resolve(sts);
  };
  const credentials = createCredentials(
    () => Promise.resolve(someCredentials({ accessKeyId: 'OWN' })),
    load,
    clock,
  );
  const pass = (ms: number): void => void (clock.time = new Date(clock.time.getTime() + ms));
  return { credentials, calls, pass, loaded: () => loaded };
}

function awsFailure(name: string): () => AssumedRole {
  return () => {
    throw Object.assign(new Error('canary-5f1c'), { name });
  };
}

test('a cluster without a role gets the relay’s own, and STS is never loaded', async () => {
  const { credentials, loaded } = start();

  expect(await credentials(aCluster())).toMatchObject({ accessKeyId: 'OWN' });
  expect(loaded()).toBe(0);
});

test('a cluster’s role is assumed under the relay’s name, with the external id', async () => {
  const { credentials, calls } = start();

  const found = await credentials(aCluster({ roleArn, externalId: 'fleet-7' }));

  expect(found).toMatchObject({ accessKeyId: 'ASIA1', sessionToken: 'fake' });
  expect(calls).toEqual([
    { RoleArn: roleArn, RoleSessionName: 'keyrelay', DurationSeconds: 3600, ExternalId: 'fleet-7' },
  ]);
});

test('a role without an external id is assumed without one', async () => {
  const { credentials, calls } = start();

  await credentials(aCluster({ roleArn }));

  expect(calls).toEqual([{ RoleArn: roleArn, RoleSessionName: 'keyrelay', DurationSeconds: 3600 }]);
});

test('a role is assumed again five minutes before its credentials end', async () => {
  const { credentials, calls, pass } = start();
  await credentials(aCluster({ roleArn }));

  pass(HOUR - 5 * 60_000 - 1);
  await credentials(aCluster({ roleArn }));
  expect(calls).toHaveLength(1);

  pass(1);
  expect(await credentials(aCluster({ roleArn }))).toMatchObject({ accessKeyId: 'ASIA2' });
});

test('clusters that share a role share its credentials; another external id is another role', async () => {
  const { credentials, calls } = start();

  await Promise.all([credentials(aCluster({ roleArn })), credentials(aCluster({ name: 'prod', roleArn }))]);
  await credentials(aCluster({ roleArn, externalId: 'fleet-7' }));

  expect(calls).toHaveLength(2);
});

test('requests that meet at the end of the credentials assume the role once', async () => {
  const { credentials, calls, pass } = start();
  await credentials(aCluster({ roleArn }));
  pass(HOUR);

  const all = await Promise.all([1, 2, 3].map(() => credentials(aCluster({ roleArn }))));

  expect(new Set(all.map(({ accessKeyId }) => accessKeyId))).toEqual(new Set(['ASIA2']));
  expect(calls).toHaveLength(2);
});

test.each([
  { name: 'AccessDenied', code: 'CLUSTER_ROLE_DENIED' },
  { name: 'ValidationError', code: 'CLUSTER_ROLE_DENIED' },
  { name: 'RegionDisabledException', code: 'CLUSTER_ROLE_DENIED' },
  { name: 'TimeoutError', code: 'CLUSTER_UNREACHABLE' },
  { name: 'InternalFailure', code: 'CLUSTER_UNREACHABLE' },
])('$name of STS is $code, names the role and quotes nothing', async ({ name, code }) => {
  const { credentials } = start(awsFailure(name));

  const assuming = credentials(aCluster({ roleArn, externalId: 'fleet-7' }));

  await expect(assuming).rejects.toMatchObject({ code });
  await expect(assuming).rejects.toThrow(roleArn);
  await expect(assuming).rejects.not.toThrow('canary-5f1c');
});

test('a failure is not kept: the next request assumes again', async () => {
  const { credentials, calls } = start(awsFailure('InternalFailure'));
  await expect(credentials(aCluster({ roleArn }))).rejects.toThrow();

  await expect(credentials(aCluster({ roleArn }))).rejects.toThrow();

  expect(calls).toHaveLength(2);
});

test('an answer without credentials is no credentials', async () => {
  const { credentials } = start(() => ({}));

  await expect(credentials(aCluster({ roleArn }))).rejects.toMatchObject({ code: 'CLUSTER_UNREACHABLE' });
});
