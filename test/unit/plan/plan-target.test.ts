import { describe, expect, test } from '@jest/globals';
import type { Declaration } from '../../../lambda/model/declaration.ts';
import type { Observed } from '../../../lambda/model/target.ts';
import { planTarget } from '../../../lambda/plan/plan-target.ts';
import { render } from '../../../lambda/render/render.ts';
import {
  aDeclaration,
  aFailure,
  aForeignSecret,
  aManagedSecret,
  aRef,
  aText,
  aVersion,
  theResults,
} from '../../support/builders.ts';

const NOW = new Date('2026-01-05T12:00:00Z');

function plan(declaration: Declaration, observed: Observed | undefined, version = aVersion(1)) {
  const rendered = render(declaration, 'dev', theResults([aRef(), aText('fake', aRef(), version)]));
  return planTarget(declaration, 'dev', rendered, observed, NOW);
}

/** The action in a word: its kind and its reason or error code. */
function inAWord(action: ReturnType<typeof planTarget>): string {
  switch (action.kind) {
    case 'keep':
      return 'keep';
    case 'refuse':
      return `refuse ${action.error.code}`;
    case 'create':
    case 'update':
    case 'delete':
    case 'skip':
      return `${action.kind} ${action.reason}`;
  }
}

const ours = aManagedSecret();
const owned = (...keys: readonly string[]): Observed['keyOwners'] =>
  new Map(keys.map((key) => [key, new Set(['keyrelay'])]));

describe('creation policy Owner', () => {
  test.each([
    { holds: 'nothing', observed: undefined, action: 'create missing' },
    { holds: 'ours, as it should be', observed: ours, action: 'keep' },
    { holds: 'ours, other version', observed: ours, version: aVersion(2), action: 'update version' },
    {
      holds: 'ours, digest of another declaration',
      observed: aManagedSecret({
        annotations: { ...ours.annotations, 'keyrelay.dev/declaration-digest': 'x' },
      }),
      action: 'update declaration',
    },
    {
      holds: 'ours, versions unreadable',
      observed: aManagedSecret({ annotations: { ...ours.annotations, 'keyrelay.dev/versions': '{' } }),
      action: 'update version',
    },
    {
      holds: 'ours, a key missing',
      observed: aManagedSecret({ keyOwners: new Map() }),
      action: 'update drift',
    },
    {
      holds: 'ours, a key edited by hand',
      observed: aManagedSecret({ keyOwners: new Map([['password', new Set(['kubectl-edit'])]]) }),
      action: 'update drift',
    },
    {
      holds: 'ours, a key added by hand',
      observed: aManagedSecret({
        keyOwners: new Map([...ours.keyOwners, ['extra', new Set(['kubectl-edit'])]]),
      }),
      action: 'update drift',
    },
    {
      holds: 'ours, the label removed by hand',
      observed: aManagedSecret({ labels: {} }),
      action: 'update drift',
    },
    { holds: "someone else's", observed: aForeignSecret(), action: 'refuse TARGET_NOT_OURS' },
    {
      holds: 'one that is being deleted',
      observed: aManagedSecret({ terminating: true }),
      action: 'refuse TARGET_CONTENDED',
    },
  ])('plans $action when the cluster holds $holds', ({ observed, version, action }) => {
    expect(inAWord(plan(aDeclaration(), observed, version))).toBe(action);
  });

  test('keeps a Secret to which others added labels and annotations', () => {
    const observed = aManagedSecret({
      labels: { ...ours.labels, team: 'x' },
      annotations: { ...ours.annotations, note: 'y' },
    });

    expect(plan(aDeclaration(), observed).kind).toBe('keep');
  });

  test.each([
    { whose: 'ours alone', owners: ['keyrelay'], action: 'update drift' },
    { whose: 'ours and somebody else’s', owners: ['keyrelay', 'helm'], action: 'keep' },
    { whose: 'somebody else’s', owners: ['helm'], action: 'keep' },
  ])('comes to $action for a label that is not declared and is $whose', ({ owners, action }) => {
    const labels = new Map([...ours.metadataOwners.labels, ['old', new Set(owners)] as const]);
    const observed = aManagedSecret({
      labels: { ...ours.labels, old: 'x' },
      metadataOwners: { ...ours.metadataOwners, labels },
    });

    const planned = plan(aDeclaration(), observed);

    expect(inAWord(planned)).toBe(action);
    expect(planned.kind === 'update' ? planned.unmark : undefined).toEqual(
      action === 'keep' ? undefined : { labels: ['old'], annotations: [] },
    );
  });

  test('repairs a label of the template that was changed', () => {
    const declaration = aDeclaration({
      target: { template: { type: undefined, labels: { team: 'shop' }, annotations: {} } },
    });

    expect(inAWord(plan(declaration, aManagedSecret({ labels: { ...ours.labels, team: 'x' } })))).toBe(
      'update drift',
    );
  });

  test('prunes every key that is not declared, whoever owns it', () => {
    const observed = aManagedSecret({
      keyOwners: new Map([...owned('password', 'old'), ['extra', new Set(['kubectl-edit'])]]),
    });

    expect(plan(aDeclaration(), observed)).toMatchObject({ kind: 'update', prune: ['old', 'extra'] });
  });

  test('writes under what was observed and nothing else', () => {
    expect(plan(aDeclaration(), ours, aVersion(2))).toMatchObject({
      precondition: { uid: 'uid-1', resourceVersion: '100' },
    });
  });

  test('takes over what is someone else’s when the declaration says so', () => {
    expect(inAWord(plan(aDeclaration({ takeOver: true }), aForeignSecret()))).toBe('update take-over');
  });

  test('names the owner and the ways out when it refuses', () => {
    const action = plan(aDeclaration(), aForeignSecret());

    expect(action.kind === 'refuse' && action.error.message).toMatch(/dev\/shop\/db .*Helm.*take-over/u);
  });
});

