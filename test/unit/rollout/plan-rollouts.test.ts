import { describe, expect, test } from '@jest/globals';
import type { Workload } from '../../../lambda/model/workload.ts';
import { workloadId } from '../../../lambda/model/workload.ts';
import { restartId } from '../../../lambda/model/rollout-memory.ts';
import type { Memory } from '../../../lambda/model/rollout-memory.ts';
import { planRollouts } from '../../../lambda/rollout/plan-rollouts.ts';
import type { RolloutPlan } from '../../../lambda/rollout/plan-rollouts.ts';
import type { RolloutView } from '../../../lambda/rollout/view.ts';
import {
  NOW,
  aChangedSecret,
  aRecord,
  aRollingStatus,
  aStatus,
  aView,
  aWorkload,
  restartedFor,
  secondsAgo,
} from '../../support/rollout-builders.ts';

const plan = (changes: Partial<RolloutView>): RolloutPlan => planRollouts(aView(changes));
const named = (name: string, changes: Partial<Omit<Workload, 'ref'>> = {}): Workload =>
  aWorkload({ ref: { name }, ...changes });
const inWave = (wave: number | string) => ({ annotations: { 'keyrelay.dev/rollout-wave': String(wave) } });
const done = { templateAnnotations: restartedFor({ db: 'v2' }) };
const rolling = { ...done, status: aRollingStatus() };
const broken = { ...done, status: aStatus({ deadlineExceeded: true }) };
const restarted = ({ restarts }: RolloutPlan): readonly string[] =>
  restarts.map(({ workload }) => workload.ref.name);
const records = (result: RolloutPlan) =>
  result.records.map(({ secret, record: { state, restarted: all, left, stopped, failed } }) => ({
    secret: secret.target.name,
    is: `${state}: ${all} restarted, ${left} left, ${stopped} stopped`,
    failed,
  }));
const held = ({ held: all }: RolloutPlan): readonly string[] => all.flatMap(({ why }) => why);

const restartedNow = { 'secret.keyrelay.dev/restartedAt': NOW.toISOString() };

describe('a workload whose Secret changed', () => {
  test('is restarted by an annotation of its pod template, which names the Secret and its revision', () => {
    const { restarts, records: over, next } = plan({});

    expect(restarts).toMatchObject([
      { workload: { ref: { name: 'web' } }, annotations: { 'secret.keyrelay.dev/db': 'v2' } },
    ]);
    expect(over).toEqual([]);
    expect(next).toMatchObject({ namespaces: ['shop'], at: undefined, active: true });
  });

  test.each<[string, Partial<RolloutView>]>([
    ['has that revision', { workloads: [named('web', done)] }],
    ['has that revision, and is not finished', { workloads: [named('web', rolling)] }],
    ['was created well after the change', { workloads: [named('web', { created: secondsAgo(44) })] }],
    [
      'was restarted by Reloader after the change',
      { workloads: [named('web', { reloadedAt: secondsAgo(59) })] },
    ],
    ['is in another namespace', { workloads: [aWorkload({ ref: { namespace: 'other' } })] }],
    ['does not ask for it', { rollouts: { policy: 'annotated', reloader: 'detect' } }],
    [
      'has a Secret whose declaration asks for none',
      { secrets: [aChangedSecret({ annotations: { 'keyrelay.dev/rollout-policy': 'off' } })] },
    ],
    ['has a Secret that was rolled out', { secrets: [aChangedSecret({ rollout: aRecord() })] }],
    [
      'has a Secret for whose change nothing was to be restarted',
      { secrets: [aChangedSecret({ change: { restarts: 'off' } })] },
    ],
  ])('is left alone where it %s', (_, changes) => {
    expect(restarted(plan(changes))).toEqual([]);
  });

  test.each<[string, Partial<RolloutView>]>([
    [
      'has an older revision',
      { workloads: [named('web', { templateAnnotations: restartedFor({ db: 'v1' }) })] },
    ],
    [
      'has the revision of another Secret',
      { workloads: [named('web', { templateAnnotations: restartedFor({ other: 'v2' }) })] },
    ],
    [
      'was restarted by Reloader before the change',
      { workloads: [named('web', { reloadedAt: secondsAgo(62) })] },
    ],
    [
      'was restarted by Reloader, which is known to be absent',
      {
        rollouts: { policy: 'auto', reloader: 'absent' },
        workloads: [named('web', { reloadedAt: secondsAgo(59) })],
      },
    ],
    [
      'has a Secret whose declaration asks for all',
      {
        rollouts: { policy: 'annotated', reloader: 'detect' },
        secrets: [aChangedSecret({ annotations: { 'keyrelay.dev/rollout-policy': 'auto' } })],
      },
    ],
    [
      'has a Secret that was rolled back to a revision from before',
      { secrets: [aChangedSecret({ rollout: aRecord({ at: secondsAgo(90) }) })] },
    ],
    [
      'was created while the change was written, or about then',
      { workloads: [named('web', { created: secondsAgo(45) })] },
    ],
    ['failed before', { workloads: [named('web', { status: aStatus({ deadlineExceeded: true }) })] }],
  ])('is restarted where it %s', (_, changes) => {
    expect(restarted(plan(changes))).toEqual(['web']);
  });

  test('is restarted once for several Secrets, for each of which it is annotated', () => {
    const { restarts } = plan({
      secrets: [
        aChangedSecret(),
        aChangedSecret({ name: 'flags', revision: 'f7' }),
        aChangedSecret({ name: 'unused' }),
      ],
      workloads: [named('web', { secrets: new Set(['db', 'flags']) })],
    });

    expect(restarts.map(({ annotations }) => annotations)).toEqual([
      { 'secret.keyrelay.dev/db': 'v2', 'secret.keyrelay.dev/flags': 'f7', ...restartedNow },
    ]);
  });

  test('is not restarted again for a Secret whose revision it has', () => {
    const { restarts } = plan({
      secrets: [aChangedSecret(), aChangedSecret({ name: 'flags', revision: 'f7' })],
      workloads: [named('web', { ...rolling, secrets: new Set(['db', 'flags']) })],
    });

    expect(restarts.map(({ annotations }) => annotations)).toEqual([
      { 'secret.keyrelay.dev/flags': 'f7', ...restartedNow },
    ]);
  });
});

