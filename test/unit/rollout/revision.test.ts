import { expect, test } from '@jest/globals';
import type { RecordedVersions } from '../../../lambda/model/recorded-versions.ts';
import { revisionOf } from '../../../lambda/rollout/revision.ts';

const versions = (ids: Readonly<Record<string, string>>): RecordedVersions =>
  new Map(Object.entries(ids).map(([source, id]) => [source, { id, created: undefined }]));
const one = versions({ 'aws:db': 'v1' });
const two = versions({ 'aws:db': 'v1', 'aws:flags': 'v7' });
const ofTwo = revisionOf(two, undefined);

test.each([
  { what: 'a first version', of: one, previous: undefined, revision: 'v1' },
  { what: 'another version', of: one, previous: 'v0', revision: 'v1' },
  { what: 'another version after a counted one', of: one, previous: 'v0.4', revision: 'v1' },
  { what: 'the version that was there', of: one, previous: 'v1', revision: 'v1.2' },
  { what: 'the version that was there twice', of: one, previous: 'v1.2', revision: 'v1.3' },
  { what: 'a version whose name another begins with', of: one, previous: 'v12', revision: 'v1' },
  { what: 'what somebody wrote in place of a counter', of: one, previous: 'v1.x', revision: 'v1' },
  { what: 'several versions', of: two, previous: 'v1', revision: ofTwo },
  { what: 'several versions that were there', of: two, previous: ofTwo, revision: `${ofTwo}.2` },
])('$what gives the revision $revision', ({ of, previous, revision }) => {
  expect(revisionOf(of, previous)).toBe(revision);
});

test('the order in which sources are named is of no consequence', () => {
  expect(revisionOf(versions({ 'aws:flags': 'v7', 'aws:db': 'v1' }), undefined)).toBe(ofTwo);
});

test.each([
  ['of another version of one source', { 'aws:db': 'v2', 'aws:flags': 'v7' }],
  ['of the same versions from other sources', { 'aws:db': 'v7', 'aws:flags': 'v1' }],
  ['of no source', {}],
])('a revision %s is another, and as short', (_, ids) => {
  const other = revisionOf(versions(ids), undefined);

  expect(other).not.toBe(ofTwo);
  expect(other).toMatch(/^[0-9a-f]{16}$/u);
});
