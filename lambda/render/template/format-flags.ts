import { runeCount } from './go-string.ts';

/** What stands between `%` and the verb. */
export interface Flags {
  minus: boolean;
  plus: boolean;
  sharp: boolean;
  space: boolean;
  zero: boolean;
  /** `%+v` and `%#v`, for which `plus` and `sharp` are off. */
  plusV: boolean;
  sharpV: boolean;
  width: number | undefined;
  precision: number | undefined;
}

/** No flags at all. */
export function noFlags(): Flags {
  return {
    minus: false,
    plus: false,
    sharp: false,
    space: false,
    zero: false,
    plusV: false,
    sharpV: false,
    width: undefined,
    precision: undefined,
  };
}

/** The text, filled up to the width (counted in code points) on the side that the flags say. */
export function pad(text: string, flags: Flags): string {
  return padBy(text, (flags.width ?? 0) - (flags.width === undefined ? 0 : runeCount(text)), flags);
}

/** The text with that many spaces (or zeros, which stand on the left only). */
export function padBy(text: string, count: number, flags: Flags): string {
  if (count <= 0) return text;
  if (flags.minus) return text + ' '.repeat(count);
  return (flags.zero ? '0' : ' ').repeat(count) + text;
}
