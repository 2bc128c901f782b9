import { describe, expect, test } from '@jest/globals';
import type { Condition, ObjectStatus } from '../../../lambda/model/declared-object.ts';
import { nextStatus } from '../../../lambda/relay/next-status.ts';
import type { StatusInput } from '../../../lambda/relay/next-status.ts';
import { failureVerdict } from '../../../lambda/relay/verdict.ts';
import type { Verdict } from '../../../lambda/relay/verdict.ts';
import { aDeclaredObject } from '../../support/fake-reports.ts';

const NOW = new Date('2026-01-05T12:00:00.789Z');
const AT = '2026-01-05T12:00:00Z';
const BEFORE = '2026-01-05T09:00:00Z';

const written: Verdict = {
  ready: true,
  reason: 'SecretSynced',
  message: 'secret synced',
  synced: 'written',
  bound: true,
};
const confirmed: Verdict = { ...written, synced: 'confirmed' };
const failure = failureVerdict('could not update secret: why');
const deleted: Verdict = { ...written, reason: 'SecretDeleted', message: 'secret deleted', bound: false };

const ready = (lastTransitionTime = BEFORE): Condition => ({
  type: 'Ready',
  status: 'True',
  reason: 'SecretSynced',
  message: 'secret synced',
  lastTransitionTime,
});
const notReady = (lastTransitionTime = BEFORE): Condition => ({
  type: 'Ready',
  status: 'False',
  reason: 'SecretSyncedError',
  message: 'could not update secret: why',
  lastTransitionTime,
});

/** As the relay leaves it. */
const settled = (changes: Partial<ObjectStatus> = {}): ObjectStatus => ({
  conditions: [ready()],
  refreshTime: BEFORE,
  syncedResourceVersion: '1-abc',
  binding: { name: 'db' },
  ...changes,
});

function next(
  status: ObjectStatus,
  verdict: Verdict,
  changes: Partial<StatusInput> = {},
): ObjectStatus | undefined {
  const object = aDeclaredObject({ status });
  return nextStatus({ object, verdict, target: 'db', periodic: true, now: NOW, ...changes });
}

describe('the next status', () => {
  test.each([
    [
      'of an object that was never looked at, written',
      { conditions: [] },
      written,
      settled({ conditions: [ready(AT)], refreshTime: AT }),
    ],
    [
      'of an object that was never looked at, found right',
      { conditions: [] },
      confirmed,
      settled({ conditions: [ready(AT)], refreshTime: AT }),
    ],
    [
      'of an object that was never looked at, failed',
      { conditions: [] },
      failure,
      { conditions: [notReady(AT)] },
    ],
    ['where it was right, written again', settled(), written, settled({ refreshTime: AT })],
    [
      'where it was right, failed: what was synced stays told',
      settled(),
      failure,
      settled({ conditions: [notReady(AT)] }),
    ],
    [
      'where it had failed, found right',
      settled({ conditions: [notReady()] }),
      confirmed,
      settled({ conditions: [ready(AT)], refreshTime: AT }),
    ],
    [
      'where it had failed for another reason: no transition',
      settled({ conditions: [{ ...notReady(), message: 'could not update secret: another' }] }),
      failure,
      settled({ conditions: [notReady(BEFORE)] }),
    ],
    [
      'where it was right, and the message changes: no transition',
      settled(),
      { ...confirmed, message: 'secret synced, a newer version waits for its sync window' },
      settled({
        conditions: [{ ...ready(), message: 'secret synced, a newer version waits for its sync window' }],
      }),
    ],
    [
      'of an object that was changed since, found right',
      settled({ syncedResourceVersion: '0-old' }),
      confirmed,
      settled({ refreshTime: AT }),
    ],
    [
      'where the Secret was deleted: no binding, no transition',
      settled(),
      deleted,
      {
        conditions: [{ ...ready(), reason: 'SecretDeleted', message: 'secret deleted' }],
        refreshTime: AT,
        syncedResourceVersion: '1-abc',
      },
    ],
    [
      'beside conditions of another type',
      settled({ conditions: [{ type: 'Deleted', status: 'False' }, ready()] }),
      failure,
      settled({ conditions: [{ type: 'Deleted', status: 'False' }, notReady(AT)] }),
    ],
    [
      'where a condition tells no time',
      settled({ conditions: [{ type: 'Ready', status: 'True' }] }),
      confirmed,
      settled({ conditions: [ready(AT)] }),
    ],
  ] as const)('%s', (_case, status, verdict, expected) => {
    expect(next(status, verdict)).toEqual(expected);
  });

  test.each([
    ['found right', settled(), confirmed],
    ['failed as before', settled({ conditions: [notReady()] }), failure],
    [
      'found right, with the conditions in another order',
      settled({ conditions: [ready(), { type: 'Deleted', status: 'False' }] }),
      confirmed,
    ],
  ] as const)('is none where the object is %s', (_case, status, verdict) => {
    expect(next(status, verdict)).toBeUndefined();
  });
});

