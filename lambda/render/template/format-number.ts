import { formatFloat } from './float-text.ts';
import type { FloatVerb } from './float-text.ts';
import { pad, padBy } from './format-flags.ts';
import type { Flags } from './format-flags.ts';
import { encodeRune } from './go-string.ts';
import { isPrint, quoteRune } from './quote.ts';
import type { GoInt } from './value.ts';

const BASES: ReadonlyMap<string, 2 | 8 | 10 | 16> = new Map([
  ['v', 10],
  ['d', 10],
  ['b', 2],
  ['o', 8],
  ['O', 8],
  ['x', 16],
  ['X', 16],
] as const);

/** An integer under a verb; undefined where integers have no such verb. */
export function formatInt(int: GoInt, verb: string, flags: Flags): string | undefined {
  switch (verb) {
    case 'c':
      return pad(encodeRune(asRune(int.value)), flags);
    case 'q':
      return pad(quoteRune(asRune(int.value), flags.plus ? 'ascii' : 'printable'), flags);
    case 'U':
      return unicode(BigInt.asUintN(64, int.value), flags);
    case 'v':
      return flags.sharpV && int.type.startsWith('u')
        ? hexWithPrefix(int.value, flags)
        : integer(int.value, verb, flags);
    default:
      return integer(int.value, verb, flags);
  }
}

/** A number as `0x1f`, whatever the sharp flag says: bytes in `%#v`, addresses. */
export function hexWithPrefix(value: bigint, flags: Flags): string {
  return integer(value, 'x', { ...flags, sharp: true }) ?? '';
}

function integer(value: bigint, verb: string, flags: Flags): string | undefined {
  const base = BASES.get(verb);
  if (base === undefined) return undefined;
  const { precision, width } = flags;
  const noZeros = { ...flags, zero: false };
  if (precision === 0 && value === 0n) return padBy('', width ?? 0, noZeros);
  const sign = value < 0n ? '-' : flags.plus ? '+' : flags.space ? ' ' : '';
  const filled = flags.zero && !flags.minus ? (width ?? 0) - sign.length : 0;
  const digits = (value < 0n ? -value : value).toString(base).padStart(precision ?? filled, '0');
  const text = sign + prefix(base, verb, { digits, sharp: flags.sharp }) + digits;
  return pad(verb === 'X' ? text.toUpperCase() : text, noZeros);
}

function prefix(base: 2 | 8 | 10 | 16, verb: string, form: { digits: string; sharp: boolean }): string {
  const leading = form.sharp && base === 8 && !form.digits.startsWith('0') ? '0' : '';
  if (verb === 'O') return `0o${leading}`;
  if (!form.sharp) return '';
  return base === 2 ? '0b' : base === 16 ? '0x' : leading;
}

function unicode(value: bigint, flags: Flags): string {
  const code = `U+${value
    .toString(16)
    .toUpperCase()
    .padStart(Math.max(flags.precision ?? 0, 4), '0')}`;
  const shown = flags.sharp && value <= 0x10ffffn && isPrint(Number(value));
  return pad(shown ? `${code} '${encodeRune(Number(value))}'` : code, { ...flags, zero: false });
}

function asRune(value: bigint): number {
  return value >= 0n && value <= 0x10ffffn ? Number(value) : -1;
}

const FLOAT_VERBS: ReadonlyMap<string, readonly [FloatVerb, number]> = new Map([
  ['v', ['g', -1]],
  ['b', ['b', -1]],
  ['g', ['g', -1]],
  ['G', ['G', -1]],
  ['x', ['x', -1]],
  ['X', ['X', -1]],
  ['f', ['f', 6]],
  ['F', ['f', 6]],
  ['e', ['e', 6]],
  ['E', ['E', 6]],
] as const);

/** A float under a verb; undefined where floats have no such verb. */
export function formatFloatVerb(value: number, verb: string, flags: Flags): string | undefined {
  const known = FLOAT_VERBS.get(verb);
  if (known === undefined) return undefined;
  const [floatVerb, usual] = known;
  const precision = flags.precision ?? usual;
  const text = formatFloat(value, floatVerb, precision);
  const sign = /^[+-]/u.test(text) ? text.charAt(0) : '+';
  const magnitude = text.replace(/^[+-]/u, '');
  const shownSign = sign === '-' ? '-' : flags.plus ? '+' : flags.space ? ' ' : '';
  if (magnitude === 'Inf')
    return pad((shownSign === '' ? '+' : shownSign) + magnitude, { ...flags, zero: false });
  if (magnitude === 'NaN') return pad(shownSign + magnitude, { ...flags, zero: false });
  const number = flags.sharp && floatVerb !== 'b' ? withPoint(magnitude, floatVerb, precision) : magnitude;
  if (shownSign === '') return pad(number, flags);
  const zeros = flags.zero && !flags.minus ? (flags.width ?? 0) - number.length - 1 : 0;
  return zeros > 0 ? shownSign + '0'.repeat(zeros) + number : pad(shownSign + number, flags);
}

/** The sharp flag: always a decimal point, and for `%g` the zeros at the end. */
function withPoint(text: string, verb: FloatVerb, precision: number): string {
  const isHex = verb === 'x' || verb === 'X';
  const exponentAt = text.search(isHex ? /p/iu : /e/iu);
  const number = exponentAt < 0 ? text : text.slice(0, exponentAt);
  const tail = exponentAt < 0 ? '' : text.slice(exponentAt);
  const wanted = verb === 'g' || verb === 'G' || verb === 'x' ? (precision < 0 ? 6 : precision) : 0;
  const significant = number.replace('.', '').replace(/^0+/u, '').length;
  const isZero = number === '0';
  const point = number.includes('.') ? '' : '.';
  return number + point + '0'.repeat(Math.max(wanted - significant - (isZero ? 1 : 0), 0)) + tail;
}
