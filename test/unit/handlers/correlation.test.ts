import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { RelayError } from '../../../lambda/errors.ts';
import { serializeRetry, serializeRollout } from '../../../lambda/events/sqs-message.ts';
import { handlePush } from '../../../lambda/handlers/handle-push.ts';
import { handleRollout } from '../../../lambda/handlers/handle-rollout.ts';
import type { Cluster } from '../../../lambda/model/config.ts';
import type { EventIds } from '../../../lambda/model/event-ids.ts';
import { NO_MEMORY } from '../../../lambda/model/rollout-memory.ts';
import { logger } from '../../../lambda/telemetry/logger.ts';
import { aCluster, aDeclaration, aRef, aText, anItem } from '../../support/builders.ts';
import { fakeRuntime } from '../../support/fake-runtime.ts';
import { context, eventOf } from '../../support/invocations.ts';
import {
  NOW,
  aChangedSecret,
  aRollingStatus,
  aStatus,
  aWorkload,
  restartedFor,
} from '../../support/rollout-builders.ts';

/** What was logged: the text of each line, and its fields. */
let lines: readonly (readonly [string, unknown])[] = [];

beforeEach(() => {
  lines = [];
  for (const level of ['debug', 'info', 'warn', 'error'] as const)
    jest.spyOn(logger, level).mockImplementation((text, ...fields) => {
      if (typeof text === 'string') lines = [...lines, [text, fields[0]]];
    });
});

afterEach(() => {
  jest.restoreAllMocks();
});

/** Of the lines with this text: the name that each is about, and its events. */
const events = (text: string, name: string): unknown =>
  Object.fromEntries(
    lines.flatMap(([what, fields]) => {
      if (what !== text || typeof fields !== 'object' || fields === null) return [];
      const { eventIds, ...rest } = { eventIds: undefined, ...fields };
      return [[String(Reflect.get(rest, name)), eventIds]];
    }),
  );

describe('a push', () => {
  const secrets = ['db', 'flags'] as const;
  const aRuntime = () => {
    const declarations = secrets.map((name) =>
      aDeclaration({ name, target: { name }, data: [anItem('value', undefined, aRef(name))] }),
    );
    const runtime = fakeRuntime({ declarations });
    for (const name of secrets) runtime.ports.source.set(aRef(name), aText('fake-1'));
    return runtime;
  };
  const changed = (id: string, name: string, seconds = 0): string =>
    JSON.stringify({
      id,
      'detail-type': 'Secret Label Updated',
      source: 'aws.secretsmanager',
      account: '111122223333',
      time: new Date(Date.UTC(2025, 0, 1, 0, 0, seconds)).toISOString(),
      region: 'eu-west-1',
      resources: [],
      detail: { name, labelUpdated: 'AWSCURRENT', versionId: 'version-1' },
    });

  test('says of each target the events that concern it, and no others of the batch', async () => {
    const batch = eventOf(changed('late', 'db', 9), changed('other', 'flags'), changed('early', 'db'));

    await handlePush(batch, context, aRuntime());

    expect(events('secret written', 'name')).toEqual({ db: ['early', 'late'], flags: ['other'] });
  });

  test('says them of a target that failed, and again when it is tried on its own', async () => {
    const runtime = aRuntime();
    runtime.ports.secrets.before = (_, target) => {
      if (target === 'dev/shop/db') throw new RelayError('CLUSTER_THROTTLED', target);
    };
    await handlePush(eventOf(changed('late', 'db', 9), changed('early', 'db')), context, runtime);
    expect(events('target failed', 'name')).toEqual({ db: ['early', 'late'] });
    const [entry] = runtime.sqs.batches.flatMap(({ Entries = [] }) => Entries);
    runtime.ports.secrets.before = () => undefined;

    await handlePush(eventOf(entry?.MessageBody ?? ''), context, runtime);

    expect(events('secret written', 'name')).toEqual({ db: ['late', 'early'] });
  });

  test('says none of a retry that no event caused', async () => {
    const retry = serializeRetry({ declaration: 'shop/db', cluster: 'dev', change: undefined });

    await handlePush(eventOf(retry), context, aRuntime());

    expect(events('secret written', 'name')).toEqual({ db: [] });
  });

  test('says them of an Event that could not be made', async () => {
    const runtime = aRuntime();
    runtime.ports.reports.before = () => {
      throw new RelayError('CLUSTER_REJECTED', 'as the test says');
    };

    await handlePush(eventOf(changed('one', 'db'), changed('two', 'flags')), context, runtime);

    expect(events('report failed', 'about')).toEqual({
      'dev/Secret shop/db': ['one'],
      'dev/Secret shop/flags': ['two'],
    });
  });

  test('says the event that it lets go, and the one that concerns nothing declared', async () => {
    const pending = changed('pending', 'db').replace('Secret Label Updated', 'Secret Polished');

    await handlePush(eventOf(pending, changed('foreign', 'nobody')), context, aRuntime());

    expect(events('event changes nothing', 'messageId')).toEqual({ m0: ['pending'] });
    expect(events('event concerns nothing declared', 'messageId')).toEqual({ m1: ['foreign'] });
  });
});

