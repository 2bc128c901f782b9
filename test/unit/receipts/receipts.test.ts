import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { ANNOTATION, RESTARTED_AT_ANNOTATION } from '../../../lambda/contract.ts';
import { RelayError } from '../../../lambda/errors.ts';
import { changeAnnotations, keptAnnotations } from '../../../lambda/model/change-marks.ts';
import type { Cause, Change } from '../../../lambda/model/change-marks.ts';
import type { ReceiptSettings } from '../../../lambda/model/config.ts';
import type { Outcome, OutcomeHead } from '../../../lambda/relay/outcome.ts';
import { receiptJsonSchema } from '../../../lambda/receipts/receipt-json-schema.ts';
import { receiptOfFailure } from '../../../lambda/receipts/receipt-of-failure.ts';
import type { GivenUp } from '../../../lambda/receipts/receipt-of-failure.ts';
import { receiptOfRollout } from '../../../lambda/receipts/receipt-of-rollout.ts';
import { receiptsOfOutcomes } from '../../../lambda/receipts/receipts-of-outcomes.ts';
import { planRollouts } from '../../../lambda/rollout/plan-rollouts.ts';
import { aCluster, aManagedSecret } from '../../support/builders.ts';
import { receiptProblems } from '../../support/receipt-schema.ts';
import {
  NOW,
  aChangedSecret,
  aRecord,
  aStatus,
  aView,
  aWorkload,
  restartedFor,
  secondsAgo,
} from '../../support/rollout-builders.ts';

const cluster = aCluster();
const target = { cluster: 'dev', namespace: 'shop', name: 'db' };
const event: Cause = { event: 'event-1', rotated: secondsAgo(65), received: secondsAgo(62) };
const sweep: Cause = { sweep: 'message-1' };

/** The annotations of `db` after a write a minute ago. */
const changed = (change: Partial<Change> = {}): Outcome['annotations'] => ({
  ...aManagedSecret().annotations,
  ...changeAnnotations('v2', {
    ...event,
    since: secondsAgo(60),
    written: secondsAgo(60),
    reason: 'version',
    ...change,
  }),
});
/** The same after a later write, half a minute ago, that left the data alone. */
const touched = (cause: Cause, change: Partial<Change> = {}): Outcome['annotations'] => {
  const before = changed(change) ?? {};
  return { ...before, ...keptAnnotations(before, { ...cause, reason: 'drift', written: secondsAgo(30) }) };
};

const head = { target, declaration: 'shop/db', uid: 'uid-1', attempts: 1, causes: [event] };
const written = (changes: Partial<OutcomeHead> = {}): Outcome => ({
  ...head,
  ...{ kind: 'written', action: 'update', reason: 'version', versions: new Map(), at: new Date(0) },
  annotations: changed({ restarts: 'off' }),
  ...changes,
});
const kept = (changes: Partial<OutcomeHead> = {}): Outcome => ({
  ...head,
  kind: 'kept',
  annotations: changed({ restarts: 'off' }),
  ...changes,
});
const receipts = (outcome: Outcome, when: ReceiptSettings['when'] = 'end') =>
  receiptsOfOutcomes([outcome], { clusters: [cluster], when, now: NOW });

test('the published schema is the one that the code has (`npm run schema` writes it)', () => {
  expect(readFileSync(new URL('../../../docs/receipt.schema.json', import.meta.url), 'utf8')).toBe(
    receiptJsonSchema(),
  );
});

test('a receipt tells which secret, version, declaration and cluster, and when each step was', () => {
  const [receipt] = receipts(written());

  expect(receipt).toEqual({
    schemaVersion: '1',
    id: expect.stringMatching(/^[0-9a-f]{32}$/u),
    outcome: 'complete',
    reason: 'version',
    cluster: { name: 'dev', region: 'eu-west-1', account: '111122223333' },
    secret: { namespace: 'shop', name: 'db', uid: 'uid-1' },
    declaration: 'shop/db',
    sources: [
      { store: 'aws', secret: 'shop/db', versionId: 'version-1', created: '2026-01-01T00:00:00.000Z' },
    ],
    sourceNames: ['shop/db'],
    revision: 'v2',
    dataChanged: true,
    eventId: 'event-1',
    times: {
      rotated: secondsAgo(65).toISOString(),
      received: secondsAgo(62).toISOString(),
      written: secondsAgo(60).toISOString(),
    },
  });
  expect(receiptProblems(receipt)).toBeUndefined();
});

