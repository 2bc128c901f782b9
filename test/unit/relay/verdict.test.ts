import { describe, expect, test } from '@jest/globals';
import { RelayError } from '../../../lambda/errors.ts';
import type { ErrorCode } from '../../../lambda/errors.ts';
import { changeAnnotations } from '../../../lambda/model/change-marks.ts';
import type { Declaration } from '../../../lambda/model/declaration.ts';
import type { Outcome } from '../../../lambda/relay/outcome.ts';
import { verdictOf } from '../../../lambda/relay/verdict.ts';
import { aDeclaration } from '../../support/builders.ts';
import { aDeclaredObject } from '../../support/fake-reports.ts';

const HEAD = {
  target: { cluster: 'dev', namespace: 'shop', name: 'db' },
  declaration: 'shop/db',
  attempts: 1,
};
const failed = (code: ErrorCode): Outcome => ({
  ...HEAD,
  kind: 'failed',
  error: new RelayError(code, 'which and why'),
});
const written: Outcome = {
  ...HEAD,
  kind: 'written',
  action: 'update',
  reason: 'version',
  versions: new Map(),
  at: new Date(0),
};
const kept: Outcome = { ...HEAD, kind: 'kept' };
const skipped = (reason: 'target-missing' | 'policy-none' | 'sync-window' | 'retained'): Outcome => ({
  ...HEAD,
  kind: 'skipped',
  reason,
});

const declared = (target: Partial<Declaration['target']> = {}): Declaration =>
  aDeclaration({ target, origin: aDeclaredObject() });
const HOURLY = { text: 'rate(1 hour)', seconds: 3600 };

describe('an outcome', () => {
  test.each([
    ['written', written, {}, 'True SecretSynced: secret synced', 'written', true],
    ['kept', kept, {}, 'True SecretSynced: secret synced', 'confirmed', true],
    ['policy None', skipped('policy-none'), {}, 'True SecretSynced: secret synced', 'confirmed', false],
    [
      'outside its sync windows',
      skipped('sync-window'),
      {},
      'True SecretSynced: secret synced, a newer version waits for its sync window',
      'confirmed',
      true,
    ],
    [
      'no source left, retained',
      skipped('retained'),
      { deletionPolicy: 'Retain' },
      'True SecretSynced: secret retained due to DeletionPolicy=Retain',
      'confirmed',
      true,
    ],
    [
      'no source left, merged',
      skipped('retained'),
      { deletionPolicy: 'Merge' },
      'True SecretSynced: secret retained due to DeletionPolicy=Merge',
      'confirmed',
      true,
    ],
    [
      'no source left, and nothing to delete',
      skipped('retained'),
      { deletionPolicy: 'Delete' },
      'True SecretDeleted: secret deleted due to DeletionPolicy=Delete',
      'confirmed',
      false,
    ],
    [
      'deleted',
      { ...HEAD, kind: 'deleted', reason: 'source-gone' },
      { deletionPolicy: 'Delete' },
      'True SecretDeleted: secret deleted due to DeletionPolicy=Delete',
      'written',
      false,
    ],
    [
      'nothing to merge into',
      skipped('target-missing'),
      { creationPolicy: 'Merge' },
      'True SecretMissing: secret will not be created due to CreationPolicy=Merge',
      'confirmed',
      false,
    ],
    [
      'source not found',
      failed('SOURCE_NOT_FOUND'),
      {},
      'False SecretSyncedError: could not get secret data from provider: SOURCE_NOT_FOUND: which and why',
      'no',
      false,
    ],
    [
      'source throttled',
      failed('SOURCE_THROTTLED'),
      {},
      'False SecretSyncedError: could not get secret data from provider: SOURCE_THROTTLED: which and why',
      'no',
      false,
    ],
    [
      'property not found',
      failed('PROPERTY_NOT_FOUND'),
      {},
      'False SecretSyncedError: could not get secret data from provider: PROPERTY_NOT_FOUND: which and why',
      'no',
      false,
    ],
    [
      'template failed',
      failed('TEMPLATE_FAILED'),
      {},
      'False SecretSyncedError: could not update secret: TEMPLATE_FAILED: which and why',
      'no',
      false,
    ],
    [
      'immutable',
      failed('TARGET_IMMUTABLE'),
      {},
      'False SecretSyncedError: could not update secret, target is immutable: TARGET_IMMUTABLE: which and why',
      'no',
      false,
    ],
    [
      'somebody else’s',
      failed('TARGET_NOT_OURS'),
      {},
      'False SecretSyncedError: failed to take ownership of target secret: TARGET_NOT_OURS: which and why',
      'no',
      false,
    ],
  ] as const)('%s says %4$s', (_case, outcome, target, said, synced, bound) => {
    const verdict = verdictOf({ declaration: declared(target), outcome, schedule: HOURLY });

    expect(`${verdict?.ready === true ? 'True' : 'False'} ${verdict?.reason}: ${verdict?.message}`).toBe(
      said,
    );
    expect(verdict).toMatchObject({ synced, bound });
  });

  test.each([
    [
      'is tried again within seconds',
      ['DEADLINE', 'DECLARATION_CHANGED', 'TARGET_CONTENDED', 'WRITE_UNCERTAIN', 'SOURCE_UNSETTLED'],
    ],
    ['is another controller’s', ['TARGET_OWNED_BY_ESO', 'ESO_STILL_RUNS']],
    ['is the cluster’s as a whole', ['CLUSTER_UNREACHABLE', 'CLUSTER_UNAUTHENTICATED']],
  ] as const)('that %s says nothing', (_case, codes) => {
    for (const code of codes)
      expect(verdictOf({ declaration: declared(), outcome: failed(code), schedule: HOURLY })).toBeUndefined();
  });
});