describe('a visit', () => {
  const dev: Cluster = {
    ...aCluster({ name: 'dev', namespaces: ['shop', 'other'] }),
    rollouts: { policy: 'auto', reloader: 'detect' },
  };
  const EVENT_IDS: EventIds = new Map([
    ['shop/db', ['marked', 'second']],
    ['shop/flags', ['foreign']],
    ['other/db', ['elsewhere']],
  ]);
  const ask = (eventIds = EVENT_IDS): string =>
    serializeRollout({
      cluster: 'dev',
      namespaces: ['shop', 'other'],
      attempt: 0,
      memory: NO_MEMORY,
      eventIds,
    });
  const aRuntime = () => {
    const runtime = fakeRuntime({ clusters: [dev], stores: [], declarations: [] });
    runtime.ports.clock.time = NOW;
    const { target, observed } = aChangedSecret({ change: { event: 'marked' } });
    runtime.ports.secrets.put(target, observed);
    return runtime;
  };

  test.each([
    { line: 'workload restarted', about: 'web', workload: aWorkload() },
    {
      line: 'rollout held',
      about: 'db',
      workload: aWorkload({ annotations: { 'keyrelay.dev/rollout-paused': 'true' } }),
    },
    {
      line: 'rollout complete',
      about: 'db',
      workload: aWorkload({ templateAnnotations: restartedFor({ db: 'v2' }) }),
    },
    {
      line: 'rollout failed',
      about: 'db',
      workload: aWorkload({
        templateAnnotations: restartedFor({ db: 'v2' }),
        status: aStatus({ deadlineExceeded: true }),
      }),
    },
  ])(
    'that logs `$line` says the events of the Secret and of its message',
    async ({ line, about, workload }) => {
      const runtime = aRuntime();
      runtime.workloads.put(workload);

      await handleRollout(eventOf(ask()), context, runtime);

      expect(events(line, 'name')).toEqual({ [about]: ['marked', 'second'] });
    },
  );

  test('that ends a rollout says which kinds it did not look at', async () => {
    const runtime = aRuntime();

    await handleRollout(eventOf(ask()), context, runtime);

    expect(lines).toContainEqual([
      'rollout complete',
      expect.objectContaining({ name: 'db', notLookedAt: ['CronJob', 'Job'] }),
    ]);
  });

  test('that cannot write says them, for a workload and for a record', async () => {
    const runtime = aRuntime();
    const { target, observed } = aChangedSecret({ name: 'flags' });
    runtime.ports.secrets.put(target, observed);
    runtime.workloads.put(aWorkload());
    runtime.workloads.before = (operation, where) => {
      if (operation === 'restart') throw new RelayError('CLUSTER_FORBIDDEN', where);
    };
    runtime.ports.secrets.before = (operation, where) => {
      if (operation === 'record') throw new RelayError('CLUSTER_FORBIDDEN', where);
    };

    await handleRollout(eventOf(ask()), context, runtime);

    expect(events('rollout not written', 'where')).toEqual({
      'dev/shop/Deployment/web': ['marked', 'second'],
      'dev/shop/flags': ['foreign'],
    });
  });

  test('that cannot look says those of the namespace', async () => {
    const runtime = aRuntime();
    runtime.ports.secrets.before = (_, where) => {
      if (where.startsWith('dev/other')) throw new RelayError('CLUSTER_FORBIDDEN', where);
    };

    await handleRollout(eventOf(ask()), context, runtime);

    expect(events('rollouts not looked at', 'namespace')).toEqual({ other: ['elsewhere'] });
  });

  test('that is followed by another hands them on, without those of what is over', async () => {
    const runtime = aRuntime();
    const { target, observed } = aChangedSecret({ name: 'flags' });
    runtime.ports.secrets.put(target, observed);
    runtime.workloads.put(
      aWorkload({ templateAnnotations: restartedFor({ db: 'v2' }), status: aRollingStatus() }),
    );
    const also: EventIds = new Map([['shop/db', ['third']]]);

    await handleRollout(eventOf(ask(), ask(also)), context, runtime);

    const [entry] = runtime.sqs.batches.flatMap(({ Entries = [] }) => Entries);
    expect(JSON.parse(entry?.MessageBody ?? '')).toMatchObject({
      namespaces: ['shop'],
      events: [['shop/db', ['marked', 'second', 'third']]],
    });
  });
});
