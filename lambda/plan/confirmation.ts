import { SOURCE_GONE } from '../errors.ts';
import type { RecordedVersions } from '../model/recorded-versions.ts';
import type { Rendered } from '../model/rendered.ts';
import type { SourceVersion } from '../model/source.ts';

/** What an event told about a source. */
export interface ExpectedVersion {
  /** The version that it moved to; undefined where the event names none, as Parameter Store's does. */
  readonly versionId: string | undefined;
  readonly time: Date;
}

/** How long after the change its event may be dated. A longer delay costs a second read; a shorter one could hide a stale read. */
const SENT_WITHIN_MS = 2000;

/**
 * Whether a read may be stale, so that only a second, later read may be acted on (guarantee 2). The sources are eventually
 * consistent (https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot.html): a read can return what was current before.
 *
 * | read                                                          | confirm |
 * |---------------------------------------------------------------|---------|
 * | a version created before the one that the Secret holds        | yes     |
 * | another version than the last event names, created before it  | yes     |
 * | a version created before the last event, which names none     | yes     |
 * | another version than the Secret holds, a date is unknown, and no event names it | yes |
 * | nothing, though the Secret holds something                    | yes     |
 * | nothing, though an event says that there is something         | yes     |
 * | anything else                                                 | no      |
 *
 * @param expected by `sourceId`, the versions that the events of this push named
 */
export function needsConfirmation(
  rendered: Rendered,
  recorded: RecordedVersions,
  expected: ReadonlyMap<string, readonly ExpectedVersion[]>,
): boolean {
  switch (rendered.kind) {
    case 'failure':
      return expected.size > 0 && SOURCE_GONE.has(rendered.error.code);
    case 'empty':
      return recorded.size > 0;
    case 'secret':
      return (
        recorded.keys().some((id) => !rendered.versions.has(id)) ||
        rendered.versions
          .entries()
          .some(([id, read]) => isSuspect(read, recorded.get(id), expected.get(id) ?? []))
      );
  }
}

function isSuspect(
  read: SourceVersion,
  held: SourceVersion | undefined,
  expected: readonly ExpectedVersion[],
): boolean {
  const last = expected.toSorted((a, b) => a.time.getTime() - b.time.getTime()).at(-1);
  if (last !== undefined && read.id !== last.versionId && !isAfter(read.created, knownSince(last)))
    return true;
  if (held === undefined || held.id === read.id) return false;
  // A batch read does not tell when a version was created. The event's word is enough where there is no date to contradict it.
  if (last?.versionId === read.id && held.created === undefined) return false;
  return !isAfter(read.created, held.created);
}

/**
 * What was created after this is surely not older than what the event tells of. An event's time is cut to the second, so what happened
 * within that second is not known to be later than the version that it names. One that names none tells of a version which was made just
 * before the event was sent, and which is not to be doubted itself.
 */
function knownSince({ versionId, time }: ExpectedVersion): Date {
  return new Date(time.getTime() + (versionId === undefined ? -SENT_WITHIN_MS : 999));
}

/** Whether it certainly is later; an unknown date is not. */
function isAfter(date: Date | undefined, reference: Date | undefined): boolean {
  return date !== undefined && reference !== undefined && date.getTime() > reference.getTime();
}
