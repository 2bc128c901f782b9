import { describe, expect, test } from '@jest/globals';
import { RelayError } from '../../../lambda/errors.ts';
import type { ErrorCode } from '../../../lambda/errors.ts';
import type { WriteReason } from '../../../lambda/model/action.ts';
import { eventsOf } from '../../../lambda/relay/events-of.ts';
import type { Outcome } from '../../../lambda/relay/outcome.ts';
import { aDeclaration, aRef, aVersion, anItem } from '../../support/builders.ts';
import { aDeclaredObject } from '../../support/fake-reports.ts';

const HEAD = {
  target: { cluster: 'dev', namespace: 'shop', name: 'db' },
  declaration: 'shop/db',
  uid: 'uid-of-secret',
  attempts: 1,
};
const versions = new Map([['aws:shop/db', aVersion(1)]]);
const at = new Date(0);
const created: Outcome = { ...HEAD, kind: 'written', action: 'create', reason: 'missing', versions, at };
const updated = (reason: WriteReason): Outcome => ({
  ...HEAD,
  kind: 'written',
  action: 'update',
  reason,
  versions,
  at,
});
const failed = (code: ErrorCode): Outcome => ({
  ...HEAD,
  kind: 'failed',
  error: new RelayError(code, 'why'),
});
const object = aDeclaration({ origin: aDeclaredObject() });

describe('an outcome', () => {
  test.each([
    ['created', created, ['Normal Created: secret created']],
    ['updated for a version', updated('version'), ['Normal Updated: secret updated']],
    [
      'updated for a declaration',
      updated('declaration'),
      ['Normal Updated: secret updated: the declaration changed'],
    ],
    ['updated for drift', updated('drift'), ['Normal Updated: secret updated: somebody else had changed it']],
    ['taken over', updated('take-over'), ['Normal Updated: secret updated: taken over']],
    [
      'deleted with its source',
      { ...HEAD, kind: 'deleted', reason: 'source-gone' },
      [
        'Normal Deleted: secret deleted due to DeletionPolicy=Delete',
        'Normal MissingProviderSecret: secret does not exist at provider: aws:shop/db',
      ],
    ],
    ['failed', failed('SOURCE_DENIED'), ['Warning UpdateFailed: SOURCE_DENIED: why']],
    ['refused for ESO', failed('TARGET_OWNED_BY_ESO'), ['Warning UpdateFailed: TARGET_OWNED_BY_ESO: why']],
    ['tried again within seconds', failed('TARGET_CONTENDED'), []],
    ['of a cluster that does not answer', failed('CLUSTER_TIMEOUT'), []],
    ['kept', { ...HEAD, kind: 'kept' }, []],
    ['skipped', { ...HEAD, kind: 'skipped', reason: 'retained' }, []],
  ] as const)('%s makes %3$j', (_case, outcome, expected) => {
    const said = eventsOf(outcome, object).map(
      ({ type, reason, message }) => `${type} ${reason}: ${message}`,
    );

    expect(said).toEqual(expected);
  });

  test('written without a source that is gone names that source', () => {
    const declaration = aDeclaration({
      data: [anItem('password'), anItem('user', undefined, aRef('shop/gone'))],
      origin: aDeclaredObject(),
    });

    expect(eventsOf(updated('version'), declaration)).toMatchObject([
      { reason: 'Updated' },
      { reason: 'MissingProviderSecret', message: 'secret does not exist at provider: aws:shop/gone' },
    ]);
  });

  test('that happens again is the same Event, whatever its message; another failure is another', () => {
    const topics = [failed('SOURCE_DENIED'), failed('SOURCE_DENIED'), failed('SOURCE_NOT_FOUND')].map(
      (outcome) => eventsOf(outcome, object)[0]?.topic,
    );

    expect(new Set(topics).size).toBe(2);
  });
});

describe('an Event is about', () => {
  test('the ExternalSecret, where it lies in the cluster', () => {
    expect(eventsOf(created, object)[0]).toMatchObject({
      cluster: 'dev',
      regarding: {
        apiVersion: 'external-secrets.io/v1',
        kind: 'ExternalSecret',
        namespace: 'shop',
        name: 'db',
        uid: 'uid-of-es',
      },
    });
  });

  test.each([
    ['a file declares it', aDeclaration(), created],
    ['nobody does any more', undefined, { ...HEAD, kind: 'deleted', reason: 'undeclared' } as const],
  ])('the Secret, where %s', (_case, declaration, outcome) => {
    expect(eventsOf(outcome, declaration)).toMatchObject([
      {
        regarding: { apiVersion: 'v1', kind: 'Secret', namespace: 'shop', name: 'db', uid: 'uid-of-secret' },
      },
    ]);
  });
});
