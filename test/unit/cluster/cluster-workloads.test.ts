import { describe, expect, test } from '@jest/globals';
import { createClusterWorkloads } from '../../../lambda/cluster/cluster-workloads.ts';
import type { HttpsResponse } from '../../../lambda/cluster/https-transport.ts';
import type { KubeRequest } from '../../../lambda/cluster/session.ts';
import type { Workload, WorkloadKind } from '../../../lambda/model/workload.ts';
import { aWorkload } from '../../support/rollout-builders.ts';
import { aStatus } from './statuses.ts';

const signal = new AbortController().signal;
const ok = (body: unknown): HttpsResponse => ({ status: 200, headers: {}, body: JSON.stringify(body) });
const listOf = (items: readonly object[]): HttpsResponse => ok({ metadata: {}, items });
const PLURALS: Readonly<Record<WorkloadKind, string>> = {
  Deployment: 'deployments',
  StatefulSet: 'statefulsets',
  DaemonSet: 'daemonsets',
  Rollout: 'rollouts',
};

/** The port over a session that answers by path; what is not said is an empty list. */
function start(answers: Readonly<Record<string, HttpsResponse>>) {
  const sent: KubeRequest[] = [];
  const workloads = createClusterWorkloads(() => ({
    send: (request) => {
      sent.push(request);
      const found = Object.entries(answers).find(([part]) => request.path.includes(part));
      return Promise.resolve(found?.[1] ?? listOf([]));
    },
    close: () => undefined,
  }));
  return { workloads, sent };
}

interface ItemChanges {
  readonly metadata?: object;
  readonly spec?: object;
  readonly template?: object;
  readonly pod?: object;
  readonly status?: object;
}

/** An object as the API server lists it. */
function anItem({ metadata, spec, template, pod, status }: ItemChanges = {}): object {
  return {
    metadata: {
      name: 'web',
      uid: 'uid-web',
      resourceVersion: '7',
      generation: 3,
      creationTimestamp: '2026-01-01T00:00:00Z',
      ...metadata,
    },
    spec: {
      template: { metadata: { creationTimestamp: null }, spec: { containers: [], ...pod }, ...template },
      ...spec,
    },
    ...(status === undefined ? {} : { status: { observedGeneration: 3, ...status } }),
  };
}

async function parsed(item: object, kind: WorkloadKind = 'Deployment'): Promise<Workload> {
  const [workload] = await start({ [`/${PLURALS[kind]}`]: listOf([item]) }).workloads.list(
    'dev',
    'shop',
    signal,
  );
  if (workload === undefined) throw new Error('no workload');
  return workload;
}

