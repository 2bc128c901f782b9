import { inspect } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { RelayError } from '../../../lambda/errors.ts';
import { createStoreCredentials } from '../../../lambda/identity/store-credentials.ts';
import type { AssumeRoleInput, AssumedRole, WebIdentityInput } from '../../../lambda/identity/sts.ts';
import type {
  Credentials,
  SecretOrigin,
  ServiceAccountOrigin,
  StoreIdentity,
} from '../../../lambda/model/identity.ts';
import { Sensitive } from '../../../lambda/sensitive.ts';
import { FakeClock } from '../../support/fakes.ts';

const MINUTE = 60_000;
const role = (name: string): string => `arn:aws:iam::444455556666:role/${name}`;

const READER: ServiceAccountOrigin = {
  kind: 'service-account',
  cluster: 'prod',
  namespace: 'shop',
  name: 'reader',
  audiences: [],
  trusted: ['sts.amazonaws.com'],
};
const keyRef = (key: string) => ({ namespace: 'shop', name: 'aws', key });
const KEYS: SecretOrigin = {
  kind: 'secret',
  cluster: 'prod',
  accessKeyId: keyRef('id'),
  secretAccessKey: keyRef('key'),
};

/** A call of STS, and the access key that it was signed with. */
interface Call {
  readonly by: string;
  readonly region: string;
  readonly input: AssumeRoleInput | WebIdentityInput;
}

/** STS that gives `ASIA1`, `ASIA2`, ...; its clock may differ from ours. */
function start({ skew = 0, fail }: { readonly skew?: number; readonly fail?: () => void } = {}) {
  const clock = new FakeClock();
  const calls: Call[] = [];
  let keys = 0;
  const answer = (call: Call): Promise<AssumedRole> => {
    calls.push(call);
    return new Promise((resolve) => {
      fail?.();
      resolve({
        Credentials: {
          AccessKeyId: `ASIA${calls.length}`,
          SecretAccessKey: 'canary-5f1c',
          SessionToken: 'canary-5f1c',
          Expiration: new Date(clock.now().getTime() + skew + call.input.DurationSeconds * 1000),
        },
      });
    });
  };
  const credentials = createStoreCredentials({
    clock,
    sts: (region, held) => {
      const by = held?.reveal().accessKeyId ?? 'THE RELAY';
      return Promise.resolve({
        assumeRole: (input) => answer({ by, region, input }),
        assumeRoleWithWebIdentity: (input) => answer({ by: 'NOBODY', region, input }),
      });
    },
    serviceAccount: ({ cluster, namespace, name }) =>
      Promise.resolve({
        roleArn: role(name),
        token: new Sensitive(`token of ${cluster}/${namespace}/${name}`),
      }),
    secret: () => {
      keys += 1;
      return Promise.resolve(new Sensitive({ accessKeyId: `AKIA${keys}`, secretAccessKey: 'canary-5f1c' }));
    },
  });
  const get = async (identity: StoreIdentity, region = 'eu-west-1'): Promise<Credentials> =>
    (await credentials(identity, region)).reveal();
  const pass = (ms: number): void => void (clock.time = new Date(clock.time.getTime() + ms));
  return { credentials, get, calls, pass, clock, keysRead: () => keys };
}

