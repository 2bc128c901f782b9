/** A tag as AWS's SDK gives it. */
export interface Tag {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
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