describe('listing', () => {
  test('asks for every kind, a hundred at a time', async () => {
    const { workloads, sent } = start({});

    expect(await workloads.list('dev', 'shop', signal)).toEqual([]);
    expect(sent.map(({ path }) => path).toSorted()).toEqual([
      '/apis/apps/v1/namespaces/shop/daemonsets?limit=100',
      '/apis/apps/v1/namespaces/shop/deployments?limit=100',
      '/apis/apps/v1/namespaces/shop/statefulsets?limit=100',
      '/apis/argoproj.io/v1alpha1/namespaces/shop/rollouts?limit=100',
    ]);
  });

  test('tells of each what rollouts need', async () => {
    const item = anItem({
      metadata: { annotations: { note: 'x' } },
      template: { metadata: { annotations: { theirs: 'y' } }, spec: { containers: [] } },
    });

    expect(await parsed(item)).toMatchObject({
      ref: { kind: 'Deployment', cluster: 'dev', namespace: 'shop', name: 'web' },
      uid: 'uid-web',
      resourceVersion: '7',
      created: new Date('2026-01-01T00:00:00Z'),
      annotations: { note: 'x' },
      templateAnnotations: { theirs: 'y' },
      reloadedAt: undefined,
    });
  });

  test('a cluster without Argo Rollouts has none', async () => {
    const { workloads } = start({ '/rollouts': { status: 404, headers: {}, body: '404 page not found' } });

    expect(await workloads.list('dev', 'shop', signal)).toEqual([]);
  });

  test('a Rollout that refers to a Deployment is left to that', async () => {
    const item = { ...anItem(), spec: { workloadRef: { kind: 'Deployment', name: 'web' } } };

    expect(await start({ '/rollouts': listOf([item]) }).workloads.list('dev', 'shop', signal)).toEqual([]);
  });

  test.each([
    ['a refusal', aStatus(403, { reason: 'Forbidden' }), 'CLUSTER_FORBIDDEN', /may not list statefulsets/u],
    ['what is no workload', listOf([{ metadata: {} }]), 'CLUSTER_UNAVAILABLE', /no StatefulSet/u],
  ])('%s fails the whole', async (_, answer, code, message) => {
    const { workloads } = start({ '/statefulsets': answer });

    await expect(workloads.list('dev', 'shop', signal)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });
});

describe('the Secrets that a workload consumes', () => {
  const volume = (more: object): object => ({ name: 'v', ...more });
  const mounts = { volumeMounts: [{ name: 'v', mountPath: '/v' }] };

  test.each<[string, object, readonly string[]]>([
    [
      'all at once',
      { containers: [{ envFrom: [{ secretRef: { name: 'db' } }, { configMapRef: { name: 'c' } }] }] },
      ['db'],
    ],
    [
      'one by one',
      {
        containers: [
          {
            env: [
              { name: 'A', value: 'x' },
              { name: 'B', valueFrom: { secretKeyRef: { name: 'db', key: 'k' } } },
            ],
          },
        ],
      },
      ['db'],
    ],
    [
      'that are optional',
      { containers: [{ envFrom: [{ secretRef: { name: 'db', optional: true } }] }] },
      ['db'],
    ],
    [
      'in an init container',
      { containers: [], initContainers: [{ envFrom: [{ secretRef: { name: 'db' } }] }] },
      ['db'],
    ],
    ['in a sidecar', { containers: [{}, { envFrom: [{ secretRef: { name: 'db' } }] }] }, ['db']],
    ['as files', { containers: [mounts], volumes: [volume({ secret: { secretName: 'db' } })] }, ['db']],
    [
      'as projected files',
      {
        containers: [mounts],
        volumes: [
          volume({
            projected: {
              sources: [{ secret: { name: 'db' } }, { downwardAPI: {} }, { secret: { name: 'tls' } }],
            },
          }),
        ],
      },
      ['db', 'tls'],
    ],
    [
      'as files of an init container',
      { containers: [], initContainers: [mounts], volumes: [volume({ secret: { secretName: 'db' } })] },
      ['db'],
    ],
    [
      'in a volume that nobody mounts: none',
      { containers: [{}], volumes: [volume({ secret: { secretName: 'db' } })] },
      [],
    ],
    ['for pulling images: none', { containers: [{}], imagePullSecrets: [{ name: 'registry' }] }, []],
    ['of lists that are null: none', { containers: null, initContainers: null, volumes: null }, []],
    [
      'in several ways, each once',
      {
        containers: [
          {
            envFrom: [{ secretRef: { name: 'db' } }],
            env: [{ valueFrom: { secretKeyRef: { name: 'db' } } }],
          },
        ],
      },
      ['db'],
    ],
  ])('%s', async (_, pod, names) => {
    expect([...(await parsed(anItem({ pod }))).secrets]).toEqual(names);
  });
});

describe('what a controller says', () => {
  const counts = { replicas: 4, updatedReplicas: 1, availableReplicas: 3 };

  test.each<[string, WorkloadKind, ItemChanges, object]>([
    [
      'of a Deployment',
      'Deployment',
      { spec: { replicas: 3, progressDeadlineSeconds: 600 }, status: counts },
      {
        kind: 'Deployment',
        current: true,
        paused: false,
        deadlineSeconds: 600,
        desired: 3,
        pods: 4,
        updated: 1,
        available: 3,
        deadlineExceeded: false,
      },
    ],
    [
      'of one that says nothing yet',
      'Deployment',
      {},
      { current: false, desired: 1, pods: 0, updated: 0, available: 0 },
    ],
    ['of an older spec', 'Deployment', { status: { ...counts, observedGeneration: 2 } }, { current: false }],
    ['of one that is paused', 'Deployment', { spec: { paused: true }, status: counts }, { paused: true }],
    [
      'of one without a deadline',
      'Deployment',
      { spec: { progressDeadlineSeconds: 2_147_483_647 } },
      { deadlineSeconds: undefined },
    ],
    [
      'of one that missed its deadline',
      'Deployment',
      {
        status: {
          conditions: [{ type: 'Available' }, { type: 'Progressing', reason: 'ProgressDeadlineExceeded' }],
        },
      },
      { deadlineExceeded: true },
    ],
    [
      'of a StatefulSet',
      'StatefulSet',
      {
        spec: { replicas: 3, updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } } },
        status: { ...counts, currentRevision: 'a', updateRevision: 'b' },
      },
      {
        kind: 'StatefulSet',
        strategy: 'RollingUpdate',
        partition: 2,
        desired: 3,
        updated: 1,
        available: 3,
        uniform: false,
        deadlineSeconds: undefined,
      },
    ],
    [
      'of a StatefulSet that is of one revision',
      'StatefulSet',
      {
        spec: { updateStrategy: { type: 'OnDelete' } },
        status: { currentRevision: 'a', updateRevision: 'a' },
      },
      { strategy: 'OnDelete', partition: 0, uniform: true },
    ],
    [
      'of a DaemonSet',
      'DaemonSet',
      {
        spec: { updateStrategy: { type: 'OnDelete' } },
        status: { desiredNumberScheduled: 3, updatedNumberScheduled: 2, numberAvailable: 1 },
      },
      { kind: 'DaemonSet', strategy: 'OnDelete', desired: 3, updated: 2, available: 1 },
    ],
    [
      'of a Rollout, whose generation is a text',
      'Rollout',
      { status: { ...counts, observedGeneration: '3', phase: 'Paused' } },
      { kind: 'Rollout', current: true, phase: 'Paused', updated: 1, available: 3 },
    ],
  ])('%s', async (_, kind, item, status) => {
    expect((await parsed(anItem(item), kind)).status).toMatchObject(status);
  });
});

