import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { namespaceAccess } from '../../../infra/manifests/rbac.ts';
import { workloadPolicy } from '../../../infra/manifests/workload-policy.ts';
import type { KubeRequest, Session } from '../../../lambda/cluster/session.ts';
import { RELAY_GROUP } from '../../../local/cluster-access.ts';
import { silentProgress } from '../../../local/progress.ts';
import { clusterOf, startLocal } from '../../../local/start-local.ts';
import type { Local, LocalCluster } from '../../../local/start-local.ts';
import { askAsRelay } from '../../support/ask-as-relay.ts';
import type { Answer } from '../../support/ask-as-relay.ts';
import { relaySession } from '../../support/real-cluster.ts';

/** Guarantee 4 for workloads: what the relay's identity may do to one, and each way in which it could do more. */
let local: Local;
let cluster: LocalCluster;
let relay: Session;

const APPS = '/apis/apps/v1/namespaces/shop';
const WEB = `${APPS}/deployments/web`;
const OTHER = '/apis/apps/v1/namespaces/elsewhere/deployments/web';
const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const KINDS = { deployments: 'Deployment', statefulsets: 'StatefulSet', daemonsets: 'DaemonSet' } as const;

function workload(kind: string, name: string): object {
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name, labels: { team: 'a' }, annotations: { note: 'x' } },
    spec: {
      ...(kind === 'DaemonSet' ? {} : { replicas: 1 }),
      ...(kind === 'StatefulSet' ? { serviceName: name } : {}),
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name }, annotations: { theirs: 'x', 'secret.keyrelay.dev/old': 'v1' } },
        spec: { containers: [{ name: 'main', image: 'example.test/app:1' }] },
      },
    },
  };
}

const annotated = (annotations: object): object => ({ spec: { template: { metadata: { annotations } } } });

const answer = (method: KubeRequest['method'], path: string, body?: object): Promise<Answer> =>
  askAsRelay(relay, method, path, body);

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
  await cluster.install([
    ...workloadPolicy(RELAY_GROUP, ['shop']),
    ...namespaceAccess({ group: RELAY_GROUP, declares: false, restarts: true }, 'shop'),
  ]);
  for (const [plural, kind] of Object.entries(KINDS))
    await admin.create(`${APPS}/${plural}`, workload(kind, 'web'));
  await admin.create('/apis/apps/v1/namespaces/elsewhere/deployments', workload('Deployment', 'web'));
  relay = relaySession(local, 'fenced');
}, 900_000);

afterAll(async () => {
  relay.close();
  await local.stop();
});

describe('the relay’s identity may', () => {
  test.each(Object.keys(KINDS))('read and list %s, and annotate their pod templates', async (plural) => {
    expect(await answer('GET', `${APPS}/${plural}`)).toMatchObject({ status: 200 });
    expect(await answer('GET', `${APPS}/${plural}/web`)).toMatchObject({ status: 200 });
    expect(
      await answer('PATCH', `${APPS}/${plural}/web`, annotated({ 'secret.keyrelay.dev/db': 'v2' })),
    ).toEqual({ status: 200, message: '' });
  });

  test('read its namespace', async () => {
    expect(await answer('GET', '/api/v1/namespaces/shop')).toMatchObject({ status: 200 });
  });
});

type Attempt = readonly [what: string, method: KubeRequest['method'], path: string, body?: object];

