import { RUNE_ERROR, decodeRune, encodeRune } from './go-string.ts';

const SIMPLE_ESCAPES: ReadonlyMap<string, number> = new Map([
  ['a', 0x07],
  ['b', 0x08],
  ['f', 0x0c],
  ['n', 0x0a],
  ['r', 0x0d],
  ['t', 0x09],
  ['v', 0x0b],
  ['\\', 0x5c],
]);

/** A character of a quoted literal: a code point, or with `\x` and octal escapes a single byte. */
interface QuotedChar {
  readonly code: number;
  readonly isByte: boolean;
  readonly width: number;
}

/** What a Go string literal (in double quotes or in backquotes) stands for; undefined where it is none. */
export function unquote(literal: string): string | undefined {
  const quote = literal.charAt(0);
  const body = literal.slice(1, -1);
  if (literal.length < 2 || !literal.endsWith(quote)) return undefined;
  if (quote === '`') return body.includes('`') ? undefined : body.replaceAll('\r', '');
  if (quote !== '"' || body.includes('\n')) return undefined;
  const parts: string[] = [];
  for (let pos = 0; pos < body.length;) {
    const char = readChar(body, pos, '"');
    if (char === undefined) return undefined;
    parts.push(char.isByte ? String.fromCharCode(char.code) : encodeRune(char.code));
    pos += char.width;
  }
  return parts.join('');
}

/** The code point of a Go character literal in single quotes, or the reason why it is none. */
export function unquoteChar(literal: string): number | string {
  const char = readChar(literal, 1, "'");
  if (char === undefined) return 'invalid syntax';
  return literal.slice(1 + char.width) === "'" ? char.code : `malformed character constant: ${literal}`;
}

function readChar(text: string, pos: number, quote: '"' | "'"): QuotedChar | undefined {
  const char = text.charAt(pos);
  if (char === '' || char === quote) return undefined;
  if (char === '\\') return readEscape(text, pos, quote);
  const { rune, width } = decodeRune(text, pos);
  return { code: rune, isByte: false, width };
}

function readEscape(text: string, pos: number, quote: '"' | "'"): QuotedChar | undefined {
  const char = text.charAt(pos + 1);
  const simple = char === quote ? quote.charCodeAt(0) : SIMPLE_ESCAPES.get(char);
  if (simple !== undefined) return { code: simple, isByte: false, width: 2 };
  switch (char) {
    case 'x':
      return readCode(text.slice(pos + 2, pos + 4), { digits: 2, base: 16, width: 4 });
    case 'u':
      return readCode(text.slice(pos + 2, pos + 6), { digits: 4, base: 16, width: 6 });
    case 'U':
      return readCode(text.slice(pos + 2, pos + 10), { digits: 8, base: 16, width: 10 });
    default:
      return readCode(text.slice(pos + 1, pos + 4), { digits: 3, base: 8, width: 4 });
  }
}

function readCode(
  digits: string,
  form: { readonly digits: number; readonly base: 8 | 16; readonly width: number },
): QuotedChar | undefined {
  const valid = form.base === 8 ? /^[0-7]{3}$/u : /^[0-9a-f]+$/iu;
  if (digits.length !== form.digits || !valid.test(digits)) return undefined;
  const code = Number.parseInt(digits, form.base);
  const isByte = form.digits < 4;
  if (isByte) return code <= 0xff ? { code, isByte, width: form.width } : undefined;
  const isRune = code === RUNE_ERROR || decodeRune(encodeRune(code), 0).rune === code;
  return isRune ? { code, isByte, width: form.width } : undefined;
}