describe('roles', () => {
  test('are assumed in order, each with the credentials of the one before, and the first by the relay', async () => {
    const { get, calls } = start();

    const found = await get({
      roles: [{ arn: role('hop-1') }, { arn: role('hop-2') }, { arn: role('last') }],
    });

    expect(found.accessKeyId).toBe('ASIA3');
    expect(calls.map(({ by, input }) => `${by} -> ${input.RoleArn}`)).toEqual([
      `THE RELAY -> ${role('hop-1')}`,
      `ASIA1 -> ${role('hop-2')}`,
      `ASIA2 -> ${role('last')}`,
    ]);
  });

  test('are told what belongs to them, in the store’s region and for a quarter of an hour', async () => {
    const { get, calls } = start();

    await get(
      {
        roles: [
          { arn: role('hop') },
          {
            arn: role('last'),
            externalId: 'agreed-on',
            tags: [{ key: 'esoNamespace', value: 'shop' }],
            transitiveTagKeys: ['esoNamespace'],
          },
        ],
      },
      'us-east-1',
    );

    const common = { RoleSessionName: 'keyrelay', DurationSeconds: 900 };
    expect(calls.map(({ input }) => input)).toEqual([
      { ...common, RoleArn: role('hop') },
      {
        ...common,
        RoleArn: role('last'),
        ExternalId: 'agreed-on',
        Tags: [{ Key: 'esoNamespace', Value: 'shop' }],
        TransitiveTagKeys: ['esoNamespace'],
      },
    ]);
    expect(new Set(calls.map(({ region }) => region))).toEqual(new Set(['us-east-1']));
  });

  test('many that read as one identity assume its role once', async () => {
    const { get, calls } = start();

    await Promise.all(Array.from({ length: 100 }, () => get({ roles: [{ arn: role('last') }] })));

    expect(calls).toHaveLength(1);
  });

  test.each([
    ['as fast as ours', 0],
    ['an hour ahead', 60 * MINUTE],
    ['an hour behind', -60 * MINUTE],
  ])('are assumed again five minutes before they end, with a clock of AWS %s', async (_what, skew) => {
    const { get, calls, pass, clock } = start({ skew });

    const { expiration } = await get({ roles: [{ arn: role('last') }] });
    expect(expiration).toEqual(new Date(clock.now().getTime() + 15 * MINUTE));
    pass(10 * MINUTE - 1);
    await get({ roles: [{ arn: role('last') }] });
    expect(calls).toHaveLength(1);
    pass(1);
    expect((await get({ roles: [{ arn: role('last') }] })).accessKeyId).toBe('ASIA2');
  });

  test('that are there still are not reached again by way of those before them', async () => {
    const { get, calls, pass } = start();
    const chain = { roles: [{ arn: role('hop') }, { arn: role('last') }] };
    await get({ roles: [{ arn: role('hop') }] });
    pass(9 * MINUTE);
    await get(chain);
    pass(2 * MINUTE);

    await get(chain);

    expect(calls.map(({ input }) => input.RoleArn)).toEqual([role('hop'), role('last')]);
  });
});

describe('a service account', () => {
  test('begins with its token, which nothing signs', async () => {
    const { get, calls } = start();

    const found = await get({ from: READER, roles: [] });

    expect(found.accessKeyId).toBe('ASIA1');
    expect(calls).toEqual([
      {
        by: 'NOBODY',
        region: 'eu-west-1',
        input: {
          RoleArn: role('reader'),
          RoleSessionName: 'keyrelay',
          DurationSeconds: 900,
          WebIdentityToken: 'token of prod/shop/reader',
        },
      },
    ]);
  });

  test('assumes the store’s role with its own, and never with the relay’s', async () => {
    const { get, calls } = start();

    await get({ from: READER, roles: [{ arn: role('last') }] });

    expect(calls.map(({ by }) => by)).toEqual(['NOBODY', 'ASIA1']);
  });
});

describe('keys in a Secret', () => {
  test('read as they are, end for the SDK within a minute, and are then read again', async () => {
    const { get, pass, clock, keysRead } = start();

    const first = await get({ from: KEYS, roles: [] });
    expect(first).toMatchObject({
      accessKeyId: 'AKIA1',
      expiration: new Date(clock.now().getTime() + MINUTE),
    });
    pass(MINUTE - 1);
    await get({ from: KEYS, roles: [] });
    expect(keysRead()).toBe(1);
    pass(1);
    expect((await get({ from: KEYS, roles: [] })).accessKeyId).toBe('AKIA2');
  });

  test('assume the store’s role', async () => {
    const { get, calls } = start();

    await get({ from: KEYS, roles: [{ arn: role('last') }] });

    expect(calls.map(({ by }) => by)).toEqual(['AKIA1']);
  });
});

describe('one tenant’s credentials never serve another', () => {
  const plain = { roles: [{ arn: role('last') }] };

  test.each<readonly [what: string, one: StoreIdentity, other: StoreIdentity]>([
    ['another role', plain, { roles: [{ arn: role('other') }] }],
    ['another external id', plain, { roles: [{ arn: role('last'), externalId: 'guess' }] }],
    [
      'another namespace’s tag',
      { roles: [{ arn: role('last'), tags: [{ key: 'esoNamespace', value: 'shop' }] }] },
      { roles: [{ arn: role('last'), tags: [{ key: 'esoNamespace', value: 'bank' }] }] },
    ],
    [
      'other transitive tags',
      { roles: [{ arn: role('last'), tags: [{ key: 'a', value: 'b' }] }] },
      { roles: [{ arn: role('last'), tags: [{ key: 'a', value: 'b' }], transitiveTagKeys: ['a'] }] },
    ],
    ['another way to the same role', plain, { roles: [{ arn: role('hop') }, { arn: role('last') }] }],
    ['the relay and a service account', plain, { from: READER, roles: plain.roles }],
    ['the relay and a user', plain, { from: KEYS, roles: plain.roles }],
    [
      'service accounts of two clusters',
      { from: READER, roles: [] },
      { from: { ...READER, cluster: 'other' }, roles: [] },
    ],
    [
      'service accounts of two namespaces',
      { from: READER, roles: [] },
      { from: { ...READER, namespace: 'bank' }, roles: [] },
    ],
    [
      'two service accounts of a namespace',
      { from: READER, roles: [] },
      { from: { ...READER, name: 'other' }, roles: [] },
    ],
    [
      'the same name in Secrets of two namespaces',
      { from: KEYS, roles: [] },
      { from: { ...KEYS, secretAccessKey: { ...KEYS.secretAccessKey, namespace: 'bank' } }, roles: [] },
    ],
    [
      'Secrets of two clusters',
      { from: KEYS, roles: [] },
      { from: { ...KEYS, cluster: 'other' }, roles: [] },
    ],
  ])('%s', async (_what, one, other) => {
    const { get } = start();

    const [first, second] = await Promise.all([get(one), get(other)]);

    expect(first.accessKeyId).not.toBe(second.accessKeyId);
    expect((await get(one)).accessKeyId).toBe(first.accessKeyId);
    expect((await get(other)).accessKeyId).toBe(second.accessKeyId);
  });
});

