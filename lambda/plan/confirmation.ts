import { SOURCE_GONE } from '../errors.ts';
import type { RecordedVersions } from '../model/recorded-versions.ts';
import type { Rendered } from '../model/rendered.ts';
import type { SourceVersion } from '../model/source.ts';

/** A version that an event named: AWSCURRENT of the source moved to it at that time. */
export interface ExpectedVersion {
  readonly versionId: string;
  readonly time: Date;
}

/**
 * Whether a read may be stale, so that only a second, later read may be acted on (guarantee 2). Secrets Manager is eventually consistent
 * (https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot.html): a read can return what was current before.
 *
 * | read                                                          | confirm |
 * |---------------------------------------------------------------|---------|
 * | a version created before the one that the Secret holds        | yes     |
 * | another version than the last event names, created before it  | yes     |
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
  if (last !== undefined && read.id !== last.versionId && !isAfter(read.created, endOfSecond(last.time)))
    return true;
  if (held === undefined || held.id === read.id) return false;
  // A batch read does not tell when a version was created. The event's word is enough where there is no date to contradict it.
  if (last?.versionId === read.id && held.created === undefined) return false;
  return !isAfter(read.created, held.created);
}

/** An event's time is cut to the second, so what happened within that second is not known to be later. */
function endOfSecond(time: Date): Date {
  return new Date(time.getTime() + 999);
}

/** Whether it certainly is later; an unknown date is not. */
function isAfter(date: Date | undefined, reference: Date | undefined): boolean {
  return date !== undefined && reference !== undefined && date.getTime() > reference.getTime();
}