describe('a refresh time that says nothing new', () => {
  const DAY = 24 * 3600_000;
  const aged = (ms: number): ObjectStatus =>
    settled({ refreshTime: new Date(NOW.getTime() - ms).toISOString() });
  const renews = (ms: number, uid: string): boolean =>
    nextStatus({
      object: aDeclaredObject({ status: aged(ms), uid }),
      verdict: confirmed,
      target: 'db',
      periodic: true,
      now: NOW,
    }) !== undefined;
  const uids = Array.from({ length: 1000 }, (_, n) => `0000${n}-uid`);

  test('is left alone for half a day, and renewed within a day', () => {
    expect(uids.filter((uid) => renews(DAY / 2 - 1000, uid))).toEqual([]);
    expect(uids.filter((uid) => !renews(DAY, uid))).toEqual([]);
  });

  test('is renewed at an hour of its own, so that no sweep renews all that were written together', () => {
    const hours = Array.from(
      { length: 13 },
      (_, n) => uids.filter((uid) => renews(DAY / 2 + n * 3600_000, uid)).length,
    );
    const perHour = hours.map((count, n) => count - (hours[n - 1] ?? 0));

    expect(Math.max(...perHour)).toBeLessThan(uids.length / 5);
    expect(hours.at(-1)).toBe(uids.length);
  });

  test('is renewed where it is none', () => {
    expect(next(settled({ refreshTime: 'never' }), confirmed)?.refreshTime).toBe(AT);
  });
});

/** The rules of Argo CD's health checks, one for each generation of them (resource_customizations/external-secrets.io/ExternalSecret/health.lua). */
type Health = 'Healthy' | 'Degraded' | 'Progressing' | 'error';
interface Seen {
  readonly spec: { readonly refreshPolicy?: string };
  readonly status: ObjectStatus;
}
function plainHealth({ status }: Seen): Health {
  const condition = status.conditions.find(({ type }) => type === 'Ready');
  if (condition?.status === 'False') return 'Degraded';
  return condition?.status === 'True' ? 'Healthy' : 'Progressing';
}
function onChangeHealth({ spec, status }: Seen): Health {
  for (const condition of status.conditions) {
    if (condition.type !== 'Ready') continue;
    const { lastTransitionTime } = condition;
    // Lua cannot compare a text with nil.
    const comparable = lastTransitionTime !== undefined && status.refreshTime !== undefined;
    if (spec.refreshPolicy === 'OnChange' && !comparable) return 'error';
    if (spec.refreshPolicy !== 'OnChange' || (lastTransitionTime ?? '') >= (status.refreshTime ?? ''))
      return plainHealth({ spec, status });
  }
  return 'Progressing';
}

describe('Argo CD', () => {
  const steps: readonly (readonly [string, Verdict, Health])[] = [
    ['written', written, 'Healthy'],
    ['found right', confirmed, 'Healthy'],
    ['failing', failure, 'Degraded'],
    ['found right again', confirmed, 'Healthy'],
    ['written again', written, 'Healthy'],
    ['deleted with its source', deleted, 'Healthy'],
    ['nothing to merge into', { ...confirmed, reason: 'SecretMissing', bound: false }, 'Healthy'],
  ];

  test.each([['Periodic'], ['OnChange'], ['CreatedOnce']])(
    'takes an object with refresh policy %s for what it is, at every step',
    (refreshPolicy) => {
      let status: ObjectStatus = { conditions: [] };
      const seen = (): Seen => ({ spec: { refreshPolicy }, status });
      expect([plainHealth(seen()), onChangeHealth(seen())]).toEqual(['Progressing', 'Progressing']);

      for (const [n, [what, verdict, health]] of steps.entries()) {
        // Each step finds a newer state of the object, an hour later.
        const object = aDeclaredObject({ status, version: `${n}` });
        const now = new Date(NOW.getTime() + n * 3600_000);
        status =
          nextStatus({ object, verdict, target: 'db', periodic: refreshPolicy === 'Periodic', now }) ??
          status;
        expect([what, plainHealth(seen()), onChangeHealth(seen())]).toEqual([what, health, health]);
      }
    },
  );

  test('cannot compare times before an object with OnChange was ever synced, whoever writes the status', () => {
    const object = aDeclaredObject();
    const status = nextStatus({ object, verdict: failure, target: 'db', periodic: false, now: NOW });
    const seen = { spec: { refreshPolicy: 'OnChange' }, status: status ?? { conditions: [] } };

    expect([plainHealth(seen), onChangeHealth(seen)]).toEqual(['Degraded', 'error']);
  });
});
