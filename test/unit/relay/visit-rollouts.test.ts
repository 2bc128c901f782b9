import { describe, expect, test } from '@jest/globals';
import { RelayError } from '../../../lambda/errors.ts';
import { changeMarks } from '../../../lambda/model/change-marks.ts';
import type { Cluster } from '../../../lambda/model/config.ts';
import { NO_MEMORY } from '../../../lambda/model/rollout-memory.ts';
import { ROLLOUT_SETTINGS } from '../../../lambda/model/rollout.ts';
import type { RolloutSettings } from '../../../lambda/model/rollout.ts';
import { targetId } from '../../../lambda/model/target.ts';
import type { ListedSecret } from '../../../lambda/model/target.ts';
import { visitRollouts } from '../../../lambda/relay/visit-rollouts.ts';
import type { RolloutPorts, Visited } from '../../../lambda/relay/visit-rollouts.ts';
import { aCluster } from '../../support/builders.ts';
import { FakeWorkloads } from '../../support/fake-workloads.ts';
import { fakePorts } from '../../support/fakes.ts';
import {
  NOW,
  aChangedSecret,
  aRollingStatus,
  aWorkload,
  restartedFor,
} from '../../support/rollout-builders.ts';

const signal = new AbortController().signal;
const cluster: Cluster & { rollouts: NonNullable<Cluster['rollouts']> } = {
  ...aCluster({ namespaces: ['shop', 'other'] }),
  rollouts: { policy: 'auto', reloader: 'detect' },
};

function start(...secrets: readonly ListedSecret[]) {
  const ended: string[] = [];
  const announce: RolloutPorts['announce'] = (conclusions) => {
    ended.push(...conclusions.map(({ secret }) => secret.target.name));
    return Promise.resolve(new Map());
  };
  const ports = { ...fakePorts(), workloads: new FakeWorkloads(), announce };
  ports.clock.time = NOW;
  for (const { target, observed } of secrets) ports.secrets.put(target, observed);
  const visit = (settings: Partial<RolloutSettings> = {}, namespaces = ['shop']): Promise<Visited> =>
    visitRollouts(
      { cluster, settings: { ...ROLLOUT_SETTINGS, ...settings }, namespaces, memory: NO_MEMORY },
      ports,
      signal,
    );
  const recordOf = ({ target }: ListedSecret) =>
    changeMarks(ports.secrets.objects.get(targetId(target))?.observed.annotations ?? {}).rollout;
  return { ports, visit, recordOf, ended };
}

test('a visit restarts what is pending, the next one follows it, and the last records that it is over', async () => {
  const secret = aChangedSecret();
  const { ports, visit, recordOf } = start(secret);
  ports.workloads.put(aWorkload());

  const first = await visit();
  const [restarted] = ports.workloads.objects.values();
  ports.workloads.put({ ...aWorkload(), ...restarted, status: aRollingStatus() });
  const second = await visit();
  const record = recordOf(secret);
  ports.workloads.put({ ...aWorkload(), templateAnnotations: restartedFor({ db: 'v2' }) });
  const last = await visit();

  expect(ports.workloads.restarts).toEqual(['dev/shop/Deployment/web']);
  expect([first.next?.active, second.next?.active, last.next]).toEqual([true, true, undefined]);
  expect(record).toBeUndefined();
  expect(recordOf(secret)).toMatchObject({ revision: 'v2', state: 'complete', restarted: 1 });
});

test('what was restarted by a function that then died is found done by the next', async () => {
  const secret = aChangedSecret();
  const { ports, visit, recordOf } = start(secret);
  ports.workloads.put(aWorkload({ templateAnnotations: restartedFor({ db: 'v2' }) }));

  await visit();

  expect(ports.workloads.restarts).toEqual([]);
  expect(recordOf(secret)?.state).toBe('complete');
});

test('where nothing is pending, workloads are not looked at', async () => {
  const { ports, visit } = start(aChangedSecret({ change: { restarts: 'off' } }));
  ports.workloads.before = (operation) => {
    throw new Error(operation);
  };

  expect(await visit()).toMatchObject({ restarted: [], recorded: [], next: undefined });
});