describe('the last change of the data', () => {
  const at = new Date('2026-02-01T12:00:01.740Z');
  const annotations = changeAnnotations('v2', { since: at, written: at });
  const SAID = 'secret synced, revision v2 since 2026-02-01T12:00:01.740Z';

  test.each<[string, Outcome, string]>([
    ['is told when it was written', { ...written, annotations }, SAID],
    ['is told as long as it stays', { ...kept, annotations }, SAID],
    [
      'is not known of a Secret from before there were revisions',
      { ...kept, annotations: {} },
      'secret synced',
    ],
    ['is not the relay’s under policy None', { ...skipped('policy-none'), annotations }, 'secret synced'],
  ])('%s', (_case, outcome, message) => {
    expect(verdictOf({ declaration: declared(), outcome, schedule: undefined })?.message).toBe(message);
  });
});

describe('a refresh interval that is shorter than the schedule', () => {
  const refreshInterval = { text: '10s', seconds: 10 };
  const NOTE =
    'secret synced (changes come by event; refreshInterval 10s is below the schedule rate(1 hour), which repairs the rest)';

  test.each([
    ['is told', {}, HOURLY, NOTE],
    ['is not told where it is as long', { refreshInterval: HOURLY }, HOURLY, 'secret synced'],
    ['is none where it is zero', { refreshInterval: { text: '0s', seconds: 0 } }, HOURLY, 'secret synced'],
    ['is not known without a schedule', {}, undefined, 'secret synced'],
    ['is not known without an interval', { refreshInterval: undefined }, HOURLY, 'secret synced'],
  ] as const)('%s', (_case, changes, schedule, message) => {
    const origin = aDeclaredObject({ refreshInterval, ...changes });

    expect(verdictOf({ declaration: aDeclaration({ origin }), outcome: kept, schedule })?.message).toBe(
      message,
    );
  });

  test('does not matter under another refresh policy', () => {
    const declaration = aDeclaration({
      origin: aDeclaredObject({ refreshInterval }),
      refresh: { policy: 'OnChange' },
    });

    expect(verdictOf({ declaration, outcome: kept, schedule: HOURLY })?.message).toBe('secret synced');
  });
});
