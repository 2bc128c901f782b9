import { describe, expect, test } from '@jest/globals';
import {
  backwardSteps,
  deletedUnasked,
  grown,
  leaks,
  touched,
  wrongSecrets,
} from '../../../../local/soak/checks.ts';
import type { ByHand, Sighting } from '../../../../local/soak/checks.ts';
import type { Data } from '../../../../local/soak/expected.ts';
import { canaryOf, valueOf } from '../../../../local/soak/setting.ts';

/** Each check against a history that it must find fault with, and one that it must not. */
const NOBODY: ByHand = { typed: new Map(), deletions: new Map() };
let versions = 0;

function seen(data: Data, more: Partial<Sighting> = {}): Sighting {
  versions += 1;
  return { uid: 'uid-1', resourceVersion: `${versions}`, data, managers: ['kubectl-edit'], ...more };
}

describe('every Secret holds the newest values', () => {
  const expected = new Map([['shop/db', { key: 'new' }]]);

  test.each([
    { held: { key: 'new' }, found: [] },
    { held: { key: 'old' }, found: ['shop/db: key is old, not new'] },
    { held: {}, found: ['shop/db: key is not there, not new'] },
    { held: { key: 'new', more: 'x' }, found: ['shop/db: more is x, not absent'] },
    { held: undefined, found: ['shop/db is not there'] },
  ])('$held', ({ held, found }) => {
    expect(wrongSecrets(expected, new Map([['shop/db', held]]))).toEqual(found);
  });
});

describe('nothing goes backwards', () => {
  const declared = new Map([
    ['shop/db', { namespace: 'shop', name: 'db', sources: ['s'], policy: 'Owner' as const }],
  ]);

  test.each([
    { was: ['a', 'b', 'c'], held: ['a', 'b', 'b', 'c'], found: [] },
    { was: ['a', 'b', 'c'], held: ['a', 'c'], found: [] },
    { was: ['a', 'b', 'c'], held: ['a', 'b', 'a'], found: ['shop/db: s went back to a after b'] },
    { was: ['a', 'b', 'c'], held: ['c', 'b', 'c'], found: ['shop/db: s went back to b after c'] },
    { was: ['a', 'b', 'a', 'c'], held: ['a', 'b', 'a', 'c'], found: [] },
    { was: ['a', 'b', 'a', 'c'], held: ['a', 'b', 'a', 'b'], found: ['shop/db: s went back to b after a'] },
    { was: ['a'], held: ['a', 'z'], found: ['shop/db: s was z, which nobody wrote'] },
    { was: ['a', 'b'], held: ['a', 'typed', 'b'], found: [] },
    { was: ['a', 'b'], held: ['b', 'typed', 'a'], found: ['shop/db: s went back to a after b'] },
  ])('current: $was, held: $held', ({ was, held, found }) => {
    const byHand = { ...NOBODY, typed: new Map([['shop/db', new Map([['s', ['typed']]])]]) };
    const sightings = new Map([['shop/db', held.map((value) => seen({ s: value }))]]);

    expect(backwardSteps(declared, new Map([['s', was]]), sightings, byHand)).toEqual(found);
  });
});

describe('nothing unmanaged is touched', () => {
  const byHand = { ...NOBODY, typed: new Map([['shop/own', new Map([['own', ['1', '2']]])]]) };
  const [first, second] = [seen({ own: '1' }), seen({ own: '2' })];

  test.each([
    { what: 'what people wrote', sightings: [first, second], found: 0 },
    { what: 'the same, told twice', sightings: [first, first, second], found: 0 },
    { what: 'a write more', sightings: [first, second, seen({ own: '2' })], found: 1 },
    { what: 'a write less', sightings: [first], found: 1 },
    {
      what: 'fields of the relay',
      sightings: [first, { ...second, managers: ['kubectl-edit', 'keyrelay'] }],
      found: 1,
    },
    {
      what: 'fields of its rollouts',
      sightings: [first, { ...second, managers: ['keyrelay-rollouts'] }],
      found: 1,
    },
  ])('beside its own: $what', ({ sightings, found }) => {
    expect(touched(['shop/own'], [], new Map([['shop/own', sightings]]), byHand)).toHaveLength(found);
  });

  test.each([
    { what: 'what people wrote, between its own keys', held: ['1', '1', '2', '2'], found: 0 },
    { what: 'what people had written before, again', held: ['1', '2', '1'], found: 1 },
    { what: 'nothing any more', held: ['1', '2', undefined], found: 1 },
  ])('in a Secret that is shared: $what', ({ held, found }) => {
    const sightings = held.map((own) => seen(own === undefined ? {} : { own }, { managers: ['keyrelay'] }));

    expect(touched([], ['shop/own'], new Map([['shop/own', sightings]]), byHand)).toHaveLength(found);
  });
});

test.each([
  { uids: ['a', 'a'], deletions: 0, found: 0 },
  { uids: ['a', 'b'], deletions: 1, found: 0 },
  { uids: ['a', 'b'], deletions: 0, found: 1 },
])('made as $uids and deleted $deletions times by people: $found', ({ uids, deletions, found }) => {
  const sightings = new Map([['shop/db', uids.map((uid) => seen({}, { uid }))]]);

  expect(deletedUnasked(sightings, { ...NOBODY, deletions: new Map([['shop/db', deletions]]) })).toHaveLength(
    found,
  );
});

describe('no value gets out', () => {
  const value = valueOf(12, 'soak-3', 40);
  const base64 = (text: string): string => Buffer.from(text).toString('base64');

  test.each([
    { text: `{"message":"the value is ${value}"}`, found: true },
    { text: base64(value), found: true },
    { text: base64(`x${value}`), found: true },
    { text: base64(`{"password":"${value}"}`), found: true },
    { text: base64(`12${value}`), found: true },
    { text: 'secret written soak-3', found: false },
    { text: base64('secret written soak-3'), found: false },
  ])('$text: $found', ({ text, found }) => {
    expect(leaks(new Map([['the log', text]]), canaryOf(12)).length > 0).toBe(found);
  });
});

test.each([
  { before: 100, after: 120, found: 0 },
  { before: 100, after: 151, found: 1 },
  { before: 100, after: undefined, found: 1 },
])('memory that goes from $before to $after: $found', ({ before, after, found }) => {
  const last = new Map(after === undefined ? [] : [['push', after]]);

  expect(grown(new Map([['push', before]]), last)).toHaveLength(found);
});
