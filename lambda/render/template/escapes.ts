import { decodeRune } from './go-string.ts';
import { isPrint } from './quote.ts';

const HTML: ReadonlyMap<string, string> = new Map([
  ['"', '&#34;'],
  ["'", '&#39;'],
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['\0', '\xef\xbf\xbd'],
]);

const JS: ReadonlyMap<string, string> = new Map([
  ['\\', '\\\\'],
  ["'", "\\'"],
  ['"', '\\"'],
  ['<', '\\u003C'],
  ['>', '\\u003E'],
  ['&', '\\u0026'],
  ['=', '\\u003D'],
]);

/** template.HTMLEscapeString: quotes, `&`, `<`, `>` as character references, NUL as U+FFFD. */
export function escapeHtml(text: string): string {
  return text.replaceAll(/["'&<>\0]/gu, (char) => HTML.get(char) ?? char);
}

/** template.JSEscapeString: what may not stand in a JS string, and what is no visible character, as escapes. */
export function escapeJs(text: string): string {
  const parts: string[] = [];
  for (let offset = 0; offset < text.length;) {
    const { rune, width } = decodeRune(text, offset);
    const char = text.slice(offset, offset + width);
    parts.push(
      JS.get(char) ?? (isPrint(rune) ? char : `\\u${rune.toString(16).toUpperCase().padStart(4, '0')}`),
    );
    offset += width;
  }
  return parts.join('');
}

/** url.QueryEscape: every byte but letters, digits and `-_.~` as `%XX`, a space as `+`. */
export function escapeQuery(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9\-_.~]/gu, (char) =>
    char === ' ' ? '+' : `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}
