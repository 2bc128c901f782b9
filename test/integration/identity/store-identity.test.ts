import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { STS } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { namespaceAccess } from '../../../infra/manifests/rbac.ts';
import { tokenPolicy } from '../../../infra/manifests/token-policy.ts';
import { systemClock } from '../../../lambda/clock.ts';
import { createTransport } from '../../../lambda/cluster/https-transport.ts';
import { createServiceAccountTokens } from '../../../lambda/cluster/service-account-tokens.ts';
import type { Session } from '../../../lambda/cluster/session.ts';
import { createClusterTemplates } from '../../../lambda/cluster/template-objects.ts';
import { createSecretCredentials } from '../../../lambda/identity/secret-credentials.ts';
import { createStoreCredentials } from '../../../lambda/identity/store-credentials.ts';
import type { StoreCredentials } from '../../../lambda/identity/store-credentials.ts';
import type { Credentials, ServiceAccountOrigin, StoreIdentity } from '../../../lambda/model/identity.ts';
import { createSecretsManagerSource } from '../../../lambda/sources/secrets-manager.ts';
import { RELAY_GROUP } from '../../../local/cluster-access.ts';
import { silentProgress } from '../../../local/progress.ts';
import { clusterOf, startLocal } from '../../../local/start-local.ts';
import type { Local, LocalCluster } from '../../../local/start-local.ts';
import { relaySession } from '../../support/real-cluster.ts';
import { fieldsOf } from '../../support/resolved-template.ts';
import { until } from '../../support/until.ts';

const signal = new AbortController().signal;
const TENANT = '444455556666';
const role = (name: string): string => `arn:aws:iam::${TENANT}:role/${name}`;
const ACCOUNTS = '/api/v1/namespaces/shop/serviceaccounts';
const SECRETS = '/api/v1/namespaces/shop/secrets';
let local: Local;
let cluster: LocalCluster;
let session: Session;
let credentials: StoreCredentials;

const READER: ServiceAccountOrigin = {
  kind: 'service-account',
  cluster: 'dev',
  namespace: 'shop',
  name: 'reader',
  audiences: [],
  trusted: ['sts.amazonaws.com'],
};
const OTHER = { ...READER, name: 'other' };

beforeAll(async () => {
  local = await startLocal({ clusters: ['dev'], progress: silentProgress });
  cluster = clusterOf(local, 'dev');
  await cluster.allow('shop');
  await cluster.install([
    ...tokenPolicy(RELAY_GROUP, [{ namespace: 'shop', name: 'reader', audiences: ['sts.amazonaws.com'] }]),
    ...namespaceAccess({ group: RELAY_GROUP, declares: false, serviceAccounts: ['reader'] }, 'shop'),
  ]);
  for (const name of ['reader', 'other'])
    await cluster.admin.create(ACCOUNTS, {
      metadata: { name, annotations: { 'eks.amazonaws.com/role-arn': role(name) } },
    });
  session = relaySession(local, 'dev');
  const { endpoint, region } = local.aws;
  const tokens = createServiceAccountTokens(() => session);
  const secrets = createSecretCredentials(createClusterTemplates(() => session));
  credentials = createStoreCredentials({
    clock: systemClock,
    serviceAccount: (origin) => tokens(origin, signal),
    secret: (origin) => secrets(origin, signal),
    sts: (_region, held) =>
      Promise.resolve(
        new STS({ endpoint, region, credentials: given(held?.reveal() ?? local.relayCredentials) }),
      ),
  });
  const tenant = new SecretsManager({
    ...{ endpoint, region },
    credentials: await local.aws.assumeRole(role('admin'), 'test'),
  });
  await tenant.createSecret({ Name: 'prod/shop/db', SecretString: 'of-the-tenant' });
  tenant.destroy();
  await until(async () => (await ask(`${ACCOUNTS}/reader`)).status === 200);
}, 900_000);

afterAll(async () => {
  session.close();
  await local.stop();
});

