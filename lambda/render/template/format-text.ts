import { pad, padBy } from './format-flags.ts';
import type { Flags } from './format-flags.ts';
import { decodeRune } from './go-string.ts';
import { canBackquote, quote } from './quote.ts';

/** A string (or the bytes of a []byte) under `s`, `q`, `x`, `X` or `v`; undefined where strings have no such verb. */
export function formatText(text: string, verb: string, flags: Flags): string | undefined {
  switch (verb) {
    case 'v':
      return flags.sharpV ? quoted(text, flags) : pad(truncated(text, flags), flags);
    case 's':
      return pad(truncated(text, flags), flags);
    case 'q':
      return quoted(text, flags);
    case 'x':
      return hexadecimal(text, flags);
    case 'X':
      return hexadecimal(text, flags, (digits) => digits.toUpperCase());
    default:
      return undefined;
  }
}

function quoted(text: string, flags: Flags): string {
  const shown = truncated(text, flags);
  if (flags.sharp && canBackquote(shown)) return pad(`\`${shown}\``, flags);
  return pad(quote(shown, flags.plus ? 'ascii' : 'printable'), flags);
}

/** The first code points, as many as the precision says. */
function truncated(text: string, flags: Flags): string {
  if (flags.precision === undefined) return text;
  let end = 0;
  for (let count = 0; count < flags.precision && end < text.length; count++)
    end += decodeRune(text, end).width;
  return text.slice(0, end);
}

/** Two digits a byte; the space flag separates the bytes, the sharp flag puts `0x` before them. */
function hexadecimal(
  text: string,
  flags: Flags,
  inCase: (digits: string) => string = (digits) => digits,
): string {
  const bytes = Buffer.from(text.slice(0, flags.precision), 'latin1');
  if (bytes.length === 0) return padBy('', flags.width ?? 0, flags);
  const digits = bytes.toString('hex');
  const pairs = flags.space ? (digits.match(/../gu) ?? []) : [digits];
  const shown = inCase(pairs.map((pair) => (flags.sharp ? `0x${pair}` : pair)).join(' '));
  return padBy(shown, (flags.width ?? 0) - shown.length, flags);
}