describe('traces of Reloader', () => {
  const env = (name: string) => ({
    'f:spec': {
      'f:template': {
        'f:spec': { 'f:containers': { 'k:{"name":"main"}': { 'f:env': { [`k:{"name":"${name}"}`]: {} } } } },
      },
    },
  });
  const fields = (name: string, time: string) => ({
    managedFields: [{ manager: 'Reloader', time, fieldsV1: env(name) }],
  });

  test.each<[string, ItemChanges, string | undefined]>([
    [
      'in the annotation of the pod template',
      {
        template: {
          metadata: {
            annotations: {
              'reloader.stakater.com/last-reloaded-from': '{"type":"SECRET","observedAt":1767225600}',
            },
          },
          spec: {},
        },
      },
      '2026-01-01T00:00:00.000Z',
    ],
    [
      'in a variable, by the time at which it was set',
      { metadata: fields('STAKATER_DB_SECRET', '2026-01-02T00:00:00Z') },
      '2026-01-02T00:00:00.000Z',
    ],
    [
      'in a variable of somebody else: none',
      { metadata: fields('STAKATER_URL', '2026-01-02T00:00:00Z') },
      undefined,
    ],
    [
      'in an annotation that is broken: none',
      {
        template: {
          metadata: { annotations: { 'reloader.stakater.com/last-reloaded-from': '{' } },
          spec: {},
        },
      },
      undefined,
    ],
  ])('%s', async (_, item, time) => {
    expect((await parsed(anItem(item))).reloadedAt?.toISOString()).toBe(time);
  });
});

describe('restarting', () => {
  test('annotates the pod template under what was observed, as a manager of its own', async () => {
    const { workloads, sent } = start({ '/deployments/web': ok({}) });

    await workloads.restart(aWorkload(), { 'secret.keyrelay.dev/db': 'v2' }, signal);

    expect(sent).toMatchObject([
      {
        method: 'PATCH',
        path: '/apis/apps/v1/namespaces/shop/deployments/web?fieldManager=keyrelay-rollouts',
        headers: { 'Content-Type': 'application/merge-patch+json' },
      },
    ]);
    expect(JSON.parse(sent[0]?.body ?? '')).toEqual({
      metadata: { uid: 'uid-web', resourceVersion: '7' },
      spec: { template: { metadata: { annotations: { 'secret.keyrelay.dev/db': 'v2' } } } },
    });
  });

  test.each([
    ['was changed', aStatus(409, { reason: 'Conflict', kind: 'deployments' })],
    ['was deleted', aStatus(404, { reason: 'NotFound', kind: 'deployments' })],
  ])('one that %s since is a conflict', async (_, answer) => {
    const { workloads } = start({ '/deployments/web': answer });

    await expect(workloads.restart(aWorkload(), {}, signal)).rejects.toMatchObject({
      code: 'TARGET_CONTENDED',
    });
  });
});

describe('a namespace', () => {
  test.each([
    ['true', true],
    ['false', false],
    [undefined, false],
  ])('with the annotation %s is paused: %s', async (value, paused) => {
    const annotations = value === undefined ? {} : { 'keyrelay.dev/rollout-paused': value };
    const { workloads } = start({ '/namespaces/shop': ok({ metadata: { annotations } }) });

    expect(await workloads.isPaused('dev', 'shop', signal)).toBe(paused);
  });

  test('that is gone is not paused; one that may not be read is an error', async () => {
    const gone = start({ '/namespaces/shop': aStatus(404, { reason: 'NotFound', kind: 'namespaces' }) });
    const denied = start({ '/namespaces/shop': aStatus(403, { reason: 'Forbidden' }) });

    expect(await gone.workloads.isPaused('dev', 'shop', signal)).toBe(false);
    await expect(denied.workloads.isPaused('dev', 'shop', signal)).rejects.toMatchObject({
      message: expect.stringMatching(/may not get namespaces/u),
    });
  });
});
