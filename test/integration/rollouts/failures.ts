import { expect, test } from '@jest/globals';
import { z } from 'zod';
import type { Visited } from '../../../lambda/relay/visit-rollouts.ts';
import type { LocalCluster } from '../../../local/start-local.ts';
import { until } from '../../support/until.ts';
import { deploy, pathOf, podsOf, workloadOf } from './objects.ts';
import { revisionOf } from './stage.ts';
import type { NamespaceName, Stage } from './stage.ts';

/** Nodes that only some pods ask for: where none has the label any more, the pods that are there stay, and new ones wait for ever. */
async function pool({ admin }: LocalCluster, name: string, nodes: 'open' | 'gone'): Promise<void> {
  const { items } = Nodes.parse(await admin.get('/api/v1/nodes'));
  const labels = { [name]: nodes === 'open' ? 'yes' : null };
  for (const { metadata } of items)
    await admin.patch(`/api/v1/nodes/${metadata.name}`, { metadata: { labels } });
}

const inPool = (name: string): object => ({ nodeSelector: { [name]: 'yes' } });
const Nodes = z.object({ items: z.array(z.object({ metadata: z.object({ name: z.string() }) })) });
const Status = z.object({
  status: z.object({ updatedReplicas: z.number().default(0), availableReplicas: z.number().default(0) }),
});

const whyFailed = (visits: readonly Visited[]): readonly string[] =>
  visits.flatMap(({ recorded }) =>
    recorded.flatMap(({ cases }) =>
      cases.flatMap(({ state, workload: { ref } }) =>
        state.kind === 'failed' ? [`${ref.kind}/${ref.name}: ${state.why}`] : [],
      ),
    ),
  );

/** What becomes of a rollout whose new pods never turn ready. */
export function failures(on: (namespace: NamespaceName) => Stage): void {
  test('a missed progress deadline ends the rollout, rolls nothing back, and the next change starts anew', async () => {
    const stage = on('failing');
    const { cluster } = stage;
    const { admin } = cluster;
    const broken = pathOf('Deployment', 'failing', 'broken');
    const readyPods = async (name: string) =>
      (await podsOf(cluster, 'failing', name)).filter((pod) => pod.ready).map((pod) => pod.revisions['db']);
    await pool(cluster, 'pool-of-broken', 'open');
    await deploy(cluster, 'failing', 'broken', { replicas: 2, pods: inPool('pool-of-broken') });
    await deploy(cluster, 'failing', 'sound', { replicas: 1 });
    const last = { 'keyrelay.dev/rollout-wave': '1' };
    await deploy(cluster, 'failing', 'last', { replicas: 1, annotations: last });
    await pool(cluster, 'pool-of-broken', 'gone');
    await admin.patch(broken, { spec: { progressDeadlineSeconds: 1 } });

    await stage.change({ versions: { db: 1 } });
    const first = await stage.follow();
    const record = (await stage.marks('db')).rollout;
    const pods = { broken: await readyPods('broken'), last: await workloadOf(cluster, 'failing', 'last') };
    const again = await stage.follow();
    await pool(cluster, 'pool-of-broken', 'open');
    await admin.patch(broken, { spec: { progressDeadlineSeconds: 600 } });
    await stage.change({ versions: { db: 2 } });
    await stage.follow();

    expect(record).toMatchObject({
      revision: revisionOf('db', 1),
      state: 'failed',
      restarted: 1,
      stopped: 1,
      failed: ['Deployment/broken'],
    });
    expect(whyFailed(first)).toEqual(['Deployment/broken: it missed its progress deadline']);
    expect(pods).toMatchObject({ broken: [undefined, undefined], last: { generation: 1, revisions: {} } });
    expect(again).toMatchObject([{ restarted: [], recorded: [], held: [] }]);
    const two = revisionOf('db', 2);
    expect((await stage.marks('db')).rollout).toMatchObject({
      revision: two,
      state: 'complete',
      restarted: 3,
    });
    expect(await readyPods('broken')).toEqual([two, two]);
    expect(await readyPods('last')).toEqual([two]);
  });

  test('what has no deadline of its own fails after the configured time without progress', async () => {
    const stage = on('stuck');
    const { cluster } = stage;
    const settings = { deadlineSeconds: 300 };
    await pool(cluster, 'pool-of-stuck', 'open');
    await deploy(cluster, 'stuck', 'web', {
      kind: 'StatefulSet',
      replicas: 1,
      pods: inPool('pool-of-stuck'),
    });
    await pool(cluster, 'pool-of-stuck', 'gone');
    await stage.change({ versions: { db: 1 } });

    const restart = await stage.visit({ settings });
    await until(async () => {
      const { status } = Status.parse(await cluster.admin.get(pathOf('StatefulSet', 'stuck', 'web')));
      return status.updatedReplicas === 1 && status.availableReplicas === 0;
    });
    const visits: Visited[] = [restart];
    for (const seconds of [0, 290, 10]) {
      stage.pass(seconds);
      const memory = visits.at(-1)?.next?.memory;
      visits.push(await stage.visit({ settings, ...(memory === undefined ? {} : { memory }) }));
    }

    expect(visits.map(({ next }) => next?.active)).toEqual([true, true, true, undefined]);
    expect(whyFailed(visits)).toEqual(['StatefulSet/web: it made no progress for 300 s']);
    expect((await stage.marks('db')).rollout).toMatchObject({ state: 'failed', failed: ['StatefulSet/web'] });
    expect((await workloadOf(cluster, 'stuck', 'web', 'StatefulSet')).revisions).toEqual({
      db: revisionOf('db', 1),
    });
  });
}