describe('what was done', () => {
  const pending = { annotations: changed(), restartsDue: true };
  const other: Cause = { event: 'event-9' };

  test.each<[string, Outcome, string[], string[]]>([
    ['written, nothing to restart', written(), ['complete'], ['complete']],
    ['written, workloads wait', written(pending), [], ['written']],
    [
      'written over a change that workloads wait for',
      written({ ...pending, overtaken: changed({ written: secondsAgo(90) }) }),
      ['superseded'],
      ['superseded', 'written'],
    ],
    [
      'written without a change of data, while workloads wait for an earlier one',
      written({ annotations: touched(sweep), restartsDue: true }),
      ['complete'],
      ['complete'],
    ],
    ['kept, and written for the same event', kept(), ['complete'], ['complete']],
    [
      'kept, and written for one of several events',
      kept({ causes: [other, event] }),
      ['complete'],
      ['complete'],
    ],
    [
      'kept, and written by the same sweep',
      kept({ causes: [sweep], annotations: changed({ event: undefined, ...sweep, restarts: 'off' }) }),
      ['complete'],
      ['complete'],
    ],
    [
      'kept, and touched by the same sweep',
      kept({ causes: [sweep], annotations: touched(sweep) }),
      ['complete'],
      ['complete'],
    ],
    [
      'kept, and changed for the same event before another touched it',
      kept({ annotations: touched(sweep, { restarts: 'off' }) }),
      ['complete'],
      ['complete'],
    ],
    ['kept, and written for another event', kept({ causes: [other] }), [], []],
    ['kept, and written for an event, in a sweep', kept({ causes: [sweep] }), [], []],
    [
      'kept in a sweep, and written before sweeps said so',
      kept({ causes: [sweep], annotations: changed({ event: undefined, restarts: 'off' }) }),
      [],
      [],
    ],
    ['kept, and written for the same event, workloads wait', kept(pending), [], ['written']],
    [
      'kept, and written and asked for by nobody in particular',
      kept({ causes: [{}], annotations: changed({ event: undefined, restarts: 'off' }) }),
      [],
      [],
    ],
    ['kept, and its rollout is over', kept({ annotations: changed(), restartsDue: false }), [], []],
    ['kept, and never written', kept({ annotations: {} }), [], []],
    [
      'deleted',
      { ...head, kind: 'deleted', reason: 'source-gone', annotations: changed() },
      ['deleted'],
      ['deleted'],
    ],
    ['skipped', { ...head, kind: 'skipped', reason: 'retained' }, [], []],
    ['failed', { ...head, kind: 'failed', error: new RelayError('SOURCE_DENIED', 'x') }, [], []],
  ])('%s', (_, outcome, atEnd, atStages) => {
    const told = [receipts(outcome), receipts(outcome, 'stages')];

    expect(told.map((list) => list.map((receipt) => receipt.outcome))).toEqual([atEnd, atStages]);
    expect(told.flat().map(receiptProblems)).toEqual(told.flat().map(() => undefined));
  });

  test('of a cluster that is not configured any more tells nobody', () => {
    expect(receiptsOfOutcomes([written()], { clusters: [], when: 'end', now: NOW })).toEqual([]);
  });

  test('names a hundred sources at most', () => {
    const versions = Object.fromEntries(
      Array.from({ length: 101 }, (_, n) => [`aws:s${n}@OLD`, { id: `v${n}` }]),
    );
    const annotations = { ...changed({ restarts: 'off' }), [ANNOTATION.versions]: JSON.stringify(versions) };
    const [receipt] = receipts(written({ annotations }));

    expect(receipt?.sources).toHaveLength(100);
    expect(receipt?.sources[0]).toEqual({ store: 'aws', secret: 's0@OLD', versionId: 'v0' });
  });
});

test('drift that was repaired says so, and that it is no new data', () => {
  const [receipt] = receipts(written({ annotations: touched(sweep, { restarts: 'off' }) }));

  expect(receipt).toMatchObject({ reason: 'drift', dataChanged: false, revision: 'v2' });
  expect(receipt).not.toHaveProperty('eventId');
  expect(receipt?.times).toEqual({ written: secondsAgo(30).toISOString() });
});

describe('an id', () => {
  test('is the same when the same is told again', () => {
    expect(receipts(kept())).toEqual(receipts(written()));
  });

  test.each<[string, Outcome]>([
    ['another write', written({ annotations: changed({ restarts: 'off', written: secondsAgo(59) }) })],
    ['another Secret', written({ target: { ...target, name: 'other' } })],
    ['a deletion', { ...head, kind: 'deleted', reason: 'undeclared', annotations: changed() }],
  ])('is another for %s', (_, outcome) => {
    expect(receipts(outcome)[0]?.id).not.toBe(receipts(written())[0]?.id);
  });

  test('of a deletion is another for every Secret of the name', () => {
    const deleted = (uid: string): Outcome => ({ ...head, uid, kind: 'deleted', reason: 'undeclared' });

    expect(receipts(deleted('uid-1'))[0]?.id).not.toBe(receipts(deleted('uid-2'))[0]?.id);
  });

  test('tells the stages of one change apart', () => {
    const outcome = written({ annotations: changed(), restartsDue: true });

    expect(receipts(outcome, 'stages')[0]?.id).not.toBe(receipts(written())[0]?.id);
  });
});