describe('a rollout is over', () => {
  test.each<{
    when: string;
    workloads: readonly Workload[];
    view?: Partial<RolloutView>;
    is: string;
    failed?: readonly string[];
  }>([
    { when: 'nobody consumes the Secret', workloads: [], is: 'complete: 0 restarted, 0 left, 0 stopped' },
    {
      when: 'all have the revision',
      workloads: [named('a', done), named('b', done)],
      is: 'complete: 2 restarted, 0 left, 0 stopped',
    },
    {
      when: 'the others are restarted by whoever deletes their pods',
      workloads: [
        named('a', done),
        aWorkload({
          ref: { kind: 'DaemonSet', name: 'b' },
          status: {
            kind: 'DaemonSet',
            current: true,
            paused: false,
            deadlineSeconds: undefined,
            strategy: 'OnDelete',
            desired: 2,
            updated: 2,
            available: 2,
          },
        }),
      ],
      is: 'complete: 1 restarted, 1 left, 0 stopped',
    },
    {
      when: 'Reloader is there, and they ask for it',
      workloads: [named('a', { annotations: { 'reloader.stakater.com/auto': 'true' } }), named('b', done)],
      view: { rollouts: { policy: 'auto', reloader: 'present' } },
      is: 'complete: 1 restarted, 1 left, 0 stopped',
    },
    {
      when: 'one failed, and nothing is under way',
      workloads: [named('a', broken), named('b', done), named('c')],
      is: 'failed: 1 restarted, 0 left, 1 stopped',
      failed: ['Deployment/a'],
    },
  ])('when $when', ({ workloads, view = {}, is, failed = [] }) => {
    const result = plan({ workloads, ...view });

    expect(records(result)).toEqual([{ secret: 'db', is, failed }]);
    expect(result).toMatchObject({ restarts: [], held: [], next: undefined });
  });

  test('not while one is under way, even if another failed', () => {
    const result = plan({ workloads: [named('a', broken), named('b', rolling), named('c')] });

    expect(result).toMatchObject({ restarts: [], records: [], held: [], next: { active: true } });
  });

  test('for one Secret while another’s goes on', () => {
    const result = plan({
      secrets: [aChangedSecret(), aChangedSecret({ name: 'flags' })],
      workloads: [named('a', done), named('b', { secrets: new Set(['flags']) })],
    });

    expect(records(result).map(({ secret }) => secret)).toEqual(['db']);
    expect(restarted(result)).toEqual(['b']);
  });
});