/** What the API server says to the relay. */
async function ask(path: string, body?: object): Promise<{ status: number; body: string }> {
  return session.send(
    {
      asked: { where: 'dev', namespace: 'shop', verb: 'get' },
      ...{ method: body === undefined ? 'GET' : 'POST', path },
      headers: { 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    },
    signal,
  );
}

/** What the API server answers to whoever comes with a token. */
async function statusFor(token: string): Promise<number> {
  const { endpoint, caData } = cluster.registration;
  const transport = createTransport({
    ca: Buffer.from(caData, 'base64').toString('utf8'),
    connections: 1,
    timeout: () => AbortSignal.timeout(10_000),
  });
  const headers = { Authorization: `Bearer ${token}` };
  const { status } = await transport.send(
    { url: `${endpoint}/api`, method: 'GET', headers, body: undefined },
    signal,
  );
  transport.close();
  return status;
}

const tokenOf = (name: string, spec: object): ReturnType<typeof ask> =>
  ask(`${ACCOUNTS}/${name}/token`, {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec,
  });

/** As the SDK takes them: what is undefined is absent. */
function given({ accessKeyId, secretAccessKey, sessionToken = '' }: Credentials) {
  return { accessKeyId, secretAccessKey, sessionToken };
}

/** What a store of this identity reads, and as whom. */
async function readAs(identity: StoreIdentity): Promise<{ value: unknown; arn: string | undefined }> {
  const { endpoint, region } = local.aws;
  const client = { endpoint, region, credentials: given((await credentials(identity, region)).reveal()) };
  const sts = new STS(client);
  const { Arn } = await sts.getCallerIdentity({});
  const manager = new SecretsManager(client);
  const results = await createSecretsManagerSource(manager, TENANT).read(
    [{ store: 'aws', key: 'prod/shop/db', version: 'AWSCURRENT' }],
    signal,
  );
  sts.destroy();
  manager.destroy();
  const [result] = results.values();
  if (result?.kind !== 'value') return { value: result?.error.code, arn: Arn };
  const { payload } = result.value;
  return { value: payload.kind === 'text' ? payload.text.reveal() : undefined, arn: Arn };
}

describe('a store reads', () => {
  test('as the relay what the relay has, which is nothing of the tenant’s', async () => {
    expect(await readAs({ roles: [{ arn: 'arn:aws:iam::123456789012:role/own' }] })).toEqual({
      value: 'SOURCE_NOT_FOUND',
      arn: 'arn:aws:sts::123456789012:assumed-role/own/keyrelay',
    });
  });

  test('as the last of its roles', async () => {
    const identity = { roles: [{ arn: 'arn:aws:iam::123456789012:role/hop' }, { arn: role('shop') }] };

    expect(await readAs(identity)).toEqual({
      value: 'of-the-tenant',
      arn: `arn:aws:sts::${TENANT}:assumed-role/shop/keyrelay`,
    });
  });

  test('as the role of a service account of its cluster', async () => {
    expect(await readAs({ from: READER, roles: [] })).toEqual({
      value: 'of-the-tenant',
      arn: `arn:aws:sts::${TENANT}:assumed-role/reader/keyrelay`,
    });
  });

  test('with keys of a Secret of its cluster', async () => {
    const user = await local.aws.assumeRole(role('user'), 'someone');
    const encode = (text: string): string => Buffer.from(text).toString('base64');
    await cluster.admin.create(SECRETS, {
      metadata: { name: 'keys' },
      data: {
        id: encode(user.accessKeyId),
        key: encode(user.secretAccessKey),
        token: encode(user.sessionToken),
      },
    });
    const ref = { namespace: 'shop', name: 'keys' };

    const found = await readAs({
      from: {
        ...{ kind: 'secret', cluster: 'dev' },
        accessKeyId: { ...ref, key: 'id' },
        secretAccessKey: { ...ref, key: 'key' },
        sessionToken: { ...ref, key: 'token' },
      },
      roles: [],
    });

    expect(found).toEqual({
      value: 'of-the-tenant',
      arn: `arn:aws:sts::${TENANT}:assumed-role/user/someone`,
    });
  });
});

describe('the token of a service account', () => {
  test('says who it is, is for AWS alone, and the API server takes it from nobody', async () => {
    const { token, roleArn } = await createServiceAccountTokens(() => session)(READER, signal);
    const [, payload = ''] = token.reveal().split('.');
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    const { sub, aud, exp, iat } = fieldsOf(claims);

    expect(roleArn).toBe(role('reader'));
    expect([sub, aud]).toEqual(['system:serviceaccount:shop:reader', ['sts.amazonaws.com']]);
    expect(Number(exp) - Number(iat)).toBe(600);
    expect(await statusFor(token.reveal())).toBe(401);
  });

  test('of another service account is refused, and the error says what to do', async () => {
    await expect(credentials({ from: OTHER, roles: [] }, 'eu-west-1')).rejects.toMatchObject({
      code: 'CLUSTER_FORBIDDEN',
      message: expect.stringMatching(/service account dev\/shop\/other: .*clusters\[\]\.allow/u),
    });
  });
});

describe('the relay’s identity may not get a token', () => {
  const AWS = { audiences: ['sts.amazonaws.com'] };
  test.each<readonly [string, string, object, RegExp]>([
    ['for the API server, which is what none means', 'reader', {}, /no token for this audience/u],
    ['for another audience', 'reader', { audiences: ['vault'] }, /no token for this audience/u],
    [
      'for the API server beside AWS',
      'reader',
      { audiences: ['sts.amazonaws.com', 'https://kubernetes.default.svc'] },
      /no token for this audience/u,
    ],
    ['that lasts for a day', 'reader', { ...AWS, expirationSeconds: 86_400 }, /longer than an hour/u],
  ])('%s', async (_, name, spec, says) => {
    const { status, body } = await tokenOf(name, spec);

    expect([status, body]).toEqual([422, expect.stringMatching(says)]);
  });

  test('of a service account that is not granted, by RBAC', async () => {
    expect((await tokenOf('other', AWS)).status).toBe(403);
    expect((await ask(`${ACCOUNTS}/other`)).status).toBe(403);
  });

  test('of a service account that is not granted, even where a mistaken binding lets it', async () => {
    const metadata = { name: 'mistake' };
    const RBAC = '/apis/rbac.authorization.k8s.io/v1';
    const group = 'rbac.authorization.k8s.io';
    await cluster.admin.create(`${RBAC}/clusterroles`, {
      ...{ apiVersion: `${group}/v1`, kind: 'ClusterRole', metadata },
      rules: [{ apiGroups: [''], resources: ['serviceaccounts/token'], verbs: ['create'] }],
    });
    await cluster.admin.create(`${RBAC}/clusterrolebindings`, {
      ...{ apiVersion: `${group}/v1`, kind: 'ClusterRoleBinding', metadata },
      roleRef: { apiGroup: group, kind: 'ClusterRole', name: 'mistake' },
      subjects: [{ apiGroup: group, kind: 'Group', name: RELAY_GROUP }],
    });
    await until(async () => (await tokenOf('other', AWS)).status !== 403);

    const { status, body } = await tokenOf('other', AWS);

    expect([status, body]).toEqual([422, expect.stringMatching(/no token of this service account/u)]);
  });
});
