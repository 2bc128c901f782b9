import { expect, test } from '@jest/globals';
import { RelayError } from '../../../lambda/errors.ts';
import type { CompiledConfig } from '../../../lambda/model/config.ts';
import type { Observed } from '../../../lambda/model/target.ts';
import { collectCluster } from '../../../lambda/relay/collect.ts';
import { aCluster, aDeclaration, aManagedSecret } from '../../support/builders.ts';
import { fakePorts } from '../../support/fakes.ts';
import type { FakeCluster } from '../../support/fakes.ts';

const signal = new AbortController().signal;
const cluster = aCluster({ namespaces: ['shop', 'web'] });
const config: CompiledConfig = {
  formatVersion: 1,
  clusters: [cluster],
  stores: [],
  settings: { garbageCollection: { maxShare: 0.5, minimum: 1, graceSeconds: 900 }, clusterConcurrency: 4 },
  declarations: [aDeclaration()],
};
const collect = (
  ports: ReturnType<typeof fakePorts>,
  allowance: 'configured' | 'any-number' = 'configured',
) => collectCluster({ config, cluster, allowance }, ports, signal);

function fill(secrets: FakeCluster, names: readonly string[], changes: Partial<Observed> = {}): void {
  for (const name of names)
    secrets.put({ cluster: 'dev', namespace: 'shop', name }, aManagedSecret({ uid: name, ...changes }));
}

test('a Secret that nobody declares any more is deleted, the declared ones stay', async () => {
  const ports = fakePorts();
  fill(ports.secrets, ['db', 'old']);

  const outcomes = await collect(ports);

  expect(outcomes).toMatchObject([{ kind: 'deleted', target: { name: 'old' }, reason: 'undeclared' }]);
  expect([...ports.secrets.objects.keys()]).toEqual(['dev/shop/db']);
});

test.each([
  {
    what: 'of creation policy Orphan',
    changes: { annotations: { 'keyrelay.dev/creation-policy': 'Orphan' } },
  },
  { what: 'whose policy is not recorded', changes: { annotations: {} } },
  {
    what: 'that was written within the grace time',
    changes: { writtenAt: new Date('2026-01-31T23:50:00Z') },
  },
  { what: 'that is being deleted already', changes: { terminating: true } },
])('a Secret $what stays', async ({ changes }) => {
  const ports = fakePorts();
  fill(ports.secrets, ['old'], changes);

  expect(await collect(ports)).toEqual([]);
});

test('nothing is deleted when one namespace cannot be listed', async () => {
  const ports = fakePorts();
  fill(ports.secrets, ['db', 'old']);
  ports.secrets.before = (operation, where) => {
    if (operation === 'list' && where === 'dev/web') throw new RelayError('CLUSTER_FORBIDDEN', where);
  };

  await expect(collect(ports)).rejects.toMatchObject({ code: 'CLUSTER_FORBIDDEN' });
  expect(ports.secrets.writes).toEqual([]);
});

test('more than the configured share is refused as a whole, and done when a person says so', async () => {
  const ports = fakePorts();
  fill(ports.secrets, ['db', 'old-1', 'old-2']);

  await expect(collect(ports)).rejects.toThrow(/GC_REFUSED: dev: 2 of 3 .*allowMassDeletion/u);
  expect(ports.secrets.writes).toEqual([]);

  expect(await collect(ports, 'any-number')).toHaveLength(2);
});

test('a Secret that was changed since it was listed is not deleted', async () => {
  const ports = fakePorts();
  fill(ports.secrets, ['old']);
  ports.secrets.before = (operation) => {
    if (operation === 'remove') fill(ports.secrets, ['old']);
  };

  expect(await collect(ports)).toMatchObject([{ kind: 'failed', error: { code: 'TARGET_CONTENDED' } }]);
  expect(ports.secrets.objects.size).toBe(1);
});
