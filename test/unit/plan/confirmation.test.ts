import { expect, test } from '@jest/globals';
import { needsConfirmation } from '../../../lambda/plan/confirmation.ts';
import type { ExpectedVersion } from '../../../lambda/plan/confirmation.ts';
import type { Rendered } from '../../../lambda/model/rendered.ts';
import type { SourceVersion } from '../../../lambda/model/source.ts';
import { render } from '../../../lambda/render/render.ts';
import { aDeclaration, aFailure, aRef, aText, aVersion, theResults } from '../../support/builders.ts';

const reads = (version: SourceVersion): Rendered => {
  const rendered = render(aDeclaration(), 'dev', theResults([aRef(), aText('fake')]));
  return rendered.kind === 'secret'
    ? { ...rendered, versions: new Map([['aws:shop/db', version]]) }
    : rendered;
};
const failsWith = (code: 'SOURCE_NOT_FOUND' | 'SOURCE_DENIED'): Rendered =>
  render(aDeclaration(), 'dev', theResults([aRef(), aFailure(code)]));
const holds = (version: SourceVersion) => new Map([['aws:shop/db', version]]);
const nothing = new Map<string, SourceVersion>();
const says = (...events: readonly ExpectedVersion[]) => new Map([['aws:shop/db', events]]);
const silence = new Map<string, readonly ExpectedVersion[]>();
/** The event of version n: it came when the version was made, cut to the second. */
const eventOf = (n: number): ExpectedVersion => ({ versionId: aVersion(n).id, time: aVersion(n).created });
/** Parameter Store's event: it names no version. */
const unnamed = (time: Date): ExpectedVersion => ({ versionId: undefined, time });

test.each([
  {
    when: 'a first read finds what nobody has yet',
    rendered: reads(aVersion(1)),
    held: nothing,
    events: silence,
    confirm: false,
  },
  {
    when: 'a newer version is read',
    rendered: reads(aVersion(2)),
    held: holds(aVersion(1)),
    events: silence,
    confirm: false,
  },
  {
    when: 'the held version is read',
    rendered: reads(aVersion(1)),
    held: holds(aVersion(1)),
    events: silence,
    confirm: false,
  },
  {
    when: 'an older version is read',
    rendered: reads(aVersion(1)),
    held: holds(aVersion(2)),
    events: silence,
    confirm: true,
  },
  {
    when: 'the named, older version is read (a rollback)',
    rendered: reads(aVersion(1)),
    held: holds(aVersion(2)),
    events: says(eventOf(1)),
    confirm: true,
  },
  {
    when: 'the named version is read',
    rendered: reads(aVersion(2)),
    held: holds(aVersion(1)),
    events: says(eventOf(2)),
    confirm: false,
  },
  {
    when: 'the held version is read, and a newer one was named',
    rendered: reads(aVersion(1)),
    held: holds(aVersion(1)),
    events: says(eventOf(2)),
    confirm: true,
  },
  {
    when: 'a version between is read, of two that were named',
    rendered: reads(aVersion(2)),
    held: holds(aVersion(1)),
    events: says(eventOf(3), eventOf(2)),
    confirm: true,
  },
  {
    when: 'a version newer than the late event is read',
    rendered: reads(aVersion(3)),
    held: holds(aVersion(3)),
    events: says(eventOf(2)),
    confirm: false,
  },
  {
    when: 'a version made within the second of the event is read',
    rendered: reads({ id: 'x', created: new Date(aVersion(2).created.getTime() + 500) }),
    held: nothing,
    events: says(eventOf(2)),
    confirm: true,
  },
  {
    when: 'the held version is read, and an event of later names none',
    rendered: reads(aVersion(1)),
    held: holds(aVersion(1)),
    events: says(unnamed(aVersion(2).created)),
    confirm: true,
  },
  {
    when: 'a version is read that was made just before the event, which names none',
    rendered: reads(aVersion(2)),
    held: holds(aVersion(1)),
    events: says(unnamed(new Date(aVersion(2).created.getTime() + 1000))),
    confirm: false,
  },
  {
    when: 'the held version is read, and the event that names none is the one that it came with',
    rendered: reads(aVersion(2)),
    held: holds(aVersion(2)),
    events: says(unnamed(aVersion(2).created)),
    confirm: false,
  },
  {
    when: 'a version is read that is newer than a late event, which names none',
    rendered: reads(aVersion(3)),
    held: holds(aVersion(3)),
    events: says(unnamed(aVersion(2).created)),
    confirm: false,
  },
  {
    when: 'a version of unknown age is read, and an event names none',
    rendered: reads({ id: '1', created: undefined }),
    held: nothing,
    events: says(unnamed(aVersion(1).created)),
    confirm: true,
  },
  {
    when: 'another version of unknown age is read',
    rendered: reads({ id: 'x', created: undefined }),
    held: holds(aVersion(1)),
    events: silence,
    confirm: true,
  },
  {
    when: 'the named version is read, and the held one is of unknown age',
    rendered: reads(aVersion(2)),
    held: holds({ id: 'x', created: undefined }),
    events: says(eventOf(2)),
    confirm: false,
  },
  {
    when: 'a source that was held is not read any more',
    rendered: reads(aVersion(1)),
    held: new Map([...holds(aVersion(1)), ['aws:other', aVersion(1)]]),
    events: silence,
    confirm: true,
  },
  {
    when: 'nothing is read, and something is held',
    rendered: { kind: 'empty' } as const,
    held: holds(aVersion(1)),
    events: silence,
    confirm: true,
  },
  {
    when: 'nothing is read, and nothing is held',
    rendered: { kind: 'empty' } as const,
    held: nothing,
    events: silence,
    confirm: false,
  },
  {
    when: 'the secret of an event is not found',
    rendered: failsWith('SOURCE_NOT_FOUND'),
    held: nothing,
    events: says(eventOf(1)),
    confirm: true,
  },
  {
    when: 'a secret is not found without an event',
    rendered: failsWith('SOURCE_NOT_FOUND'),
    held: nothing,
    events: silence,
    confirm: false,
  },
  {
    when: 'a secret is denied',
    rendered: failsWith('SOURCE_DENIED'),
    held: nothing,
    events: says(eventOf(1)),
    confirm: false,
  },
])('confirmation needed when $when: $confirm', ({ rendered, held, events, confirm }) => {
  expect(needsConfirmation(rendered, held, events)).toBe(confirm);
});