describe('the relay’s identity may not', () => {
  const attempts: readonly Attempt[] = [
    ['make a workload', 'POST', `${APPS}/deployments`, workload('Deployment', 'new')],
    ['delete a workload', 'DELETE', WEB],
    ['scale a workload', 'PATCH', `${WEB}/scale`, { spec: { replicas: 9 } }],
    ['write the status of a workload', 'PATCH', `${WEB}/status`, { status: { replicas: 9 } }],
    ['read workloads of another namespace', 'GET', OTHER],
    [
      'annotate workloads of another namespace',
      'PATCH',
      OTHER,
      annotated({ 'secret.keyrelay.dev/db': 'v2' }),
    ],
    ['read another namespace', 'GET', '/api/v1/namespaces/elsewhere'],
    ['read ReplicaSets', 'GET', `${APPS}/replicasets`],
  ];
  test.each(attempts.map((row) => [row[0], row] as const))('%s', async (_, [, method, path, body]) => {
    expect(await answer(method, path, body)).toMatchObject({
      status: 403,
      message: expect.stringMatching(/cannot/u),
    });
  });

  const container = { name: 'main', image: 'example.test/evil:1' };
  test.each<readonly [string, object, RegExp]>([
    [
      'change the image',
      { spec: { template: { spec: { containers: [container] } } } },
      /nothing of a workload but/u,
    ],
    ['change the replicas', { spec: { replicas: 9 } }, /nothing of a workload but/u],
    ['pause a workload', { spec: { paused: true } }, /nothing of a workload but/u],
    [
      'run as another service account',
      { spec: { template: { spec: { serviceAccountName: 'robot' } } } },
      /nothing of a workload but/u,
    ],
    [
      'label the pods',
      { spec: { template: { metadata: { labels: { 'secret.keyrelay.dev/x': 'y' } } } } },
      /nothing of a workload but/u,
    ],
    [
      'annotate the pods otherwise',
      annotated({ 'sidecar.istio.io/inject': 'false' }),
      /under secret.keyrelay.dev/u,
    ],
    ['change an annotation of somebody else', annotated({ theirs: 'y' }), /under secret.keyrelay.dev/u],
    ['take away an annotation of somebody else', annotated({ theirs: null }), /under secret.keyrelay.dev/u],
    ['label a workload', { metadata: { labels: { team: 'b' } } }, /no label, annotation/u],
    [
      'annotate a workload',
      { metadata: { annotations: { 'secret.keyrelay.dev/db': 'v2' } } },
      /no label, annotation/u,
    ],
    [
      'keep a workload from being deleted',
      { metadata: { finalizers: ['example.test/x'] } },
      /no label, annotation/u,
    ],
    [
      'do any of it beside what it may',
      { spec: { replicas: 9, template: { metadata: { annotations: { 'secret.keyrelay.dev/db': 'v9' } } } } },
      /nothing of a workload but/u,
    ],
  ])('%s', async (_, body, why) => {
    expect(await answer('PATCH', WEB, body)).toMatchObject({
      status: 422,
      message: expect.stringMatching(why),
    });
  });
});

describe('with permission for every workload of the cluster, as a mistaken binding would give, the fence still', () => {
  beforeAll(async () => {
    await cluster.admin.create(`${RBAC}/clusterroles`, {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: 'mistake' },
      rules: [{ apiGroups: ['apps'], resources: ['*'], verbs: ['*'] }],
    });
    await cluster.admin.create(`${RBAC}/clusterrolebindings`, {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: 'mistake' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'mistake' },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: RELAY_GROUP }],
    });
  });

  test.each<readonly [...Attempt, RegExp]>([
    [
      'keeps it from making one',
      'POST',
      `${APPS}/deployments`,
      workload('Deployment', 'new'),
      /makes and removes none/u,
    ],
    ['keeps it from deleting one', 'DELETE', WEB, undefined, /makes and removes none/u],
    [
      'keeps it from scaling one',
      'PATCH',
      `${WEB}/scale`,
      { spec: { replicas: 9 } },
      /makes and removes none/u,
    ],
    [
      'keeps it from other namespaces',
      'PATCH',
      OTHER,
      annotated({ 'secret.keyrelay.dev/db': 'v2' }),
      /not among those of the relay/u,
    ],
  ])('%s', async (_, method, path, body, why) => {
    expect(await answer(method, path, body)).toMatchObject({
      status: 422,
      message: expect.stringMatching(why),
    });
  });
});

test('others are not held back by the fence', async () => {
  await cluster.admin.patch(WEB, { spec: { replicas: 2 }, metadata: { labels: { team: 'b' } } });
  await cluster.admin.remove(WEB);

  expect(await cluster.admin.get(WEB)).toBeUndefined();
});
