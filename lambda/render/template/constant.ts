import { quote } from './quote.ts';
import type { NumberConstant } from './syntax.ts';
import { unquoteChar } from './unquote.ts';

/** No number that fits a type needs more; parsing them takes more than linear time. */
const MAX_DIGITS = 1000;

const MAX_UINT64 = (1n << 64n) - 1n;
const MAX_INT64 = (1n << 63n) - 1n;
const MIN_INT64 = -(1n << 63n);

const INTEGER =
  /^([+-]?)(0[xX](?:_?[0-9a-fA-F])+|0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0(?:_?[0-7])+|0|[1-9](?:_?\d)*)$/;
const DECIMAL = /^[+-]?(?:\d(?:_?\d)*(?:\.(?:\d(?:_?\d)*)?)?|\.\d(?:_?\d)*)(?:[eE][+-]?\d(?:_?\d)*)?$/;
const HEXADECIMAL =
  /^([+-]?)0[xX]_?((?:[0-9a-fA-F](?:_?[0-9a-fA-F])*)?)(?:\.((?:[0-9a-fA-F](?:_?[0-9a-fA-F])*)?))?[pP]([+-]?\d(?:_?\d)*)$/;

/**
 * A number as the template writes it. Like Go's untyped constants it is everything that it can be without loss: `1e3` is an int, `'a'`
 * is 97 and 97.0.
 *
 * @returns the constant, or the reason why it is none
 */
export function readNumber(source: string, pos: number): NumberConstant | string {
  if (source.length > MAX_DIGITS) return `number longer than ${MAX_DIGITS} characters`;
  const int = readInteger(source);
  if (int !== undefined && int <= MAX_UINT64 && int >= MIN_INT64) {
    const isUint = int === 0n || !/^[+-]/u.test(source);
    return {
      kind: 'number',
      pos,
      source,
      int: int <= MAX_INT64 ? int : undefined,
      uint: isUint ? int : undefined,
      float: Number(int),
    };
  }
  const float = readFloat(source);
  if (float === undefined) return `illegal number syntax: ${quote(source)}`;
  if (!/[.eEpP]/u.test(source)) return `integer overflow: ${quote(source)}`;
  return { kind: 'number', pos, source, float, int: within(float, -63), uint: within(float, 64) };
}

/** A character constant: the number of its code point. */
export function readCharConstant(source: string, pos: number): NumberConstant | string {
  const code = unquoteChar(source);
  if (typeof code === 'string') return code;
  return { kind: 'number', pos, source, int: BigInt(code), uint: BigInt(code), float: code };
}

/** strconv.ParseInt with base 0, unbounded: `0x1f`, `0b1`, `0o7`, `017`, `1_000`; undefined where it is no integer. */
export function readInteger(text: string): bigint | undefined {
  const match = INTEGER.exec(text);
  const digits = match?.[2]?.replaceAll('_', '');
  if (digits === undefined) return undefined;
  const magnitude = BigInt(/^0\d/u.test(digits) ? `0o${digits.slice(1)}` : digits);
  return match?.[1] === '-' ? -magnitude : magnitude;
}

/** strconv.ParseFloat of a decimal or hexadecimal literal; undefined where it is none, or out of range. */
export function readFloat(text: string): number | undefined {
  const value = DECIMAL.test(text) ? Number(text.replaceAll('_', '')) : readHexFloat(text);
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}

function readHexFloat(text: string): number | undefined {
  const match = HEXADECIMAL.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = '', exponent = ''] = match.map((part?: string) =>
    (part ?? '').replaceAll('_', ''),
  );
  if (whole === '' && fraction === '') return undefined;
  const mantissa = Number(BigInt(`0x${whole}${fraction}`));
  const scale = Number(exponent) - 4 * fraction.length;
  const half = Math.trunc(scale / 2);
  return (sign === '-' ? -1 : 1) * mantissa * 2 ** half * 2 ** (scale - half);
}

/** The float as an integer of 64 bits (signed where negative), if it is one. */
function within(float: number, bits: 64 | -63): bigint | undefined {
  if (!Number.isInteger(float)) return undefined;
  const value = BigInt(float);
  return value < 2n ** BigInt(Math.abs(bits)) && value >= (bits === 64 ? 0n : MIN_INT64) ? value : undefined;
}
