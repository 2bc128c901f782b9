import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { LABEL, MANAGED_BY } from '../../../lambda/contract.ts';
import type { KubeRequest, Session } from '../../../lambda/cluster/session.ts';
import { silentProgress } from '../../../local/progress.ts';
import { clusterOf, startLocal } from '../../../local/start-local.ts';
import type { Local, LocalCluster } from '../../../local/start-local.ts';
import { askAsRelay } from '../../support/ask-as-relay.ts';
import type { Answer } from '../../support/ask-as-relay.ts';
import { relaySession } from '../../support/real-cluster.ts';
import { until } from '../../support/until.ts';

let local: Local;
let cluster: LocalCluster;
let relay: Session;

const SECRETS = '/api/v1/namespaces/shop/secrets';
const OTHERS = '/api/v1/namespaces/elsewhere/secrets';
const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const MANAGED = { [LABEL.managedBy]: MANAGED_BY };

function secret(name: string, labels: Readonly<Record<string, string>> = MANAGED, more: object = {}): object {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, labels }, data: { k: 'ZmFrZQ==' }, ...more };
}

beforeAll(async () => {
  local = await startLocal({ clusters: ['fenced'], progress: silentProgress });
  cluster = clusterOf(local, 'fenced');
  const { admin } = cluster;
  await admin.create('/api/v1/namespaces', {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'elsewhere' },
  });
  await cluster.allow('shop');
  await admin.create(SECRETS, secret('foreign', { 'app.kubernetes.io/managed-by': 'Helm' }));
  await admin.create(SECRETS, secret('bare', {}));
  await admin.create(OTHERS, secret('out-of-bounds'));
  await admin.create('/api/v1/namespaces/shop/serviceaccounts', {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: 'robot' },
  });
  relay = relaySession(local, 'fenced');
}, 60_000);

afterAll(async () => {
  relay.close();
  await local.stop();
});

type Method = KubeRequest['method'];

const answer = (method: Method, path: string, body?: object): Promise<Answer> =>
  askAsRelay(relay, method, path, body);

describe('the relay’s identity may', () => {
  test('create, read, list, change and delete what it manages', async () => {
    expect((await answer('POST', SECRETS, secret('own'))).status).toBe(201);
    expect((await answer('GET', `${SECRETS}/own`)).status).toBe(200);
    expect((await answer('GET', SECRETS)).status).toBe(200);
    expect((await answer('PATCH', `${SECRETS}/own`, { data: { k: 'bmV3' } })).status).toBe(200);
    expect((await answer('DELETE', `${SECRETS}/own`)).status).toBe(200);
  });
});

type Attempt = readonly [what: string, method: Method, path: string, body?: object];

const BY_RBAC: readonly Attempt[] = [
  ['read a Secret of another namespace', 'GET', `${OTHERS}/out-of-bounds`],
  ['list the Secrets of another namespace', 'GET', OTHERS],
  ['list the Secrets of all namespaces', 'GET', '/api/v1/secrets'],
  ['write to another namespace', 'POST', OTHERS, secret('intruder')],
  ['change a Secret of another namespace', 'PATCH', `${OTHERS}/out-of-bounds`, { data: { k: 'bmV3' } }],
  ['delete a Secret of another namespace', 'DELETE', `${OTHERS}/out-of-bounds`],
  ['delete all Secrets at once', 'DELETE', SECRETS],
  ['watch Secrets', 'GET', `${SECRETS}?watch=true&timeoutSeconds=1`],
  [
    'get a token of a service account',
    'POST',
    '/api/v1/namespaces/shop/serviceaccounts/robot/token',
    { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} },
  ],
  ['read a ConfigMap', 'GET', '/api/v1/namespaces/shop/configmaps'],
  ['read pods', 'GET', '/api/v1/namespaces/shop/pods'],
  [
    'start a pod',
    'POST',
    '/api/v1/namespaces/shop/pods',
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p' },
      spec: { containers: [{ name: 'c', image: 'i' }] },
    },
  ],
  ['list namespaces', 'GET', '/api/v1/namespaces'],
  ['list nodes', 'GET', '/api/v1/nodes'],
  [
    'grant itself a role',
    'POST',
    `${RBAC}/namespaces/shop/rolebindings`,
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name: 'more' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'keyrelay' }],
    },
  ],
  [
    'widen its role',
    'PATCH',
    `${RBAC}/namespaces/shop/roles/keyrelay`,
    { rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }] },
  ],
  [
    'bind a ClusterRole',
    'POST',
    `${RBAC}/clusterrolebindings`,
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: 'more' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
      subjects: [],
    },
  ],
  [
    'remove its fence',
    'DELETE',
    '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies/keyrelay-secrets',
  ],
  [
    'unbind its fence',
    'DELETE',
    '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings/keyrelay-secrets',
  ],
];

