import { describe, expect, test } from '@jest/globals';
import type { RolloutPorts, Visited } from '../../../lambda/relay/visit-rollouts.ts';
import { deploy, pathOf, podsOf, workloadOf } from './objects.ts';
import { revisionOf } from './stage.ts';
import type { NamespaceName, Stage } from './stage.ts';

const names = (...visits: readonly Visited[]): readonly string[] =>
  visits.flatMap(({ restarted }) =>
    restarted.map(({ workload: { ref } }) => `${ref.namespace}/${ref.name}`).toSorted(),
  );
const why = ({ held }: Visited): readonly string[] => held.flatMap((item) => item.why);
const PAUSED = 'keyrelay.dev/rollout-paused';

/** When workloads are restarted, in which order, and how many at once. */
export function whenRestarted(on: (namespace: NamespaceName) => Stage): void {
  test('what changes within the debounce is one restart of what consumes it', async () => {
    const stage = on('debounce');
    const settings = { debounceSeconds: 10 };
    await deploy(stage.cluster, 'debounce', 'both', { secrets: ['db', 'flags'] });

    await stage.change({ versions: { db: 1 } });
    stage.pass(8);
    await stage.change({ versions: { flags: 1 } });
    stage.pass(8);
    const early = await stage.visit({ settings });
    stage.pass(8);
    const later = await stage.visit({ settings });

    expect(names(early)).toEqual([]);
    expect(early.next?.active).toBe(false);
    expect(names(later)).toEqual(['debounce/both']);
    expect(await workloadOf(stage.cluster, 'debounce', 'both')).toMatchObject({
      generation: 2,
      revisions: { db: revisionOf('db', 1), flags: revisionOf('flags', 1) },
    });
  });

  describe('what is paused stays pending until it is not:', () => {
    test('a workload, then its namespace, then the cluster', async () => {
      const stage = on('pauses');
      const { admin } = stage.cluster;
      await deploy(stage.cluster, 'pauses', 'web', { annotations: { [PAUSED]: 'true' } });
      await deploy(stage.cluster, 'pauses', 'free');
      await stage.change({ versions: { db: 1 } });

      const first = await stage.follow();
      await admin.patch('/api/v1/namespaces/pauses', { metadata: { annotations: { [PAUSED]: 'true' } } });
      await admin.patch(pathOf('Deployment', 'pauses', 'web'), {
        metadata: { annotations: { [PAUSED]: null } },
      });
      const second = await stage.follow();
      await admin.patch('/api/v1/namespaces/pauses', { metadata: { annotations: { [PAUSED]: null } } });
      const third = await stage.follow({ rollouts: { paused: true } });
      const before = (await stage.marks('db')).rollout;
      const last = await stage.follow();

      expect([first, second, third, last].map((visits) => names(...visits))).toEqual([
        ['pauses/free'],
        [],
        [],
        ['pauses/web'],
      ]);
      expect([first, second, third].map((visits) => visits.slice(-1).flatMap(why))).toEqual([
        ['Deployment/web is paused'],
        ['the namespace is paused'],
        ['rollouts of the cluster are paused (clusters[].rollouts.paused)'],
      ]);
      expect(before).toBeUndefined();
      expect((await stage.marks('db')).rollout).toMatchObject({ state: 'complete', restarted: 2 });
    });

    test('a Deployment, by Reloader’s pause period', async () => {
      const stage = on('pause-period');
      const annotations = { 'deployment.reloader.stakater.com/pause-period': '5m' };
      await deploy(stage.cluster, 'pause-period', 'web', { annotations });

      await stage.change({ versions: { db: 1 } });
      stage.pass(240);
      await stage.change({ versions: { db: 2 } });
      const within = await stage.visit();
      stage.pass(60);
      const after = await stage.visit();

      expect(names(within)).toEqual([]);
      expect(within.next?.active).toBe(false);
      expect(names(after)).toEqual(['pause-period/web']);
    });

    test('a cluster outside of its maintenance window', async () => {
      const stage = on('windows');
      await deploy(stage.cluster, 'windows', 'web');
      const windows = (kind: 'allow' | 'deny') => ({
        kind,
        windows: [{ opens: { kind: 'cron' as const, expression: '* * * * *' }, seconds: 3600 }],
      });

      await stage.change({ versions: { db: 1 } });
      const closed = await stage.visit({ rollouts: { windows: windows('deny') } });
      const open = await stage.visit({ rollouts: { windows: windows('allow') } });

      expect([names(closed), names(open)]).toEqual([[], ['windows/web']]);
      expect(why(closed)).toEqual(['the maintenance window is closed (clusters[].rollouts.windows)']);
    });
  });

  test('no more restart at once than a namespace and the cluster may have, and all get their turn', async () => {
    const [here, there] = [on('limit'), on('limit-too')];
    const settings = { maxPerNamespace: 2, maxPerCluster: 3 };
    const all = ['a', 'b', 'c', 'd'].flatMap((name) => [
      { namespace: 'limit', name },
      { namespace: 'limit-too', name },
    ]);
    await Promise.all(
      all.map(({ namespace, name }) => deploy(here.cluster, namespace, name, { replicas: 1 })),
    );
    await Promise.all([here, there].map((stage) => stage.change({ versions: { db: 1 } })));
    /** The namespaces of those that are restarted and have no pod yet that is new and ready. */
    const busy = async (): Promise<readonly string[]> => {
      const found = await Promise.all(
        all.map(async ({ namespace, name }) => {
          const { revisions } = await workloadOf(here.cluster, namespace, name);
          const pods = await podsOf(here.cluster, namespace, name);
          const isNew = pods.some((pod) => pod.ready && pod.revisions['db'] !== undefined);
          return revisions['db'] === undefined || isNew ? [] : [namespace];
        }),
      );
      return found.flat();
    };
    const seen: (readonly string[])[] = [];
    const counted = (ports: RolloutPorts): RolloutPorts => ({
      ...ports,
      workloads: {
        ...ports.workloads,
        list: async (...args) => {
          seen.push(await busy());
          return ports.workloads.list(...args);
        },
      },
    });

    const visits = await here.follow({ settings, others: ['limit-too'], ports: counted });

    expect(names(...visits).toSorted()).toEqual(
      all.map((item) => `${item.namespace}/${item.name}`).toSorted(),
    );
    expect(visits[0]?.restarted).toHaveLength(3);
    expect(seen.filter((namespaces) => namespaces.length > 3)).toEqual([]);
    for (const namespace of ['limit', 'limit-too'])
      expect(seen.filter((namespaces) => namespaces.filter((name) => name === namespace).length > 2)).toEqual(
        [],
      );
  });

  test('a wave begins when every pod of those before it is new', async () => {
    const stage = on('waves');
    const inWave = (wave: number) => ({
      annotations: { 'keyrelay.dev/rollout-wave': String(wave) },
      replicas: 2,
    });
    const order = ['late', 'between', 'early'].toReversed();
    for (const [wave, name] of order.entries()) await deploy(stage.cluster, 'waves', name, inWave(wave - 1));
    await stage.change({ versions: { db: 1 } });
    const before: [string, readonly string[]][] = [];
    const noting = (ports: RolloutPorts): RolloutPorts => ({
      ...ports,
      workloads: {
        ...ports.workloads,
        restart: async (workload, ...args) => {
          const renewed = await Promise.all(
            order.map(async (name) => {
              const pods = await podsOf(stage.cluster, 'waves', name);
              const isNew = pods.every((pod) => pod.ready && pod.revisions['db'] === revisionOf('db', 1));
              return isNew ? [name] : [];
            }),
          );
          await ports.workloads.restart(workload, ...args);
          before.push([workload.ref.name, renewed.flat()]);
        },
      },
    });

    await stage.follow({ ports: noting });

    expect(before).toEqual([
      ['early', []],
      ['between', ['early']],
      ['late', ['early', 'between']],
    ]);
  });
}
