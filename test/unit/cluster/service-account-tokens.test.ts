import { expect, test } from '@jest/globals';
import type { HttpsResponse } from '../../../lambda/cluster/https-transport.ts';
import { createServiceAccountTokens } from '../../../lambda/cluster/service-account-tokens.ts';
import type { ServiceAccountOrigin } from '../../../lambda/model/identity.ts';
import { FakeSession } from '../installer/fake-session.ts';

const signal = new AbortController().signal;
const ROLE = 'arn:aws:iam::444455556666:role/shop-reader';
const ORIGIN: ServiceAccountOrigin = {
  kind: 'service-account',
  cluster: 'prod',
  namespace: 'shop',
  name: 'reader',
  audiences: [],
  trusted: ['sts.amazonaws.com', 'vault'],
};

const answer = (status: number, body: unknown): HttpsResponse => ({
  status,
  headers: {},
  body: JSON.stringify(body),
});
const account = (annotations?: Readonly<Record<string, string>>): HttpsResponse =>
  answer(200, { metadata: annotations === undefined ? {} : { annotations } });
const WITH_ROLE = account({ 'eks.amazonaws.com/role-arn': ROLE });
const TOKEN = answer(201, { status: { token: 'canary-5f1c' } });

function start(...answers: HttpsResponse[]) {
  const session = new FakeSession(...answers);
  const tokens = createServiceAccountTokens(() => session);
  const audiences = (): unknown => JSON.parse(session.requests[1]?.body ?? '{}');
  return { get: (origin = ORIGIN) => tokens(origin, signal), session, audiences };
}

test('the role is the annotation’s, and the token is for AWS and for ten minutes', async () => {
  const { get, session, audiences } = start(WITH_ROLE, TOKEN);

  const { roleArn, token } = await get();

  expect([roleArn, token.reveal()]).toEqual([ROLE, 'canary-5f1c']);
  expect(session.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'GET /api/v1/namespaces/shop/serviceaccounts/reader',
    'POST /api/v1/namespaces/shop/serviceaccounts/reader/token',
  ]);
  expect(audiences()).toMatchObject({ spec: { audiences: ['sts.amazonaws.com'], expirationSeconds: 600 } });
});

test.each([
  ['the store’s besides', {}, ['vault'], ['sts.amazonaws.com', 'vault']],
  ['the annotation’s in place of AWS’s', { 'eks.amazonaws.com/audience': 'vault' }, [], ['vault']],
  ['each once', { 'eks.amazonaws.com/audience': 'vault' }, ['vault'], ['vault']],
])('the token’s audiences are %s', async (_what, annotations, audiences, expected) => {
  const { get, audiences: asked } = start(
    account({ 'eks.amazonaws.com/role-arn': ROLE, ...annotations }),
    TOKEN,
  );

  await get({ ...ORIGIN, audiences });

  expect(asked()).toMatchObject({ spec: { audiences: expected } });
});

test.each([
  ['the API server’s', { 'eks.amazonaws.com/audience': 'https://kubernetes.default.svc' }, []],
  ['one that the store adds', {}, ['https://kubernetes.default.svc']],
])('no token is asked for where an audience is not allowed: %s', async (_what, annotations, audiences) => {
  const { get, session } = start(account({ 'eks.amazonaws.com/role-arn': ROLE, ...annotations }), TOKEN);

  await expect(get({ ...ORIGIN, audiences })).rejects.toMatchObject({ code: 'SOURCE_CREDENTIALS' });
  expect(session.requests).toHaveLength(1);
});

test.each([
  ['a service account that is not there', [answer(404, {})], 'SOURCE_CREDENTIALS', 'does not exist'],
  ['one without annotations', [account()], 'SOURCE_CREDENTIALS', 'eks.amazonaws.com/role-arn'],
  [
    'one whose annotation is no role',
    [account({ 'eks.amazonaws.com/role-arn': 'shop-reader' })],
    'SOURCE_CREDENTIALS',
    'the ARN of an IAM role',
  ],
  ['one that may not be read', [answer(403, {})], 'CLUSTER_FORBIDDEN', 'clusters[].allow'],
  ['a token that RBAC refuses', [WITH_ROLE, answer(403, {})], 'CLUSTER_FORBIDDEN', 'clusters[].allow'],
  ['a token that the policy refuses', [WITH_ROLE, answer(422, {})], 'CLUSTER_FORBIDDEN', 'manifests'],
  ['an API server in trouble', [WITH_ROLE, answer(500, {})], 'CLUSTER_UNAVAILABLE', 'tried again'],
  ['an answer without a token', [WITH_ROLE, answer(201, {})], 'CLUSTER_UNAVAILABLE', 'no answer of an API'],
  [
    'an answer that is cut short',
    [WITH_ROLE, { status: 201, headers: {}, body: '{"status":{"token":"canary-5f1c' }],
    'CLUSTER_UNAVAILABLE',
    'no answer of an API',
  ],
])('%s is told by name, and no token with it', async (_what, answers, code, says) => {
  const { get } = start(...answers);

  const asking = get();

  await expect(asking).rejects.toMatchObject({ code });
  await expect(asking).rejects.toThrow('service account prod/shop/reader');
  await expect(asking).rejects.toThrow(says);
  await expect(asking).rejects.not.toThrow('canary-5f1c');
});
