import { describe, expect, test } from '@jest/globals';
import type { Declaration } from '../../../lambda/model/declaration.ts';
import type { Observed, OwnerReference } from '../../../lambda/model/target.ts';
import { ownerOf, ownersToSet, rivalOwner } from '../../../lambda/plan/owner-references.ts';
import { planTarget } from '../../../lambda/plan/plan-target.ts';
import { render } from '../../../lambda/render/render.ts';
import { aDeclaration, aManagedSecret, aRef, aText, anOrigin, theResults } from '../../support/builders.ts';

const OWNER: OwnerReference = {
  apiVersion: 'external-secrets.io/v1',
  kind: 'ExternalSecret',
  name: 'db',
  uid: 'uid-of-db',
  controller: true,
  blockOwnerDeletion: true,
};
const HELM: OwnerReference = { apiVersion: 'v1', kind: 'ConfigMap', name: 'release', uid: 'uid-of-release' };
const ANOTHER: OwnerReference = { ...OWNER, name: 'other', uid: 'uid-of-other' };
const DEPLOYMENT: OwnerReference = { ...HELM, apiVersion: 'apps/v1', kind: 'Deployment', controller: true };
const EVERYWHERE: OwnerReference = {
  ...OWNER,
  kind: 'ClusterExternalSecret',
  name: 'all',
  uid: 'uid-of-all',
};

const object = aDeclaration({ origin: anOrigin('ExternalSecret', 'db') });
const orphan = aDeclaration({ ...object, target: { creationPolicy: 'Orphan' } });
const expanded = aDeclaration({ origin: anOrigin('ClusterExternalSecret', 'all') });
const file = aDeclaration();

const holding = (...owners: readonly OwnerReference[]): Observed =>
  aManagedSecret({ ownerReferences: owners });

describe('the owner references of a Secret', () => {
  test.each<readonly [string, Declaration, readonly OwnerReference[], readonly OwnerReference[] | undefined]>(
    [
      ['nothing, and an object owns it', object, [], [OWNER]],
      ['nothing, and an object does not', orphan, [], undefined],
      ['nothing, and a file declares it', file, [], undefined],
      ['the object, which owns it', object, [OWNER], undefined],
      ['the object, which does not any more', orphan, [OWNER], []],
      ['an object of the file’s name', file, [OWNER], []],
      ['the object as it was before it was made anew', object, [{ ...OWNER, uid: 'uid-before' }], [OWNER]],
      [
        'the object by an older version of its API',
        object,
        [{ ...OWNER, apiVersion: 'external-secrets.io/v1beta1' }],
        [OWNER],
      ],
      ['the object, but not as its controller', object, [{ ...OWNER, controller: false }], [OWNER]],
      [
        'the object, but its deletion does not wait',
        object,
        [{ ...OWNER, blockOwnerDeletion: undefined }],
        [OWNER],
      ],
      ['the object twice', object, [OWNER, { ...OWNER, uid: 'uid-before', controller: false }], [OWNER]],
      ['somebody else beside the object', object, [HELM, OWNER], undefined],
      ['somebody else alone', object, [HELM], [HELM, OWNER]],
      ['somebody else, beside an object that does not own it', orphan, [HELM, OWNER], [HELM]],
      ['a ClusterExternalSecret of this very declaration', object, [EVERYWHERE], [OWNER]],
      ['nothing, and a ClusterExternalSecret owns it', expanded, [], [EVERYWHERE]],
      ['an object that a ClusterExternalSecret now stands for', expanded, [OWNER], [EVERYWHERE]],
    ],
  )('hold %s', (_holds, declaration, owners, expected) => {
    expect(ownersToSet(declaration, holding(...owners))).toEqual(expected);
  });

  test.each<readonly [string, Declaration, OwnerReference, boolean]>([
    ['another ExternalSecret, and an object would own it', object, ANOTHER, true],
    ['another ExternalSecret, and the object would not', orphan, ANOTHER, true],
    ['another ExternalSecret, and a file declares it', file, ANOTHER, true],
    [
      'another ExternalSecret, of an older version',
      object,
      { ...ANOTHER, apiVersion: 'external-secrets.io/v1beta1' },
      true,
    ],
    ['the ExternalSecret of that name', object, { ...OWNER, uid: 'uid-before' }, false],
    ['a controller of another kind, and an object would own it', object, DEPLOYMENT, true],
    ['a controller of another kind, and the object would not', orphan, DEPLOYMENT, false],
    ['a controller of another kind, and a file declares it', file, DEPLOYMENT, false],
    ['somebody who does not control it', object, HELM, false],
  ])('stand in the way where they hold %s', (_holds, declaration, owner, rival) => {
    expect(rivalOwner(declaration, holding(owner))).toEqual(rival ? owner : undefined);
  });

  test('stand in the way where they hold a ClusterExternalSecret for another declaration', () => {
    const others = { ...holding(EVERYWHERE), annotations: { 'keyrelay.dev/declaration': 'shop/another' } };

    expect(rivalOwner(object, others)).toEqual(EVERYWHERE);
    expect(rivalOwner(object, holding(EVERYWHERE))).toBeUndefined();
  });

  test('are never set by creation policies that leave the Secret to others', () => {
    const policies = ['Orphan', 'Merge', 'CreateOrMerge', 'None'] as const;

    expect(
      policies.map((creationPolicy) => ownerOf(aDeclaration({ ...object, target: { creationPolicy } }))),
    ).toEqual(policies.map(() => undefined));
  });
});

describe('the plan', () => {
  const plan = (declaration: Declaration, observed: Observed | undefined) =>
    planTarget(
      declaration,
      'dev',
      render(declaration, 'dev', theResults([aRef(), aText('fake')])),
      observed,
      new Date('2026-01-05T12:00:00Z'),
    );

  test('creates a Secret with its owner', () => {
    expect(plan(object, undefined)).toMatchObject({ kind: 'create', desired: { owner: OWNER } });
    expect(plan(file, undefined)).not.toHaveProperty('desired.owner');
  });

  test('repairs an owner reference that was lost, and leaves one that is right', () => {
    expect(plan(object, holding())).toMatchObject({
      kind: 'update',
      reason: 'drift',
      ownerReferences: [OWNER],
    });
    expect(plan(object, holding(OWNER))).toMatchObject({ kind: 'keep' });
  });

  test('refuses a Secret that another ExternalSecret owns, even where it may take over', () => {
    for (const declaration of [object, { ...object, takeOver: true }])
      expect(plan(declaration, holding(ANOTHER))).toMatchObject({
        kind: 'refuse',
        error: { code: 'TARGET_OWNED', message: expect.stringContaining('ExternalSecret other') },
      });
  });
});