describe.each(['Merge', 'CreateOrMerge'] as const)('creation policy %s', (creationPolicy) => {
  const declaration = aDeclaration({ target: { creationPolicy } });

  test('writes its keys into someone else’s Secret and leaves the others alone', () => {
    expect(plan(declaration, aForeignSecret())).toMatchObject({ kind: 'update', prune: [] });
  });

  test('removes a key of its own that is no longer declared, unless it is shared', () => {
    const observed = aManagedSecret({
      keyOwners: new Map([...owned('password', 'old'), ['shared', new Set(['keyrelay', 'helm'])]]),
    });

    expect(plan(declaration, observed)).toMatchObject({ kind: 'update', prune: ['old'] });
  });
});

test.each([
  { creationPolicy: 'CreateOrMerge', action: 'create missing' },
  { creationPolicy: 'Merge', action: 'skip target-missing' },
  { creationPolicy: 'None', action: 'skip policy-none' },
  { creationPolicy: 'Orphan', action: 'create missing' },
] as const)(
  'plans $action for a missing Secret under creation policy $creationPolicy',
  ({ creationPolicy, action }) => {
    expect(inAWord(plan(aDeclaration({ target: { creationPolicy } }), undefined))).toBe(action);
  },
);

describe('a source that is gone', () => {
  const results = theResults([aRef(), aFailure('SOURCE_DELETED')]);
  const planGone = (declaration: Declaration, observed: Observed | undefined): string =>
    inAWord(planTarget(declaration, 'dev', render(declaration, 'dev', results), observed, NOW));

  test.each([
    { policy: 'Delete', creation: 'Owner', observed: ours, action: 'delete source-gone' },
    { policy: 'Delete', creation: 'Owner', observed: undefined, action: 'skip retained' },
    { policy: 'Delete', creation: 'Owner', observed: aForeignSecret(), action: 'skip retained' },
    { policy: 'Delete', creation: 'Merge', observed: ours, action: 'skip retained' },
    { policy: 'Retain', creation: 'Owner', observed: ours, action: 'refuse SOURCE_DELETED' },
  ] as const)(
    'plans $action under $creation and deletion policy $policy',
    ({ policy, creation, observed, action }) => {
      expect(
        planGone(aDeclaration({ target: { deletionPolicy: policy, creationPolicy: creation } }), observed),
      ).toBe(action);
    },
  );
});

describe('when the Secret follows its sources', () => {
  const other = aManagedSecret({
    annotations: { ...ours.annotations, 'keyrelay.dev/declaration-digest': 'digest-0' },
  });
  const opened = (kind: 'allow' | 'deny'): Declaration['refresh'] => ({
    windows: { kind, windows: [{ opens: { kind: 'cron', expression: '30 11 * * *' }, seconds: 3600 }] },
  });
  const closed: Declaration['refresh'] = {
    windows: {
      kind: 'allow',
      windows: [{ opens: { kind: 'cron', expression: '0 9 * * *' }, seconds: 3600 }],
    },
  };

  test.each([
    {
      when: 'CreatedOnce',
      refresh: { policy: 'CreatedOnce' },
      observed: undefined,
      action: 'create missing',
    },
    { when: 'CreatedOnce', refresh: { policy: 'CreatedOnce' }, observed: ours, action: 'keep' },
    { when: 'CreatedOnce', refresh: { policy: 'CreatedOnce' }, observed: other, action: 'keep' },
    { when: 'OnChange', refresh: { policy: 'OnChange' }, observed: ours, action: 'keep' },
    { when: 'OnChange', refresh: { policy: 'OnChange' }, observed: other, action: 'update declaration' },
    { when: 'an open window', refresh: opened('allow'), observed: ours, action: 'update version' },
    { when: 'a window that denies', refresh: opened('deny'), observed: ours, action: 'skip sync-window' },
    { when: 'a closed window', refresh: closed, observed: ours, action: 'skip sync-window' },
    { when: 'a closed window', refresh: closed, observed: undefined, action: 'create missing' },
    { when: 'a closed window', refresh: closed, observed: other, action: 'update declaration' },
  ] as const)('another version comes to "$action" under $when: %#', ({ refresh, observed, action }) => {
    const declaration = aDeclaration(refresh === undefined ? {} : { refresh });

    expect(inAWord(plan(declaration, observed, aVersion(2)))).toBe(action);
  });

  test('drift is repaired under every policy, while the source holds the same version', () => {
    const drifted = aManagedSecret({ keyOwners: new Map() });

    expect(inAWord(plan(aDeclaration({ refresh: { policy: 'CreatedOnce' } }), drifted))).toBe('update drift');
    expect(inAWord(plan(aDeclaration({ refresh: closed }), drifted))).toBe('update drift');
  });
});