test('a newer revision starts anew after a failure', () => {
  const failure = aRecord({ revision: 'v1', state: 'failed', failed: ['Deployment/web'] });

  expect(restarted(plan({ secrets: [aChangedSecret({ rollout: failure })] }))).toEqual(['web']);
});

describe('waves', () => {
  const waves = (first: Partial<Omit<Workload, 'ref'>>) => [
    named('z', first),
    named('b', inWave(1)),
    named('a', inWave(2)),
  ];

  test.each<[string, Partial<Omit<Workload, 'ref'>>, readonly string[]]>([
    ['is to be restarted', {}, ['z']],
    ['is under way', rolling, []],
    ['is complete', done, ['b']],
    ['failed', broken, []],
    ['is paused', { annotations: { 'keyrelay.dev/rollout-paused': 'true' } }, []],
  ])('when what is in the first %s, these are restarted: %#', (_, first, names) => {
    expect(restarted(plan({ workloads: waves(first) }))).toEqual(names);
  });

  test('may be below zero, and what is no number counts as none', () => {
    const workloads = [named('late'), named('odd', inWave('soon')), named('early', inWave(-1))];

    expect(restarted(plan({ workloads }))).toEqual(['early']);
  });

  test('of one Secret do not hold back what belongs to another', () => {
    const secrets = [aChangedSecret(), aChangedSecret({ name: 'flags' })];
    const workloads = [named('a', rolling), named('b', { ...inWave(1), secrets: new Set(['flags']) })];

    expect(restarted(plan({ secrets, workloads }))).toEqual(['b']);
  });

  test('a workload of several Secrets waits until it is its turn for all of them', () => {
    const secrets = [aChangedSecret(), aChangedSecret({ name: 'flags' })];
    const workloads = [named('a', rolling), named('b', { ...inWave(1), secrets: new Set(['db', 'flags']) })];

    expect(restarted(plan({ secrets, workloads }))).toEqual([]);
  });

  test('a workload of several Secrets is restarted for the others when one of them failed', () => {
    const secrets = [aChangedSecret(), aChangedSecret({ name: 'flags', revision: 'f7' })];
    const workloads = [named('a', broken), named('b', { secrets: new Set(['db', 'flags']) })];

    expect(plan({ secrets, workloads }).restarts.map(({ annotations }) => annotations)).toEqual([
      { 'secret.keyrelay.dev/flags': 'f7', ...restartedNow },
    ]);
  });
});

describe('at once', () => {
  const settings = { debounceSeconds: 10, maxPerNamespace: 2, maxPerCluster: 3, deadlineSeconds: 600 };
  const abc = ['a', 'b', 'c', 'd'].map((name) => named(name));

  test('as many are restarted in a namespace as it may have, by name', () => {
    const result = plan({ settings, workloads: abc });

    expect(restarted(result)).toEqual(['a', 'b']);
    expect(result.next?.active).toBe(true);
  });

  test('those that are under way count', () => {
    expect(restarted(plan({ settings, workloads: [named('x', rolling), ...abc] }))).toEqual(['a']);
    expect(
      restarted(plan({ settings, workloads: [named('x', rolling), named('y', rolling), ...abc] })),
    ).toEqual([]);
  });

  test('those that are complete do not', () => {
    expect(restarted(plan({ settings, workloads: [named('x', done), ...abc] }))).toEqual(['a', 'b']);
  });

  test('one that is under way may be restarted for another Secret', () => {
    const workloads = [named('x', rolling), named('y', { ...rolling, secrets: new Set(['db', 'flags']) })];
    const secrets = [aChangedSecret(), aChangedSecret({ name: 'flags' })];

    expect(restarted(plan({ settings, secrets, workloads }))).toEqual(['y']);
  });

  test('all namespaces together restart as many as the cluster may have', () => {
    const secrets = ['shop', 'other'].map((namespace) => aChangedSecret({ namespace }));
    const workloads = ['other', 'shop'].flatMap((namespace) =>
      ['a', 'b', 'c'].map((name) => aWorkload({ ref: { namespace, name } })),
    );

    const { restarts, next } = plan({ settings, secrets, workloads });

    expect(restarts.map(({ workload: { ref } }) => `${ref.namespace}/${ref.name}`)).toEqual([
      'other/a',
      'other/b',
      'shop/a',
    ]);
    expect(next?.namespaces).toEqual(['other', 'shop']);
  });
});

