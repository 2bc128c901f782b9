import { expect, test } from '@jest/globals';
import { esoWrittenAtOf, keyOwnersOf, writtenAtOf } from '../../../lambda/cluster/managed-fields.ts';
import type { ManagedFieldsEntry } from '../../../lambda/cluster/managed-fields.ts';

function ownersOf(...entries: readonly ManagedFieldsEntry[]): Record<string, string[]> {
  return Object.fromEntries([...keyOwnersOf(entries)].map(([key, owners]) => [key, [...owners]]));
}

function anEntry(manager: string, ...keys: readonly string[]): ManagedFieldsEntry {
  return {
    manager,
    fieldsV1: {
      'f:data': { '.': {}, ...Object.fromEntries(keys.map((key) => [`f:${key}`, {}])) },
      'f:type': {},
    },
  };
}

test('each key has the managers that own it', () => {
  expect(ownersOf(anEntry('keyrelay', 'a', 'b'), anEntry('kubectl-edit', 'b'))).toEqual({
    a: ['keyrelay'],
    b: ['keyrelay', 'kubectl-edit'],
  });
});

test('a manager that both created and applied is one owner', () => {
  expect(ownersOf(anEntry('keyrelay', 'a'), anEntry('keyrelay', 'a'))).toEqual({ a: ['keyrelay'] });
});

test.each(['tls.crt', '.dockerconfigjson', 'f:odd', '__proto__', 'constructor'])(
  'a key named %s is a key like any other',
  (key) => {
    const entry: ManagedFieldsEntry = {
      manager: 'keyrelay',
      fieldsV1: JSON.parse(`{"f:data":{"f:${key}":{}}}`),
    };

    expect([...keyOwnersOf([entry]).keys()]).toEqual([key]);
  },
);

test.each<{ what: string; fieldsV1: unknown }>([
  { what: 'no fields', fieldsV1: undefined },
  { what: 'fields outside data', fieldsV1: { 'f:metadata': { 'f:labels': { 'f:app': {} } } } },
  { what: 'data that was emptied', fieldsV1: { 'f:data': {} } },
  { what: 'data as a whole', fieldsV1: { 'f:data': { '.': {} } } },
  { what: 'nonsense', fieldsV1: { 'f:data': 'x' } },
])('an entry with $what owns no key', ({ fieldsV1 }) => {
  expect(ownersOf({ manager: 'keyrelay', fieldsV1 })).toEqual({});
});

test('an entry without a manager is of an unknown one', () => {
  expect(ownersOf({ fieldsV1: { 'f:data': { 'f:a': {} } } })).toEqual({ a: ['unknown'] });
});

test('the last write is the latest of the relay’s own', () => {
  const entries = [
    { manager: 'keyrelay', time: '2026-01-02T00:00:00Z' },
    { manager: 'keyrelay', time: '2026-01-03T00:00:00Z' },
    { manager: 'keyrelay' },
    { manager: 'helm', time: '2026-01-09T00:00:00Z' },
  ];

  expect(writtenAtOf(entries)).toEqual(new Date('2026-01-03T00:00:00Z'));
});

test('a Secret that the relay never wrote has no last write', () => {
  expect(writtenAtOf([{ manager: 'helm', time: '2026-01-09T00:00:00Z' }])).toBeUndefined();
});

test.each([
  ['externalsecrets.external-secrets.io/db', '2026-01-09T00:00:00.000Z'],
  ['externalsecrets.external-secrets.io/sha3/0a1b', '2026-01-09T00:00:00.000Z'],
  ['helm', undefined],
])('what %s wrote was written by ESO at %s', (manager, at) => {
  expect(esoWrittenAtOf([{ manager, time: '2026-01-09T00:00:00Z' }])?.toISOString()).toBe(at);
});
