import { createHash } from 'node:crypto';
import type { SourceValue } from '../model/source.ts';
import type { SourceRef } from '../model/declaration.ts';
import { Sensitive } from '../sensitive.ts';

/** A tag as AWS's SDK gives it. */
export interface Tag {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
}

/**
 * Tags in place of a value. They change without a new version of what they are on, so they have a version of their own: a digest, which
 * would be forbidden for a value, but AWS itself says that tags are no place for secrets
 * (https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html).
 *
 * @param changed when what they are on last changed
 */
export function tagsValue(ref: SourceRef, tags: readonly Tag[], changed: Date | undefined): SourceValue {
  return {
    ref,
    version: { id: tagsVersion(tags), created: changed },
    payload: { kind: 'text', text: new Sensitive(tagsText(tags)) },
  };
}

/** The version that tags have. */
export function tagsVersion(tags: readonly Tag[]): string {
  return `tags-${createHash('sha256').update(tagsText(tags)).digest('hex').slice(0, 32)}`;
}

/**
 * Tags as ESO gives them: a JSON object as Go writes one, keys in the order of their bytes, and without the characters that HTML
 * takes as its own (https://pkg.go.dev/encoding/json#Marshal).
 */
export function tagsText(tags: readonly Tag[]): string {
  const entries = [...new Map(tags.map(({ Key = '', Value = '' }) => [Key, Value]))];
  const sorted = entries.toSorted(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return `{${sorted.map(([key, value]) => `${goString(key)}:${goString(value)}`).join(',')}}`;
}

function goString(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[<>&\u2028\u2029]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
