import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import type { Visited } from '../../../lambda/relay/visit-rollouts.ts';
import type { LocalCluster } from '../../../local/start-local.ts';
import { until } from '../../support/until.ts';
import { deploy, pathOf, podTemplate, podsOf, workloadOf } from './objects.ts';
import type { Kind } from './objects.ts';
import { revisionOf } from './stage.ts';
import type { NamespaceName, Stage } from './stage.ts';

const names = (...visits: readonly Visited[]): readonly string[] =>
  visits
    .flatMap(({ restarted }) => restarted.map(({ workload: { ref } }) => `${ref.kind}/${ref.name}`))
    .toSorted();

/** A StatefulSet that replaces its pods from this ordinal on. */
const partitioned = (partition: number): object => ({
  updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition } },
});
const onDelete = { spec: { updateStrategy: { type: 'OnDelete' } } };

/** Every kind of workload, rolled by its own controller. */
export function kindsOfWorkload(on: (namespace: NamespaceName) => Stage): void {
  test('StatefulSets go one by one, down to their partition, and DaemonSets node by node', async () => {
    const stage = on('kinds');
    const { cluster } = stage;
    await deploy(cluster, 'kinds', 'whole', { kind: 'StatefulSet', replicas: 3 });
    await deploy(cluster, 'kinds', 'part', { kind: 'StatefulSet', replicas: 3, spec: partitioned(2) });
    await deploy(cluster, 'kinds', 'agent', { kind: 'DaemonSet' });
    await stage.change({ versions: { db: 1 } });
    const renewed = new Set<string>();
    const stopWatching = await cluster.admin.watch(
      `${pathOf('Pod', 'kinds')}?labelSelector=app%3Dwhole`,
      (pod) => {
        const { metadata } = PodNews.parse(pod);
        if (metadata.annotations['secret.keyrelay.dev/db'] !== undefined) renewed.add(metadata.name);
      },
    );

    const visits = await stage.follow();
    await until(() => Promise.resolve(renewed.size === 3));
    stopWatching();

    const one = revisionOf('db', 1);
    const revisions = async (name: string) =>
      (await podsOf(cluster, 'kinds', name)).map((pod) => pod.revisions['db']);
    expect([...renewed]).toEqual(['whole-2', 'whole-1', 'whole-0']);
    expect(await revisions('whole')).toEqual([one, one, one]);
    expect(await revisions('part')).toEqual([undefined, undefined, one]);
    expect(await revisions('agent')).toEqual([one, one]);
    expect((await stage.marks('db')).rollout).toMatchObject({ state: 'complete', restarted: 3 });
    const cases = visits.flatMap(({ recorded }) => recorded.flatMap((conclusion) => conclusion.cases));
    expect(cases.map(({ state, workload: { ref } }) => [ref.name, state]).toSorted()).toEqual([
      ['agent', { kind: 'done', stale: 0 }],
      ['part', { kind: 'done', stale: 2 }],
      ['whole', { kind: 'done', stale: 0 }],
    ]);
  });

  test('what is renewed by hand is left to whoever does that', async () => {
    const stage = on('by-hand');
    const kinds: readonly Kind[] = ['StatefulSet', 'DaemonSet'];
    for (const kind of kinds) await deploy(stage.cluster, 'by-hand', 'web', { kind, ...onDelete });
    await stage.change({ versions: { db: 1 } });

    await stage.follow();

    expect((await stage.marks('db')).rollout).toMatchObject({ state: 'complete', restarted: 0, left: 2 });
    for (const kind of kinds)
      expect(await workloadOf(stage.cluster, 'by-hand', 'web', kind)).toMatchObject({ generation: 1 });
  });

  describe('a Rollout of Argo', () => {
    test('is restarted, and followed by what its controller says', async () => {
      const stage = on('argo');
      const { admin } = stage.cluster;
      await admin.create(CRDS, ROLLOUT_KIND);
      const path = pathOf('Rollout', 'argo', 'web');
      // It is answered with an error until the API server is ready for the kind.
      await until(() => admin.get(pathOf('Rollout', 'argo')).catch(() => undefined));
      await deploy(stage.cluster, 'argo', 'web', { kind: 'Rollout' });
      await deploy(stage.cluster, 'argo', 'base');
      await admin.create(pathOf('Rollout', 'argo'), {
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'Rollout',
        metadata: { name: 'by-way-of-base', annotations: { 'keyrelay.dev/restart': 'true' } },
        spec: { workloadRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'base' } },
      });
      const told = async (phase: string): Promise<Visited> => {
        const { generation } = await workloadOf(stage.cluster, 'argo', 'web', 'Rollout');
        const status = { observedGeneration: String(generation), phase, updatedReplicas: 1 };
        await admin.patch(`${path}/status`, { status });
        return stage.visit();
      };
      await stage.change({ versions: { db: 1 } });

      const first = await stage.visit();
      const progressing = await told('Progressing');
      const paused = await told('Paused');
      await told('Healthy');
      const complete = (await stage.marks('db')).rollout;
      await stage.change({ versions: { db: 2 } });
      const second = await stage.visit();
      await until(async () => (await told('Degraded')).recorded.length > 0);

      expect([first, second].map((visited) => names(visited))).toEqual([
        ['Deployment/base', 'Rollout/web'],
        ['Deployment/base', 'Rollout/web'],
      ]);
      expect((await workloadOf(stage.cluster, 'argo', 'web', 'Rollout')).revisions).toEqual({
        db: revisionOf('db', 2),
      });
      expect(progressing.next?.active).toBe(true);
      expect(paused.held.flatMap(({ why }) => why)).toEqual([
        'Rollout/web is restarted, and paused by its own strategy',
      ]);
      expect(complete).toMatchObject({ state: 'complete', restarted: 2 });
      expect((await stage.marks('db')).rollout).toMatchObject({ state: 'failed', failed: ['Rollout/web'] });
    });
  });

  test('what Reloader has restarted is followed, and not restarted again', async () => {
    const stage = on('reloader');
    const { cluster } = stage;
    const annotations = { 'reloader.stakater.com/auto': 'true' };
    const all = ['traced', 'variable', 'untouched'];
    for (const name of all) await deploy(cluster, 'reloader', name, { annotations });
    await stage.change({ versions: { db: 1 } });
    const from = { type: 'SECRET', name: 'db', observedAt: Math.floor(Date.now() / 1000) };
    await asReloader(cluster, 'traced', {
      metadata: { annotations: { 'reloader.stakater.com/last-reloaded-from': JSON.stringify(from) } },
    });
    await asReloader(cluster, 'variable', podTemplate('variable', { pods: { containers: [withVariable] } }));

    const detected = await stage.follow();
    const first = (await stage.marks('db')).rollout;
    // Later than Reloader's traces, which are cut to the second.
    stage.pass(10);
    await stage.change({ versions: { db: 2 } });
    const present = await stage.follow({ rollouts: { reloader: 'present' } });

    expect(names(...detected)).toEqual(['Deployment/untouched']);
    expect(first).toMatchObject({ state: 'complete', restarted: 3 });
    expect(names(...present)).toEqual([]);
    expect((await stage.marks('db')).rollout).toMatchObject({ state: 'complete', restarted: 0, left: 3 });
  });
}

const PodNews = z.object({
  metadata: z.object({ name: z.string(), annotations: z.record(z.string(), z.string()).default({}) }),
});

/** What Reloader adds where its strategy is `env-vars`; the digest is none. */
const withVariable = {
  name: 'main',
  image: 'example.test/app:1',
  envFrom: [{ secretRef: { name: 'db', optional: true } }],
  env: [{ name: 'STAKATER_DB_SECRET', value: 'fake' }],
};

async function asReloader({ admin }: LocalCluster, name: string, template: object): Promise<void> {
  await admin.patch(pathOf('Deployment', 'reloader', name), { spec: { template } }, 'Reloader');
}

const CRDS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

/** As little of the kind as the API server asks for: everything is allowed, and the status is apart. */
const ROLLOUT_KIND = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'rollouts.argoproj.io' },
  spec: {
    group: 'argoproj.io',
    scope: 'Namespaced',
    names: { kind: 'Rollout', plural: 'rollouts', singular: 'rollout' },
    versions: [
      {
        name: 'v1alpha1',
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
        },
      },
    ],
  },
};