describe('a failure', () => {
  const failing = (name: string) => () => {
    throw Object.assign(new Error('canary-5f1c'), { name });
  };

  test.each([
    ['AccessDenied', 'SOURCE_DENIED'],
    ['ValidationError', 'SOURCE_DENIED'],
    ['RegionDisabledException', 'SOURCE_DENIED'],
    ['InvalidIdentityToken', 'SOURCE_DENIED'],
    ['IDPRejectedClaim', 'SOURCE_DENIED'],
    ['PackedPolicyTooLarge', 'SOURCE_DENIED'],
    ['InvalidClientTokenId', 'SOURCE_DENIED'],
    ['ExpiredTokenException', 'SOURCE_UNAVAILABLE'],
    ['IDPCommunicationError', 'SOURCE_UNAVAILABLE'],
    ['TimeoutError', 'SOURCE_UNAVAILABLE'],
    ['Throttling', 'SOURCE_UNAVAILABLE'],
  ])('%s of STS is %s, names the role and quotes nothing', async (name, code) => {
    const { get } = start({ fail: failing(name) });

    const assuming = get({ roles: [{ arn: role('last') }] });

    await expect(assuming).rejects.toMatchObject({ code });
    await expect(assuming).rejects.toThrow(role('last'));
    await expect(assuming).rejects.not.toThrow('canary-5f1c');
  });

  test.each<readonly [who: string, identity: StoreIdentity, says: string]>([
    ['the relay', { roles: [{ arn: role('last') }] }, 'its trust policy must name the relay’s role, and'],
    [
      'the relay with an external id and tags',
      { roles: [{ arn: role('last'), externalId: 'agreed-on', tags: [{ key: 'a', value: 'b' }] }] },
      'name the relay’s role, ask for the store’s externalID, allow sts:TagSession with the store’s tags, and',
    ],
    [
      'a service account',
      { from: READER, roles: [] },
      'trust the OIDC provider of prod for system:serviceaccount:shop:reader',
    ],
  ])('says what %s lacks', async (_who, identity, says) => {
    const { get } = start({ fail: failing('AccessDenied') });

    await expect(get(identity)).rejects.toThrow(says);
  });

  test.each<readonly [who: string, from: StoreIdentity, says: string]>([
    ['the role before', { roles: [{ arn: role('hop') }] }, `the policy of role ${role('hop')} must allow`],
    [
      'the service account',
      { from: READER, roles: [] },
      'the role of service account prod/shop/reader must allow',
    ],
    ['the user', { from: KEYS, roles: [] }, 'the user whose keys are in Secret prod/shop/aws must allow'],
  ])('says that it is %s which may not assume', async (_who, from, says) => {
    let denied = false;
    const { get } = start({
      fail: () => {
        if (denied) failing('AccessDenied')();
      },
    });
    await get(from);
    denied = true;

    await expect(get({ ...from, roles: [...from.roles, { arn: role('last') }] })).rejects.toThrow(says);
  });

  test('is not kept: the next read asks again', async () => {
    const { get, calls } = start({ fail: failing('AccessDenied') });
    await expect(get({ roles: [{ arn: role('last') }] })).rejects.toThrow(RelayError);

    await expect(get({ roles: [{ arn: role('last') }] })).rejects.toThrow(RelayError);

    expect(calls).toHaveLength(2);
  });
});

test('credentials print as nothing', async () => {
  const { credentials } = start();

  const found = await credentials({ from: KEYS, roles: [] }, 'eu-west-1');

  expect(
    `${inspect(found, { depth: 9, showHidden: true })} ${JSON.stringify(found)} ${String(found)}`,
  ).not.toMatch(/canary-5f1c|AKIA/u);
});
