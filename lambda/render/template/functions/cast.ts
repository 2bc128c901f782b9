import { readFloat, readInteger } from '../constant.ts';
import type { Value } from '../value.ts';

const MAX_INT64 = (1n << 63n) - 1n;
const MIN_INT64 = -(1n << 63n);
/** Nothing longer is a number that fits; parsing takes more than linear time. */
const MAX_LENGTH = 1000;

/**
 * A value as an int64, as spf13/cast sees it (https://pkg.go.dev/github.com/spf13/cast#ToInt64): a text in Go's spelling (`0x1f`, `017`,
 * `1_000`), of which a decimal fraction is cut; 0 for what is no number.
 */
export function toInt64(value: Value): bigint {
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (typeof value === 'string') return parseInt64(withoutFraction(value));
  if (value?.kind === 'int') return BigInt.asIntN(64, value.value);
  return value?.kind === 'float' ? truncated(value.value) : 0n;
}

/** A value as a float64, as spf13/cast sees it; 0 for what is no number. */
export function toFloat64(value: Value): number {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'string') return parseFloat64(value) ?? 0;
  if (value?.kind === 'int') return Number(value.value);
  return value?.kind === 'float' ? value.value : 0;
}

function parseInt64(text: string): bigint {
  const parsed = text.length > MAX_LENGTH ? undefined : readInteger(text);
  return parsed === undefined || parsed > MAX_INT64 || parsed < MIN_INT64 ? 0n : parsed;
}

/** `1.5` is 1, `.5` is 0; other texts stay as they are. */
function withoutFraction(text: string): string {
  const whole = text.length > MAX_LENGTH ? undefined : /^([-+]?\d*)\.\d*$/u.exec(text)?.[1];
  if (whole === undefined) return text;
  return /\d$/u.test(whole) ? whole : `${whole}0`;
}

/** Go on x86 makes the smallest int64 of what does not fit. */
function truncated(value: number): bigint {
  const whole = Number.isFinite(value) ? BigInt(Math.trunc(value)) : MIN_INT64;
  return whole > MAX_INT64 || whole < MIN_INT64 ? MIN_INT64 : whole;
}

/** strconv.ParseFloat; undefined where it fails, also for what is out of range. */
function parseFloat64(text: string): number | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const special = /^([+-]?)(?:inf(?:inity)?|(nan))$/iu.exec(text);
  if (special?.[2] !== undefined) return special[1] === '' ? NaN : undefined;
  if (special !== null) return special[1] === '-' ? -Infinity : Infinity;
  return readFloat(text);
}
