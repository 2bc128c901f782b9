import { describe, expect, test } from '@jest/globals';
import { ANNOTATION } from '../../../lambda/contract.ts';
import { changeMarks } from '../../../lambda/model/change-marks.ts';
import type { DesiredSecret, HeldSecret } from '../../../lambda/model/target.ts';
import { markChange } from '../../../lambda/rollout/mark-change.ts';
import type { MarkOptions } from '../../../lambda/rollout/mark-change.ts';
import { Sensitive } from '../../../lambda/sensitive.ts';
import { NOW, aChangedSecret, aRecord, secondsAgo } from '../../support/rollout-builders.ts';

const bytes = (data: Readonly<Record<string, string>>): HeldSecret['data'] =>
  new Map(
    Object.entries(data).map(([key, text]) => [key, new Sensitive(new TextEncoder().encode(text))] as const),
  );
const desired = (data: Readonly<Record<string, string>>, version = 'v2'): DesiredSecret => ({
  target: { cluster: 'dev', namespace: 'shop', name: 'db' },
  type: undefined,
  labels: {},
  annotations: { [ANNOTATION.versions]: JSON.stringify({ 'aws:db': { id: version } }), note: 'x' },
  data: bytes(data),
});
const held = (
  data: Readonly<Record<string, string>>,
  annotations: HeldSecret['annotations'] = {},
): HeldSecret => ({
  annotations,
  data: bytes(data),
});
const options = (changes: Partial<MarkOptions> = {}): MarkOptions => ({
  cause: undefined,
  reason: 'version',
  restarts: true,
  now: NOW,
  ...changes,
});
const marked = (
  ...[secret, before, removed, more]: [DesiredSecret, HeldSecret?, string[]?, Partial<MarkOptions>?]
) => {
  const result = markChange(secret, before, removed ?? [], options(more));
  return {
    changed: result.changed,
    annotations: result.desired.annotations,
    ...changeMarks(result.desired.annotations),
  };
};

describe('the data changes', () => {
  test.each<[string, ReturnType<typeof marked>]>([
    ['where there was no Secret', marked(desired({ a: '1' }))],
    ['where a value is another', marked(desired({ a: '2' }), held({ a: '1' }))],
    ['where a value is longer', marked(desired({ a: '11' }), held({ a: '1' }))],
    ['where a key is new', marked(desired({ a: '1', b: '' }), held({ a: '1' }))],
    ['where a key is taken away', marked(desired({ a: '1' }), held({ a: '1', b: '2' }), ['b'])],
  ])('%s', (_, { changed, revision, change }) => {
    expect(changed).toBe(true);
    expect(revision).toBe('v2');
    expect(change).toMatchObject({ written: NOW, since: NOW });
  });
});

describe('the data stays', () => {
  const before = aChangedSecret({ revision: 'v1' }).observed.annotations;

  test.each<[string, ReturnType<typeof marked>]>([
    ['where every value is the same', marked(desired({ a: '1' }), held({ a: '1' }, before))],
    [
      'where somebody else has other keys in it',
      marked(desired({ a: '1' }), held({ a: '1', theirs: '2' }, before)),
    ],
    [
      'where what is taken away is gone already',
      marked(desired({ a: '1' }), held({ a: '1' }, before), ['b']),
    ],
  ])(
    '%s: so does the revision, whatever the versions are',
    (_, { changed, annotations, revision, change }) => {
      expect({ changed, revision }).toEqual({ changed: false, revision: 'v1' });
      expect(change?.written).toEqual(secondsAgo(60));
      expect(annotations).toMatchObject({ note: 'x' });
      expect(annotations).not.toHaveProperty([ANNOTATION.rollout]);
    },
  );

  test('in a Secret that never had a revision: nothing is to be rolled out', () => {
    expect(marked(desired({ a: '1' }), held({ a: '1' })).revision).toBeUndefined();
  });
});

test('data that changes while the version does not gets a revision of its own', () => {
  const before = aChangedSecret({ revision: 'v2' }).observed.annotations;

  expect(marked(desired({ a: '2' }), held({ a: '1' }, before)).revision).toBe('v2.2');
});

test('the change tells what it was caused by', () => {
  const cause = { event: 'event-1', rotated: secondsAgo(9), received: secondsAgo(5) };

  expect(marked(desired({ a: '1' }), undefined, [], { cause }).change).toMatchObject(cause);
});

describe('what waits to be rolled out', () => {
  const change = { since: secondsAgo(300), written: secondsAgo(60) };

  test('waits since the first change that was not', () => {
    const before = aChangedSecret({ revision: 'v1', change }).observed.annotations;

    expect(marked(desired({ a: '2' }), held({ a: '1' }, before)).change?.since).toEqual(secondsAgo(300));
  });

  test('waits since now where everything before was', () => {
    const before = aChangedSecret({ revision: 'v1', change, rollout: aRecord({ revision: 'v1' }) });

    expect(marked(desired({ a: '2' }), held({ a: '1' }, before.observed.annotations)).change?.since).toEqual(
      NOW,
    );
  });
});

test('a change for which nothing is restarted says so', () => {
  const { change, annotations } = marked(desired({ a: '1' }), undefined, [], { restarts: false });

  expect(change?.restarts).toBe('off');
  expect(JSON.parse(annotations[ANNOTATION.change] ?? '')).toMatchObject({ restarts: 'off' });
});
