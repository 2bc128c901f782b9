import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { z } from 'zod';
import { silentProgress } from '../../../local/progress.ts';
import { clusterOf, startLocal } from '../../../local/start-local.ts';
import type { Local, LocalCluster } from '../../../local/start-local.ts';
import { until } from '../../support/until.ts';
import {
  REVISION,
  collection,
  createWorkload,
  patchTemplate,
  podsOf,
  settled,
  watchPods,
} from './workloads.ts';
import type { PodView } from './workloads.ts';

let local: Local;
let cluster: LocalCluster;

beforeAll(async () => {
  local = await startLocal({ clusters: ['dev'], progress: silentProgress, controllers: true });
  cluster = clusterOf(local, 'dev');
  await cluster.allow('shop');
}, 900_000);

afterAll(async () => {
  await local.stop();
});

/** Resolves once all three replicas are of the newest template and available, and no other is left. */
const rolledOut = (kind: 'Deployment' | 'StatefulSet', name: string): Promise<true> =>
  until(async () => {
    const status = (await settled(cluster, kind, name))?.status;
    return status?.replicas === 3 && status.updatedReplicas === 3 && status.availableReplicas === 3;
  });

const replicaSets = async (name: string): Promise<readonly number[]> => {
  const list = await cluster.admin.get(`${collection('ReplicaSet')}?labelSelector=app%3D${name}`);
  const { items } = z
    .object({ items: z.array(z.object({ spec: z.object({ replicas: z.number() }) })) })
    .parse(list);
  return items.map(({ spec }) => spec.replicas).toSorted();
};

const revisions = async (name: string): Promise<readonly (string | undefined)[]> =>
  (await podsOf(cluster, name)).filter(({ ending }) => !ending).map(({ revision }) => revision);

const progressing = async (name: string) =>
  (await settled(cluster, 'Deployment', name))?.status.conditions.find(({ type }) => type === 'Progressing');

test('a Deployment becomes available, and rolls to a new ReplicaSet when its pod template changes', async () => {
  await createWorkload(cluster, 'Deployment', 'web');
  await rolledOut('Deployment', 'web');
  expect(await replicaSets('web')).toEqual([3]);

  await patchTemplate(cluster, 'Deployment', 'web', { [REVISION]: '2' });
  await rolledOut('Deployment', 'web');

  expect(await replicaSets('web')).toEqual([0, 3]);
  const left = await until(async () => {
    const found = await revisions('web');
    return found.length === 3 && found;
  });
  expect(left).toEqual(['2', '2', '2']);
});

test('a StatefulSet replaces its pods one by one, the last first', async () => {
  await createWorkload(cluster, 'StatefulSet', 'db');
  await rolledOut('StatefulSet', 'db');
  const live = new Map<string, PodView>();
  const replaced: string[] = [];
  let fewestReady = 3;
  const stopWatching = await watchPods(cluster, 'db', (pod) => {
    if (pod.revision === '2' && !live.has(pod.uid) && !pod.ending) replaced.push(pod.name);
    if (pod.ending) live.delete(pod.uid);
    else live.set(pod.uid, pod);
    // Until the watch has told all that were there before, fewer are known than there are.
    if (replaced.length > 0) {
      fewestReady = Math.min(fewestReady, [...live.values()].filter(({ ready }) => ready).length);
    }
  });

  await patchTemplate(cluster, 'StatefulSet', 'db', { [REVISION]: '2' });
  await rolledOut('StatefulSet', 'db');
  await until(() => Promise.resolve(replaced.length === 3));
  stopWatching();

  expect(replaced).toEqual(['db-2', 'db-1', 'db-0']);
  expect(fewestReady).toBe(2);
});

test('a DaemonSet has a pod on each node, and rolls', async () => {
  const everywhere = (): Promise<true> =>
    until(async () => {
      const status = (await settled(cluster, 'DaemonSet', 'agent'))?.status;
      return status?.updatedNumberScheduled === 2 && status.numberAvailable === 2;
    });
  await createWorkload(cluster, 'DaemonSet', 'agent');
  await everywhere();

  await patchTemplate(cluster, 'DaemonSet', 'agent', { [REVISION]: '2' });
  await everywhere();

  expect(await revisions('agent')).toEqual(['2', '2']);
});

test('a Deployment whose new pods never turn ready misses its deadline, keeps its old ones, and recovers', async () => {
  await createWorkload(cluster, 'Deployment', 'api', { spec: { progressDeadlineSeconds: 1 } });
  await rolledOut('Deployment', 'api');

  await patchTemplate(cluster, 'Deployment', 'api', {
    [REVISION]: '2',
    'local.keyrelay.dev/never-ready': 'yes',
  });
  const missed = await until(async () => {
    const condition = await progressing('api');
    return condition?.status === 'False' ? condition : undefined;
  });
  expect(missed.reason).toBe('ProgressDeadlineExceeded');
  const pods = await podsOf(cluster, 'api');
  expect(pods.filter(({ ready }) => ready).map(({ revision }) => revision)).toEqual(['1', '1', '1']);
  expect(pods.filter(({ ready }) => !ready).map(({ revision }) => revision)).toEqual(['2']);

  await patchTemplate(cluster, 'Deployment', 'api', {
    [REVISION]: '3',
    'local.keyrelay.dev/never-ready': null,
  });
  await rolledOut('Deployment', 'api');
  expect((await progressing('api'))?.status).toBe('True');
});

test('what a deleted Deployment owned is collected', async () => {
  await createWorkload(cluster, 'Deployment', 'gone');
  await rolledOut('Deployment', 'gone');

  await cluster.admin.remove(`${collection('Deployment')}/gone`);

  await until(async () => (await podsOf(cluster, 'gone')).length === 0);
  expect(await replicaSets('gone')).toEqual([]);
});

test('a namespace that is deleted goes away', async () => {
  const path = '/api/v1/namespaces/leaving';
  await cluster.admin.create('/api/v1/namespaces', {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'leaving' },
  });

  await cluster.admin.remove(path);

  await until(async () => (await cluster.admin.get(path)) === undefined);
});
