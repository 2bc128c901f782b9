import { expect, test } from '@jest/globals';
import type { RolloutPorts } from '../../../lambda/relay/visit-rollouts.ts';
import { deploy, pathOf, workloadOf } from './objects.ts';
import { revisionOf } from './stage.ts';
import type { NamespaceName, Stage } from './stage.ts';

/** What becomes of a restart that meets others. */
export function conflicts(on: (namespace: NamespaceName) => Stage): void {
  test('an edit between the look and the restart survives, and the workload is restarted once', async () => {
    const stage = on('edited');
    const { admin } = stage.cluster;
    await deploy(stage.cluster, 'edited', 'web');
    await stage.change({ versions: { db: 1 } });
    const container = { name: 'main', envFrom: [{ secretRef: { name: 'db', optional: true } }] };
    let edits = 0;
    const edited = (ports: RolloutPorts): RolloutPorts => ({
      ...ports,
      workloads: {
        ...ports.workloads,
        restart: async (...args) => {
          edits += 1;
          if (edits === 1)
            await admin.patch(pathOf('Deployment', 'edited', 'web'), {
              spec: { template: { spec: { containers: [{ ...container, image: 'example.test/app:2' }] } } },
            });
          return ports.workloads.restart(...args);
        },
      },
    });

    const { restarted } = await stage.visit({ ports: edited });

    expect(edits).toBeGreaterThan(1);
    expect(restarted).toHaveLength(1);
    expect(await workloadOf(stage.cluster, 'edited', 'web')).toMatchObject({
      generation: 3,
      image: 'example.test/app:2',
      revisions: { db: revisionOf('db', 1) },
    });
  });

  test('visits that coincide restart a workload once', async () => {
    const stage = on('visited-twice');
    await deploy(stage.cluster, 'visited-twice', 'web');
    await stage.change({ versions: { db: 1 } });

    const visits = await Promise.all(Array.from({ length: 4 }, () => stage.visit()));

    expect(visits.flatMap(({ restarted }) => restarted)).toHaveLength(1);
    expect((await workloadOf(stage.cluster, 'visited-twice', 'web')).generation).toBe(2);
  });

  test('pushes and visits that coincide end with the newest version everywhere', async () => {
    const stage = on('pushed-twice');
    await deploy(stage.cluster, 'pushed-twice', 'web', { replicas: 1 });
    await stage.change({ versions: { db: 1 } });

    await Promise.all([
      stage.change({ versions: { db: [2, 3] }, pushes: 3 }),
      stage.follow(),
      stage.follow(),
    ]);
    await stage.follow();

    const { data } = (await stage.cluster.admin.secret('pushed-twice', 'db')) ?? {};
    const { generation, revisions } = await workloadOf(stage.cluster, 'pushed-twice', 'web');
    expect(data).toEqual({ value: 'fake-3' });
    expect(revisions).toEqual({ db: revisionOf('db', 3) });
    expect((await stage.marks('db')).rollout).toMatchObject({
      revision: revisionOf('db', 3),
      state: 'complete',
      restarted: 1,
    });
    expect(generation).toBeLessThanOrEqual(4);
  });
}