test('after a conflict everything is looked at again, and no edit is lost', async () => {
  const { ports, visit } = start(aChangedSecret());
  ports.workloads.put(aWorkload());
  let edited = false;
  ports.workloads.before = (operation) => {
    if (operation !== 'restart' || edited) return;
    edited = true;
    ports.workloads.put(aWorkload({ annotations: { edited: 'yes' } }));
  };

  const { restarted, failed } = await visit();

  expect(restarted).toHaveLength(1);
  expect(failed).toEqual([]);
  expect([...ports.workloads.objects.values()]).toMatchObject([
    { annotations: { edited: 'yes' }, templateAnnotations: { 'secret.keyrelay.dev/db': 'v2' } },
  ]);
});

test('a conflict that does not end is left to the next visit, and is not counted as a restart', async () => {
  const { ports, visit } = start(aChangedSecret());
  ports.workloads.put(aWorkload());
  ports.workloads.before = (operation) => {
    if (operation === 'restart') throw new RelayError('TARGET_CONTENDED', 'somebody else');
  };

  const { restarted, failed, next } = await visit();

  expect(restarted).toEqual([]);
  expect(failed).toMatchObject([{ where: 'dev/shop/Deployment/web', error: { code: 'TARGET_CONTENDED' } }]);
  expect(next).toMatchObject({ namespaces: ['shop'], active: true });
  expect(next?.memory.restarts.size).toBe(0);
});

test('a restart that is refused counts, holds back no other, and is tried again', async () => {
  const { ports, visit } = start(aChangedSecret());
  ports.workloads.put(aWorkload(), aWorkload({ ref: { name: 'bad' } }));
  ports.workloads.before = (operation, where) => {
    if (operation === 'restart' && where.endsWith('/bad')) throw new RelayError('CLUSTER_REJECTED', where);
  };

  const { restarted, next } = await visit();

  expect(restarted.map(({ workload }) => workload.ref.name)).toEqual(['web']);
  expect([...(next?.memory.restarts ?? [])]).toContainEqual(['dev/shop/Deployment/bad db=v2', 1]);
});

test('a record that is contended is written on what is there by then', async () => {
  const secret = aChangedSecret();
  const { ports, visit, recordOf } = start(secret);
  let interfered = false;
  ports.secrets.before = (operation) => {
    if (operation !== 'record' || interfered) return;
    interfered = true;
    ports.secrets.put(secret.target, aChangedSecret({ revision: 'v3' }).observed);
  };

  await visit();

  expect(recordOf(secret)?.revision).toBe('v3');
});

describe('other namespaces of the cluster', () => {
  const busy = aWorkload({
    ref: { namespace: 'other' },
    templateAnnotations: restartedFor({ db: 'v2' }),
    status: aRollingStatus(),
  });

  test('count against its limit', async () => {
    const { ports, visit } = start(aChangedSecret(), aChangedSecret({ namespace: 'other' }));
    ports.workloads.put(aWorkload(), busy);

    expect((await visit({ maxPerCluster: 1 })).restarted).toEqual([]);
    expect((await visit({ maxPerCluster: 2 })).restarted).toHaveLength(1);
  });

  test('are looked at only where something is to be restarted', async () => {
    const { ports, visit } = start(aChangedSecret());
    ports.workloads.put(
      aWorkload({ templateAnnotations: restartedFor({ db: 'v2' }), status: aRollingStatus() }),
    );
    const looked: string[] = [];
    ports.secrets.before = (operation, where) => {
      if (operation === 'list') looked.push(where);
    };

    await visit();

    expect(looked).toEqual(['dev/shop']);
  });
});

test('a namespace that cannot be looked at holds back no other', async () => {
  const { ports, visit } = start(aChangedSecret());
  ports.workloads.put(aWorkload());
  ports.secrets.before = (_operation, where) => {
    if (where.startsWith('dev/other')) throw new RelayError('CLUSTER_FORBIDDEN', where);
  };

  const { restarted, unseen } = await visit({}, ['shop', 'other']);

  expect(restarted).toHaveLength(1);
  expect([...unseen.keys()]).toEqual(['other']);
});