describe('limits hold', () => {
  const settings = { debounceSeconds: 10, maxPerNamespace: 2, maxPerCluster: 3, deadlineSeconds: 600 };

  test('for visits together, between which the debounce of a namespace ends', () => {
    const secrets = [
      aChangedSecret({ namespace: 'other', change: { written: secondsAgo(5) } }),
      aChangedSecret(),
    ];
    const workloads = ['other', 'shop'].flatMap((namespace) =>
      ['a', 'b', 'c'].map((name) => aWorkload({ ref: { namespace, name } })),
    );
    const chosen = (now: Date): readonly string[] =>
      plan({ settings, secrets, workloads, now }).restarts.map(({ workload }) => workloadId(workload.ref));

    const [before, after] = [chosen(NOW), chosen(new Date(NOW.getTime() + 6000))];

    expect(before).toEqual(['dev/shop/Deployment/a']);
    expect(after).toHaveLength(3);
    expect(new Set([...before, ...after]).size).toBe(3);
  });

  test('for what a newer change overtakes: what restarts already is restarted first', () => {
    const old = { templateAnnotations: restartedFor({ db: 'v1' }) };
    const workloads = [named('a', old), named('b', { ...old, status: aRollingStatus() })];

    expect(restarted(plan({ settings: { ...settings, maxPerNamespace: 1 }, workloads }))).toEqual(['b']);
  });
});

describe('nothing is restarted yet', () => {
  test('within the debounce of the last change of the namespace', () => {
    const secrets = [
      aChangedSecret({ change: { written: secondsAgo(20) } }),
      aChangedSecret({ name: 'flags', change: { written: secondsAgo(4) } }),
    ];
    const workloads = [named('a'), named('b', { secrets: new Set(['flags']) })];

    const result = plan({ secrets, workloads });

    expect(result).toMatchObject({
      restarts: [],
      held: [],
      next: { active: false, at: new Date(NOW.getTime() + 6000) },
    });
  });

  test('unless changes have kept coming for too long', () => {
    const change = { since: secondsAgo(61), written: secondsAgo(4) };

    expect(restarted(plan({ secrets: [aChangedSecret({ change })] }))).toEqual(['web']);
  });

  test('and other namespaces are not held back by it', () => {
    const secrets = [
      aChangedSecret({ change: { written: secondsAgo(1) } }),
      aChangedSecret({ namespace: 'other' }),
    ];
    const workloads = [named('a'), aWorkload({ ref: { namespace: 'other', name: 'b' } })];

    expect(restarted(plan({ secrets, workloads }))).toEqual(['b']);
  });

  test('within the pause period of a Deployment, counted from the first change', () => {
    const annotations = { 'deployment.reloader.stakater.com/pause-period': '2m' };
    const workloads = [named('web', { annotations })];

    expect(plan({ workloads })).toMatchObject({
      restarts: [],
      next: { active: false, at: new Date(NOW.getTime() + 60_000) },
    });
    expect(
      restarted(plan({ workloads, secrets: [aChangedSecret({ change: { since: secondsAgo(120) } })] })),
    ).toEqual(['web']);
  });
});

