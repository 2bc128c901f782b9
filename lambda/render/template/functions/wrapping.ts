import { checkTextLength } from '../limits.ts';
import { fn2, fn3, int, string } from '../signature.ts';
import type { NamedFunctions } from './names.ts';

/** Sprig's functions that shorten and break texts (https://masterminds.github.io/sprig/strings.html), by bytes as there. */
export const wrappingFunctions: NamedFunctions = [
  ['abbrev', fn2(int, string, (width, text) => (width < 4n ? text : abbreviate(text, 0, Number(width))))],
  ['abbrevboth', fn3(int, int, string, (left, right, text) => abbrevBoth(Number(left), Number(right), text))],
  ['wrap', fn2(int, string, (width, text) => wrap(text, { width, newLine: '\n', breaksWords: false }))],
  [
    'wrapWith',
    fn3(int, string, string, (width, newLine, text) =>
      wrap(text, { width, newLine: newLine === '' ? '\n' : newLine, breaksWords: true }),
    ),
  ],
];

const MARKER = '...';

function abbrevBoth(left: number, right: number, text: string): string {
  return right < 4 || (left > 0 && right < 7) ? text : abbreviate(text, left, right);
}

/** At most `width` bytes; what is left out at the start or the end is a marker. */
function abbreviate(text: string, offset: number, width: number): string {
  if (text.length <= width) return text;
  const room = width - MARKER.length;
  const start = Math.min(offset, text.length, text.length - room);
  if (start <= 4) return text.slice(0, room) + MARKER;
  if (start + room >= text.length) return MARKER + text.slice(-room);
  return room < 4 ? MARKER : MARKER + abbreviate(text.slice(start), 0, room);
}

interface Wrapping {
  readonly width: bigint;
  readonly newLine: string;
  readonly breaksWords: boolean;
}

/** Lines of at most `width` bytes, broken at spaces; a longer word is broken or left alone. */
function wrap(text: string, { width, newLine, breaksWords }: Wrapping): string {
  const room = width < 1n ? 1 : Math.min(Number(width), text.length);
  const lines: string[] = [];
  let start = 0;
  let length = 0;
  while (text.length - start > room) {
    if (text.charAt(start) === ' ') {
      start++;
      continue;
    }
    const space = text.slice(start, start + room + 1).lastIndexOf(' ');
    const next = space < 0 && !breaksWords ? text.indexOf(' ', start + room) : start + space;
    const end = space < 0 && breaksWords ? start + room : next < 0 ? text.length : next;
    lines.push(text.slice(start, end));
    length += end - start + newLine.length;
    checkTextLength(length);
    if (next < 0 && space < 0 && !breaksWords) return lines.join(newLine);
    start = space < 0 && breaksWords ? end : end + 1;
  }
  return [...lines, text.slice(start)].join(newLine);
}