describe('the receipt of a failure', () => {
  const failure: GivenUp = {
    ...{ cluster, target, declaration: 'shop/db', now: NOW },
    change: {
      ...{ eventId: 'event-1', service: 'SecretsManager', kind: 'value', region: 'eu-west-1' },
      ...{ account: '111122223333', ids: ['shop/db'], versionId: 'version-2' },
      time: secondsAgo(9),
      received: secondsAgo(8),
    },
    expected: new Map([['aws:shop/db', [{ versionId: 'version-2', time: secondsAgo(9) }]]]),
    error: new RelayError('SOURCE_DENIED', 'aws:shop/db: allow the relay to read it'),
  };

  test('says what was to be brought where, and why it was not', () => {
    const receipt = receiptOfFailure(failure);

    expect(receipt).toMatchObject({
      outcome: 'write-failed',
      declaration: 'shop/db',
      sources: [{ store: 'aws', secret: 'shop/db', versionId: 'version-2' }],
      sourceNames: ['shop/db'],
      eventId: 'event-1',
      times: { rotated: secondsAgo(9).toISOString(), failed: NOW.toISOString() },
      error: { code: 'SOURCE_DENIED', message: 'aws:shop/db: allow the relay to read it' },
    });
    expect(receiptProblems(receipt)).toBeUndefined();
  });

  test('is the same for all events of one version, and another for each where none is named', () => {
    const idOf = (eventId: string, versionId: string | undefined): string =>
      receiptOfFailure({ ...failure, change: { ...failure.change, eventId, versionId } }).id;

    expect(idOf('event-2', 'version-2')).toBe(idOf('event-1', 'version-2'));
    expect(idOf('event-2', undefined)).not.toBe(idOf('event-1', undefined));
    expect(idOf('event-1', 'version-3')).not.toBe(idOf('event-1', 'version-2'));
  });

  test('fits an event whatever the error says', () => {
    const error = new RelayError('SOURCE_DENIED', 'x'.repeat(1_000_000));

    expect(receiptOfFailure({ ...failure, error }).error?.message).toHaveLength(2000);
  });
});

describe('the receipt of a rollout', () => {
  const secret = aChangedSecret({ change: { ...event, reason: 'version' } });
  const at = (seconds: number) => ({ [RESTARTED_AT_ANNOTATION]: secondsAgo(seconds).toISOString() });
  const ended = (...workloads: readonly ReturnType<typeof aWorkload>[]) => {
    const [conclusion] = planRollouts(aView({ secrets: [secret], workloads })).records;
    if (conclusion === undefined) throw new Error('the rollout is not over');
    return receiptOfRollout(conclusion, cluster);
  };
  const restarted = (name: string, seconds: number, status = aStatus()) =>
    aWorkload({
      ref: { name },
      templateAnnotations: { ...restartedFor({ db: 'v2' }), ...at(seconds) },
      status,
    });

  test('that is complete has the time of every stage', () => {
    const receipt = ended(restarted('a', 40), restarted('b', 45));

    expect(receipt).toMatchObject({
      ...{ outcome: 'complete', reason: 'version', revision: 'v2', dataChanged: true, eventId: 'event-1' },
      times: {
        rotated: secondsAgo(65).toISOString(),
        received: secondsAgo(62).toISOString(),
        written: secondsAgo(60).toISOString(),
        rolloutStarted: secondsAgo(45).toISOString(),
        rolloutEnded: NOW.toISOString(),
      },
      workloads: { complete: 2, left: 0, stopped: 0, failed: 0, failedNames: [] },
    });
    expect(receipt).not.toHaveProperty('error');
    expect(receiptProblems(receipt)).toBeUndefined();
  });

  test('that failed says which workloads did, and why', () => {
    const receipt = ended(restarted('a', 40), restarted('b', 45, aStatus({ deadlineExceeded: true })));

    expect(receipt).toMatchObject({
      outcome: 'rollout-failed',
      workloads: { complete: 1, failed: 1, failedNames: ['Deployment/b'] },
      error: { code: 'ROLLOUT_FAILED', message: 'Deployment/b: it missed its progress deadline' },
    });
    expect(receiptProblems(receipt)).toBeUndefined();
  });

  test('knows the start of what Reloader restarted, and none from before the change', () => {
    const byReloader = aWorkload({ reloadedAt: secondsAgo(50) });
    const before = restarted('b', 300);

    expect(ended(byReloader, before).times.rolloutStarted).toBe(secondsAgo(50).toISOString());
    expect(ended(before).times).not.toHaveProperty('rolloutStarted');
  });

  test('names fifty workloads at most, and counts all', () => {
    const broken = aStatus({ deadlineExceeded: true });
    const receipt = ended(...Array.from({ length: 51 }, (_, n) => restarted(`w${n}`, 40, broken)));

    expect(receipt.workloads?.failed).toBe(51);
    expect(receipt.workloads?.failedNames).toHaveLength(50);
  });

  test('has the id that it has when it is told again, and another than that of the write', () => {
    const conclusion = { secret: { ...secret, ...pendingOf() }, record: aRecord({ at: NOW }), cases: [] };
    const later = { ...conclusion, record: aRecord({ at: secondsAgo(-60) }) };

    expect(receiptOfRollout(later, cluster).id).toBe(receiptOfRollout(conclusion, cluster).id);
  });

  function pendingOf() {
    return {
      revision: 'v2',
      policy: 'auto' as const,
      change: { since: secondsAgo(60), written: secondsAgo(60) },
    };
  }
});
