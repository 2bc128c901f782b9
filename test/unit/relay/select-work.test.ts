import { describe, expect, test } from '@jest/globals';
import type { SourceChange } from '../../../lambda/model/change.ts';
import type { Cluster, CompiledConfig } from '../../../lambda/model/config.ts';
import type { SourceRef } from '../../../lambda/model/declaration.ts';
import type { RolloutPolicy } from '../../../lambda/model/rollout.ts';
import { selectWork, workOfShard } from '../../../lambda/relay/select-work.ts';
import { aCluster, aDeclaration, anItem } from '../../support/builders.ts';

const time = new Date('2026-01-02T00:00:00Z');
const config = (...refs: readonly Omit<SourceRef, 'store'>[]): CompiledConfig => ({
  formatVersion: 1,
  clusters: [],
  stores: [
    { name: 'SecretsManager', service: 'SecretsManager', region: 'eu-west-1' },
    { name: 'ParameterStore', service: 'ParameterStore', region: 'eu-west-1' },
  ],
  settings: { garbageCollection: { maxShare: 1, minimum: 1, graceSeconds: 0 }, clusterConcurrency: 4 },
  declarations: refs.flatMap((ref) =>
    (['SecretsManager', 'ParameterStore'] as const).map((store) =>
      aDeclaration({ name: store, data: [anItem('k', undefined, { ...ref, store })] }),
    ),
  ),
});
const change = (changes: Partial<SourceChange>): SourceChange => ({
  eventId: 'event-1',
  service: 'ParameterStore',
  time,
  region: 'eu-west-1',
  account: '111122223333',
  kind: 'value',
  ids: ['/db'],
  versionId: undefined,
  ...changes,
});

test.each([
  {
    what: 'a secret whose AWSCURRENT moved: the version that is named',
    version: 'AWSCURRENT',
    changes: { service: 'SecretsManager', versionId: 'v2' },
    expected: [['SecretsManager:/db', [{ versionId: 'v2', time }]]],
  },
  {
    what: 'a secret of which no version is named: nothing',
    version: 'AWSCURRENT',
    changes: { service: 'SecretsManager', kind: 'lifecycle' },
    expected: [],
  },
  {
    what: 'a secret by another stage: nothing',
    version: 'blue',
    changes: { service: 'SecretsManager', versionId: 'v2' },
    expected: [],
  },
  {
    what: 'a parameter that changed: something as new as the event',
    version: 'AWSCURRENT',
    changes: {},
    expected: [['ParameterStore:/db', [{ versionId: undefined, time }]]],
  },
  {
    what: 'a parameter that was deleted: not what was there before',
    version: 'AWSCURRENT',
    changes: { kind: 'lifecycle' },
    expected: [['ParameterStore:/db', [{ versionId: undefined, time }]]],
  },
  { what: 'a parameter by its label, when it changed: nothing', version: 'blue', changes: {}, expected: [] },
  {
    what: 'a parameter by its label, when that moved: something else than before',
    version: 'blue',
    changes: { kind: 'label' },
    expected: [['ParameterStore:/db@blue', [{ versionId: undefined, time }]]],
  },
  { what: 'a parameter by the number of a version: nothing', version: '3', changes: {}, expected: [] },
] as const)('a read is expected to find, of $what', ({ version, changes, expected }) => {
  const [work, ...others] = selectWork(config({ key: '/db', version }), {
    id: '1',
    content: { kind: 'change', change: change(changes) },
  });

  expect(others).toEqual([]);
  expect([...(work?.expected ?? [])]).toEqual(expected);
});

test('tags have no version that an event could name', () => {
  const [work] = selectWork(config({ key: '/db', version: 'AWSCURRENT', metadata: 'Fetch' }), {
    id: '1',
    content: { kind: 'change', change: change({}) },
  });

  expect(work?.expected.size).toBe(0);
});

describe('restarts', () => {
  const withRollouts = (rollouts: Cluster['rollouts'], rollout?: RolloutPolicy): CompiledConfig => ({
    ...config(),
    clusters: [{ ...aCluster(), ...(rollouts === undefined ? {} : { rollouts }) }],
    declarations: [aDeclaration(rollout === undefined ? {} : { rollout })],
  });
  const annotated = { policy: 'annotated', reloader: 'detect' } as const;

  test.each<[string, CompiledConfig, boolean]>([
    ['the cluster has none', withRollouts(undefined), false],
    ['the cluster has none, whatever the declaration says', withRollouts(undefined, 'auto'), false],
    ['the cluster has them', withRollouts(annotated), true],
    ['the declaration wants none', withRollouts(annotated, 'off'), false],
    ['the declaration wants more', withRollouts(annotated, 'auto'), true],
  ])('are made, or not, where %s', (_, given, made) => {
    const message = { kind: 'retry', declaration: 'shop/db', cluster: 'dev', change: undefined } as const;

    expect(workOfShard(given, { cluster: 'dev', namespaces: ['shop'] }, 'message-1')).toMatchObject([
      { restarts: made },
    ]);
    expect(selectWork(given, { id: 'm', content: message })).toMatchObject([{ restarts: made }]);
  });
});

test('work knows what it was caused by', () => {
  const received = new Date('2026-01-02T00:00:05Z');
  const content = {
    kind: 'change',
    change: change({ service: 'SecretsManager', versionId: 'v2', received }),
  } as const;

  expect(selectWork(config({ key: '/db', version: 'AWSCURRENT' }), { id: 'm', content })).toMatchObject([
    { causes: [{ event: 'event-1', rotated: time, received }] },
  ]);
});