const BY_ADMISSION: readonly (readonly [...Attempt, RegExp])[] = [
  [
    'change a Secret that Helm manages',
    'PATCH',
    `${SECRETS}/foreign`,
    { data: { k: 'bmV3' } },
    /does not manage this Secret/u,
  ],
  [
    'claim a Secret that Helm manages',
    'PATCH',
    `${SECRETS}/foreign`,
    { metadata: { labels: MANAGED } },
    /does not manage this Secret/u,
  ],
  [
    'claim a Secret that nobody manages',
    'PATCH',
    `${SECRETS}/bare`,
    { metadata: { labels: MANAGED } },
    /does not manage this Secret/u,
  ],
  [
    'delete a Secret that Helm manages',
    'DELETE',
    `${SECRETS}/foreign`,
    undefined,
    /deletes only Secrets that it manages/u,
  ],
  [
    'delete a Secret that nobody manages',
    'DELETE',
    `${SECRETS}/bare`,
    undefined,
    /deletes only Secrets that it manages/u,
  ],
  ['create a Secret without its mark', 'POST', SECRETS, secret('unmarked', {}), /must carry the label/u],
  [
    'create a Secret under somebody else’s mark',
    'POST',
    SECRETS,
    secret('unmarked', { 'app.kubernetes.io/managed-by': 'Helm' }),
    /must carry the label/u,
  ],
  [
    'create a token of a service account',
    'POST',
    SECRETS,
    {
      ...secret('token'),
      metadata: {
        name: 'token',
        labels: MANAGED,
        annotations: { 'kubernetes.io/service-account.name': 'robot' },
      },
      type: 'kubernetes.io/service-account-token',
      data: {},
    },
    /no credentials of the cluster/u,
  ],
  [
    'create a Secret that goes with something else',
    'POST',
    SECRETS,
    {
      ...secret('owned'),
      metadata: {
        name: 'owned',
        labels: MANAGED,
        ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', uid: 'no-such-uid' }],
      },
    },
    /go with the object that declares it, and with nothing else/u,
  ],
  [
    'create a bootstrap token',
    'POST',
    SECRETS,
    secret('bootstrap-token-abcdef', MANAGED, { type: 'bootstrap.kubernetes.io/token' }),
    /no credentials of the cluster/u,
  ],
];

describe('the relay’s identity may not', () => {
  test.each(BY_RBAC.map((row) => [row[0], row] as const))('%s', async (_, [, method, path, body]) => {
    expect(await answer(method, path, body)).toMatchObject({
      status: 403,
      message: expect.stringMatching(/cannot/u),
    });
  });

  test.each(BY_ADMISSION)('%s', async (_, method, path, body, why) => {
    expect(await answer(method, path, body)).toMatchObject({
      status: 422,
      message: expect.stringMatching(why),
    });
  });

  test('take its mark off a Secret of its own, so that it would be lost', async () => {
    await answer('POST', SECRETS, secret('marked'));

    expect(
      await answer('PATCH', `${SECRETS}/marked`, { metadata: { labels: { [LABEL.managedBy]: null } } }),
    ).toMatchObject({
      status: 422,
      message: expect.stringMatching(/must carry the label/u),
    });
  });
});

describe('with permission for every Secret of the cluster, as a mistaken binding would give, the fence still', () => {
  beforeAll(async () => {
    await cluster.admin.create(`${RBAC}/clusterroles`, {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: 'mistake' },
      rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['*'] }],
    });
    await cluster.admin.create(`${RBAC}/clusterrolebindings`, {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: 'mistake' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'mistake' },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'keyrelay' }],
    });
    // The authorizer learns of a binding by a watch.
    await until(async () => {
      const { status } = await answer('GET', `${OTHERS}/not-there`, undefined);
      return status === 404;
    });
  });

  test.each<readonly [...Attempt, RegExp]>([
    ['keeps it from another namespace', 'POST', OTHERS, secret('intruder'), /not among those of the relay/u],
    [
      'keeps it from changes there',
      'PATCH',
      `${OTHERS}/out-of-bounds`,
      { data: { k: 'bmV3' } },
      /not among those of the relay/u,
    ],
    [
      'keeps it from deleting there',
      'DELETE',
      `${OTHERS}/out-of-bounds`,
      undefined,
      /not among those of the relay/u,
    ],
    [
      'keeps it from what it does not manage',
      'DELETE',
      `${SECRETS}/bare`,
      undefined,
      /deletes only Secrets that it manages/u,
    ],
  ])('%s', async (_, method, path, body, why) => {
    expect(await answer(method, path, body)).toMatchObject({
      status: 422,
      message: expect.stringMatching(why),
    });
  });

  test('keeps it from deleting in bulk what it does not manage', async () => {
    await answer('DELETE', SECRETS);

    expect(await cluster.admin.get(`${SECRETS}/bare`)).toBeDefined();
    expect(await cluster.admin.get(`${SECRETS}/foreign`)).toBeDefined();
  });
});

test('others are not held back by the fence', async () => {
  await cluster.admin.patch(`${SECRETS}/bare`, { data: { k: 'bmV3' } });
  await cluster.admin.remove(`${SECRETS}/bare`);

  expect(await cluster.admin.get(`${SECRETS}/bare`)).toBeUndefined();
});
