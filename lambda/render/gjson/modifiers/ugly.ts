import { endOfString } from '../scan.ts';

/** `@ugly`: without the space between what the document holds. */
export function ugly(document: string): string {
  const parts: string[] = [];
  let at = 0;
  while (at < document.length) {
    const start = at;
    if (document.charAt(at) <= ' ') {
      at += 1;
      continue;
    }
    while (at < document.length && document.charAt(at) > ' ')
      at = document[at] === '"' ? (endOfString(document, at) ?? document.length) : at + 1;
    parts.push(document.slice(start, at));
  }
  return parts.join('');
}
