import { describe, expect, test } from '@jest/globals';
import { ANNOTATION, LABEL, MANAGED_BY } from '../../../lambda/contract.ts';
import type { CreationPolicy } from '../../../lambda/model/declaration.ts';
import { esoStanding } from '../../../lambda/plan/eso-standing.ts';
import { planCollection } from '../../../lambda/plan/plan-collection.ts';
import { planTarget } from '../../../lambda/plan/plan-target.ts';
import { render } from '../../../lambda/render/render.ts';
import {
  aDeclaration,
  aManagedSecret,
  aRef,
  aText,
  anEsoSecret,
  theResults,
} from '../../support/builders.ts';

const NOW = new Date('2026-01-05T12:00:00Z');
const eso = anEsoSecret();
const ours = aManagedSecret();
/** Ours, with ESO's marks on it again. */
const marked = (writtenAt: string, esoWrittenAt: string | undefined) =>
  aManagedSecret({
    labels: { ...ours.labels, ...eso.labels },
    annotations: { ...ours.annotations, ...eso.annotations },
    writtenAt: new Date(writtenAt),
    esoWrittenAt: esoWrittenAt === undefined ? undefined : new Date(esoWrittenAt),
  });

describe('a Secret that', () => {
  test.each([
    ['bears no mark of ESO', ours, 'free', 'free'],
    [
      'bears none, and holds what ESO wrote before it was taken over',
      aManagedSecret({ esoWrittenAt: new Date('2025-12-31T00:00:00Z') }),
      'free',
      'free',
    ],
    [
      'bears some, and the relay wrote to it last',
      marked('2026-01-05T11:00:00Z', '2026-01-05T10:00:00Z'),
      'free',
      'free',
    ],
    [
      'bears some, and both wrote in one second',
      marked('2026-01-05T11:00:00Z', '2026-01-05T11:00:00Z'),
      'free',
      'free',
    ],
    [
      'bears some, and managed fields tell only of the relay',
      marked('2026-01-05T11:00:00Z', undefined),
      'free',
      'free',
    ],
    ['bears some, and the relay never wrote to it', eso, 'owned', 'take-over'],
    ['bears some, without managed fields', anEsoSecret({ esoWrittenAt: undefined }), 'owned', 'take-over'],
    [
      'lost its marks, and only ESO wrote to it',
      anEsoSecret({ labels: {}, annotations: {} }),
      'owned',
      'take-over',
    ],
    [
      'bears the label alone, as ESO puts it on before it writes',
      anEsoSecret({ labels: { 'reconcile.external-secrets.io/managed': 'true' }, annotations: {} }),
      'owned',
      'take-over',
    ],
    [
      'bears some, and ESO wrote to it last, within the window',
      marked('2026-01-05T10:00:00Z', '2026-01-05T11:00:00Z'),
      'contended',
      'contended',
    ],
    [
      'bears some, and ESO wrote to it last, before the window',
      marked('2026-01-05T10:00:00Z', '2026-01-05T10:49:00Z'),
      'owned',
      'take-over',
    ],
  ] as const)('%s is %3$s without and %4$s with take-over', (_case, observed, without, withIt) => {
    expect(esoStanding(observed, false, NOW)).toBe(without);
    expect(esoStanding(observed, true, NOW)).toBe(withIt);
  });
});

const POLICIES: readonly CreationPolicy[] = ['Owner', 'Orphan', 'Merge', 'CreateOrMerge'];

function plan(
  observed: typeof eso,
  {
    creationPolicy = 'Owner',
    ...more
  }: { creationPolicy?: CreationPolicy } & Parameters<typeof aDeclaration>[0] = {},
) {
  const declaration = aDeclaration({ ...more, target: { creationPolicy } });
  const rendered = render(declaration, 'dev', theResults([aRef(), aText('fake')]));
  return planTarget(declaration, 'dev', rendered, observed, NOW);
}

describe.each(POLICIES)('creation policy %s', (creationPolicy) => {
  test('refuses what ESO owns, and says what to do', () => {
    const action = plan(eso, { creationPolicy });

    expect(action).toMatchObject({ kind: 'refuse', error: { code: 'TARGET_OWNED_BY_ESO' } });
    expect(action.kind === 'refuse' ? action.error.message : '').toContain('keyrelay.dev/take-over: "true"');
  });

  test('takes over what ESO owns where the declaration says so, and takes ESO’s marks away', () => {
    expect(plan(eso, { creationPolicy, takeOver: true })).toMatchObject({
      kind: 'update',
      reason: 'take-over',
      unmark: { labels: Object.keys(eso.labels), annotations: Object.keys(eso.annotations) },
    });
  });

  test('leaves what ESO wrote again after a take-over', () => {
    const observed = marked('2026-01-05T10:00:00Z', '2026-01-05T11:00:00Z');

    expect(plan(observed, { creationPolicy, takeOver: true })).toMatchObject({
      kind: 'refuse',
      error: { code: 'ESO_STILL_RUNS' },
    });
  });
});

test('a take-over that was cut off before the marks were gone is finished', () => {
  const { writtenAt } = ours;
  const observed = { ...marked('2026-01-05T11:00:00Z', '2026-01-05T10:00:00Z'), writtenAt };

  expect(plan({ ...observed, esoWrittenAt: new Date('2025-12-01T00:00:00Z') })).toMatchObject({
    kind: 'update',
    reason: 'drift',
    unmark: { labels: Object.keys(eso.labels) },
  });
});

test('what ESO created once is not fetched again by a take-over', () => {
  expect(plan(eso, { takeOver: true, refresh: { policy: 'CreatedOnce' } }).kind).toBe('keep');
});

test('in a Secret that is merged into, a key that only the relay and the ESO before it own is removed with its declaration', () => {
  const both = new Set(['keyrelay', 'externalsecrets.external-secrets.io/db']);
  const observed = aManagedSecret({
    labels: { [LABEL.mergeTarget]: 'true' },
    annotations: { ...ours.annotations, [ANNOTATION.creationPolicy]: 'Merge' },
    keyOwners: new Map([
      ['password', both],
      ['old', both],
      ['helms', new Set(['keyrelay', 'helm'])],
      ['esos', new Set(['externalsecrets.external-secrets.io/db'])],
    ]),
  });

  expect(plan(observed, { creationPolicy: 'Merge' })).toMatchObject({ kind: 'update', prune: ['old'] });
});

describe('what went back to ESO is not deleted', () => {
  const observed = marked('2026-01-05T08:00:00Z', '2026-01-05T09:00:00Z');

  test('because its source is gone', () => {
    const declaration = aDeclaration({ takeOver: true, target: { deletionPolicy: 'Delete' } });

    expect(planTarget(declaration, 'dev', { kind: 'empty' }, observed, NOW).kind).toBe('skip');
    expect(planTarget(declaration, 'dev', { kind: 'empty' }, ours, NOW).kind).toBe('delete');
  });

  test.each([
    ['ESO’s', observed, 0],
    ['the relay’s', ours, 1],
  ])('because nothing declares it: %s', (_case, secret, deletions) => {
    expect(secret.labels[LABEL.managedBy]).toBe(MANAGED_BY);
    expect(
      planCollection({
        cluster: 'dev',
        listed: [{ target: { cluster: 'dev', namespace: 'shop', name: 'db' }, observed: secret }],
        declared: new Set(),
        limits: { maxShare: 1, minimum: 1, graceSeconds: 0 },
        now: NOW,
        allowance: 'configured',
      }),
    ).toMatchObject({ kind: 'actions', actions: { length: deletions } });
  });
});
