import { expect, test } from '@jest/globals';
import { ANNOTATION } from '../../../lambda/contract.ts';
import type { Declaration } from '../../../lambda/model/declaration.ts';
import { findId } from '../../../lambda/model/source.ts';
import type { Observed } from '../../../lambda/model/target.ts';
import { conclude } from '../../../lambda/plan/conclude.ts';
import type { Known } from '../../../lambda/plan/conclude.ts';
import { aDeclaration, aManagedSecret, aVersion } from '../../support/builders.ts';

const NOW = new Date('2026-01-05T12:00:00Z');
const ours = aManagedSecret();

function known(versions: Readonly<Record<string, string>>, changes: Partial<Known> = {}): Known {
  return {
    survey: { versions: new Map(Object.entries(versions)), members: new Map() },
    objects: new Map(),
    ...changes,
  };
}

const current = known({ 'aws:shop/db': aVersion(1).id });

function concluded(
  observed: Observed,
  what: Known = current,
  declaration: Declaration = aDeclaration(),
): string | undefined {
  const action = conclude(declaration, 'dev', observed, what, NOW);
  return action?.kind === 'skip' ? `skip ${action.reason}` : action?.kind;
}

test('a Secret that is as it was written, of the versions that are listed, is kept without reading a value', () => {
  expect(concluded(ours)).toBe('keep');
});

test('what others added beside it changes nothing', () => {
  const observed = aManagedSecret({
    labels: { ...ours.labels, team: 'shop' },
    annotations: { ...ours.annotations, note: 'theirs' },
  });

  expect(concluded(observed)).toBe('keep');
});

test.each<{ what: string; observed: Partial<Observed>; known?: Known; declaration?: Declaration }>([
  { what: 'another version is listed', observed: {}, known: known({ 'aws:shop/db': aVersion(2).id }) },
  { what: 'the secret is not listed', observed: {}, known: known({}) },
  { what: 'the declaration changed', observed: {}, declaration: aDeclaration({ digest: 'digest-2' }) },
  {
    what: 'the declaration has another name',
    observed: {},
    declaration: aDeclaration({ name: 'db-2' }),
  },
  {
    what: 'the creation policy changed',
    observed: {},
    declaration: aDeclaration({ target: { creationPolicy: 'Orphan' } }),
  },
  { what: 'somebody removed a key', observed: { keyOwners: new Map() } },
  {
    what: 'somebody changed a key',
    observed: { keyOwners: new Map([['password', new Set(['kubectl-edit'])]]) },
  },
  {
    what: 'somebody added a key',
    observed: { keyOwners: new Map([...ours.keyOwners, ['extra', new Set(['kubectl-edit'])]]) },
  },
  {
    what: 'somebody took a label',
    observed: { metadataOwners: { labels: new Map(), annotations: new Map() } },
  },
  {
    what: 'the Secret says nothing of its fields',
    observed: { annotations: { ...ours.annotations, [ANNOTATION.fields]: '' } },
  },
  {
    what: 'its versions are unreadable',
    observed: { annotations: { ...ours.annotations, [ANNOTATION.versions]: '{' } },
  },
  { what: 'it is being deleted', observed: { terminating: true } },
  { what: 'it is somebody else’s', observed: { labels: { 'app.kubernetes.io/managed-by': 'Helm' } } },
])('nothing is concluded where $what', ({ observed, known: what = current, declaration }) => {
  expect(concluded(aManagedSecret(observed), what, declaration)).toBeUndefined();
});

const query = { store: 'aws', name: '^shop/', tags: {} };
const finding = aDeclaration({ data: [], dataFrom: [{ kind: 'find', query }] });
const member = (key: string) => ({ store: 'aws', key, version: 'AWSCURRENT' });
const found = (...keys: readonly string[]): Known => ({
  survey: {
    versions: new Map(keys.map((key) => [`aws:${key}`, aVersion(1).id])),
    members: new Map([[findId(query), keys.map(member)]]),
  },
  objects: new Map(),
});

test.each([
  { what: 'the same secrets are found', known: found('shop/db'), action: 'keep' },
  { what: 'another one is found too', known: found('shop/db', 'shop/new'), action: undefined },
  { what: 'nothing is found any more', known: found(), action: undefined },
  { what: 'it is not known what would be found', known: current, action: undefined },
])('a find comes to $action where $what', ({ known: what, action }) => {
  expect(concluded(ours, what, finding)).toBe(action);
});

const templated = aDeclaration({
  target: {
    template: {
      type: undefined,
      labels: {},
      annotations: {},
      from: [
        {
          kind: 'object',
          target: 'Data',
          object: { kind: 'ConfigMap', name: 'tpl' },
          key: 'a',
          as: 'Values',
        },
      ],
    },
  },
});
const holding = aManagedSecret({
  annotations: {
    ...ours.annotations,
    [ANNOTATION.versions]: JSON.stringify({
      'aws:shop/db': { id: 'version-1' },
      'ConfigMap/tpl': { id: '7' },
    }),
  },
});

test.each([
  { version: '7', action: 'keep' },
  { version: '8', action: undefined },
])(
  'a template of version $version comes to $action where the Secret holds version 7',
  ({ version, action }) => {
    const objects: Known['objects'] = new Map([
      ['ConfigMap/tpl', { kind: 'object', object: { version, data: new Map() } }],
    ]);

    expect(concluded(holding, { ...current, objects }, templated)).toBe(action);
  },
);

test('a new version outside the sync windows is left alone without reading it', () => {
  const closed = aDeclaration({
    refresh: {
      windows: {
        kind: 'deny',
        windows: [{ opens: { kind: 'cron', expression: '0 0 * * *' }, seconds: 86_400 }],
      },
    },
  });

  expect(concluded(ours, known({ 'aws:shop/db': aVersion(2).id }), closed)).toBe('skip sync-window');
});