describe('nothing is restarted, and nobody looks again before the next sweep,', () => {
  test.each<[string, Partial<RolloutView>, readonly string[]]>([
    [
      'where the configuration pauses the cluster',
      { rollouts: { policy: 'auto', reloader: 'detect', paused: true } },
      ['rollouts of the cluster are paused (clusters[].rollouts.paused)'],
    ],
    [
      'outside the maintenance window',
      {
        rollouts: {
          policy: 'auto',
          reloader: 'detect',
          windows: {
            kind: 'allow',
            windows: [{ opens: { kind: 'cron', expression: '0 2 * * *' }, seconds: 3600 }],
          },
        },
      },
      ['the maintenance window is closed (clusters[].rollouts.windows)'],
    ],
    ['where the namespace is paused', { pausedNamespaces: new Set(['shop']) }, ['the namespace is paused']],
    [
      'where the workload is paused',
      { workloads: [named('web', { annotations: { 'keyrelay.dev/rollout-paused': 'true' } })] },
      ['Deployment/web is paused'],
    ],
    [
      'where the Deployment itself is paused',
      { workloads: [named('web', { status: aStatus({ paused: true }) })] },
      ['Deployment/web is paused'],
    ],
    [
      'where it was restarted, and its own strategy waits for a person',
      { workloads: [named('web', { ...done, status: aStatus({ paused: true }) })] },
      ['Deployment/web is restarted, and paused by its own strategy'],
    ],
  ])('%s', (_, changes, why) => {
    const result = plan(changes);

    expect(held(result)).toEqual(why);
    expect(result).toMatchObject({ restarts: [], records: [], next: undefined });
  });

  test('while what is under way is followed to its end', () => {
    const result = plan({
      rollouts: { policy: 'auto', reloader: 'detect', paused: true },
      workloads: [named('a'), named('b', rolling)],
    });

    expect(result).toMatchObject({ restarts: [], held: [], next: { active: true } });
  });

  test('and within the window it is restarted', () => {
    const windows = {
      kind: 'allow' as const,
      windows: [{ opens: { kind: 'cron' as const, expression: '0 12 * * *' }, seconds: 3600 }],
    };

    expect(restarted(plan({ rollouts: { policy: 'auto', reloader: 'detect', windows } }))).toEqual(['web']);
  });
});

describe('what earlier visits saw', () => {
  const id = workloadId(aWorkload().ref);
  const started = restartId(id, 'db', 'v2');
  const memory = (seen: number, count = 1, progress = 5): Memory => ({
    seen: new Map([[id, { done: progress, since: secondsAgo(seen) }]]),
    restarts: new Map([[started, count]]),
  });
  const stuck = named('web', { ...done, status: aRollingStatus(2) });

  test('tells a workload without progress for the whole deadline: it failed', () => {
    expect(records(plan({ workloads: [stuck], memory: memory(599) }))).toEqual([]);
    expect(records(plan({ workloads: [stuck], memory: memory(600) }))).toMatchObject([
      { failed: ['Deployment/web'] },
    ]);
  });

  test('is of no consequence once there is progress, and goes on to the next visit', () => {
    const { next } = plan({ workloads: [stuck], memory: memory(600, 1, 4) });

    expect(next?.memory).toEqual({
      seen: new Map([[id, { done: 5, since: NOW }]]),
      restarts: new Map([[started, 1]]),
    });
  });

  test('does not make a deadline shorter than the workload’s own', () => {
    const patient = named('web', { ...done, status: { ...aRollingStatus(2), deadlineSeconds: 900 } });

    expect(records(plan({ workloads: [patient], memory: memory(899) }))).toEqual([]);
    expect(records(plan({ workloads: [patient], memory: memory(900) }))).toHaveLength(1);
  });

  test('counts restarts, so that nobody fights over an annotation for ever', () => {
    const { next } = plan({ memory: memory(1, 2) });

    expect(next?.memory.restarts).toEqual(new Map([[started, 3]]));
    expect(records(plan({ memory: memory(1, 3) }))).toMatchObject([{ failed: ['Deployment/web'] }]);
    expect(restarted(plan({ secrets: [aChangedSecret({ revision: 'v3' })], memory: memory(1, 3) }))).toEqual([
      'web',
    ]);
  });

  test('is forgotten with what it is about', () => {
    const { next } = plan({
      secrets: [aChangedSecret({ name: 'flags' })],
      workloads: [named('other', { secrets: new Set(['flags']) })],
      memory: memory(1),
    });

    expect(next?.memory.seen).toEqual(new Map());
    expect([...(next?.memory.restarts.keys() ?? [])]).toEqual([
      restartId('dev/shop/Deployment/other', 'flags', 'v2'),
    ]);
  });
});

test('a plan is the same in whatever order the world is listed', () => {
  const secrets = [
    aChangedSecret(),
    aChangedSecret({ name: 'flags' }),
    aChangedSecret({ namespace: 'other' }),
  ];
  const workloads = [
    named('b'),
    named('a', inWave(1)),
    aWorkload({ ref: { namespace: 'other' } }),
    named('c', rolling),
  ];
  const names = (result: RolloutPlan) => [restarted(result), result.next?.namespaces];

  expect(names(plan({ secrets: secrets.toReversed(), workloads: workloads.toReversed() }))).toEqual(
    names(plan({ secrets, workloads })),
  );
});
