import { noFlags } from './format-flags.ts';
import type { Flags } from './format-flags.ts';
import { printOperand } from './format-value.ts';
import { decodeRune, encodeRune } from './go-string.ts';
import { TextWriter } from './text-writer.ts';
import { typeOf } from './value.ts';
import type { Value } from './value.ts';

/** Go's bound for widths, precisions and argument numbers; larger ones count as none. */
const MAX_NUMBER = 1_000_000;

/** What a template prints for one value: `%v`. */
export function textOf(value: Value): string {
  return sprint([value]);
}

/** fmt.Sprint: each value under `%v`, with a space between two of which neither is a string. */
export function sprint(values: readonly Value[]): string {
  const writer = new TextWriter();
  values.forEach((value, index) => {
    const spaced = index > 0 && typeof value !== 'string' && typeof values[index - 1] !== 'string';
    if (spaced) writer.write(' ');
    printOperand({ writer, flags: noFlags(), isReporting: false }, value, 'v');
  });
  return writer.toString();
}

/** fmt.Sprintln: each value under `%v`, spaces between all, and a line's end. */
export function sprintln(values: readonly Value[]): string {
  const writer = new TextWriter();
  values.forEach((value, index) => {
    if (index > 0) writer.write(' ');
    printOperand({ writer, flags: noFlags(), isReporting: false }, value, 'v');
  });
  writer.write('\n');
  return writer.toString();
}

/** fmt.Sprintf: what does not fit is said in the text, as in `%!d(string=x)` and `%!s(MISSING)`. */
export function sprintf(format: string, values: readonly Value[]): string {
  const scan: Scan = {
    format,
    values,
    pos: 0,
    next: 0,
    isReordered: false,
    isGoodIndex: true,
    writer: new TextWriter(),
  };
  while (scan.pos < format.length) {
    const percent = format.indexOf('%', scan.pos);
    const end = percent < 0 ? format.length : percent;
    scan.writer.write(format.slice(scan.pos, end));
    scan.pos = end + 1;
    if (percent >= 0) printVerb(scan);
  }
  if (!scan.isReordered && scan.next < values.length) printExtra(scan);
  return scan.writer.toString();
}

/** How far a format has been read, and which value comes next. */
interface Scan {
  readonly format: string;
  readonly values: readonly Value[];
  readonly writer: TextWriter;
  pos: number;
  next: number;
  /** An argument index (`%[2]d`) was used: values left over are meant. */
  isReordered: boolean;
  isGoodIndex: boolean;
}

/** One verb, after its `%`. */
function printVerb(scan: Scan): void {
  const { writer } = scan;
  scan.isGoodIndex = true;
  const flags = readFlags(scan);
  let indexed = readIndex(scan);
  indexed = readWidth(scan, flags, indexed);
  indexed = readPrecision(scan, flags, indexed);
  if (!indexed) readIndex(scan);
  const verb = readVerb(scan);
  const value = scan.values[scan.next];
  const problem = problemOf(scan, verb, value);
  if (problem !== undefined || value === undefined) {
    writer.write(problem ?? '');
    return;
  }
  scan.next++;
  const shownFlags = verb === 'v' || verb === 'w' ? forV(flags) : flags;
  printOperand({ writer, flags: shownFlags, isReporting: false }, value, verb);
}

function readVerb(scan: Scan): string {
  if (scan.pos >= scan.format.length) return '';
  const { rune, width } = decodeRune(scan.format, scan.pos);
  scan.pos += width;
  return encodeRune(rune);
}

/** What stands there instead of a value, if no value does. */
function problemOf(scan: Scan, verb: string, value: Value | undefined): string | undefined {
  if (verb === '') return '%!(NOVERB)';
  if (verb === '%') return '%';
  if (!scan.isGoodIndex) return `%!${verb}(BADINDEX)`;
  return value === undefined ? `%!${verb}(MISSING)` : undefined;
}

function readFlags(scan: Scan): Flags {
  const flags = noFlags();
  for (; ; scan.pos++) {
    switch (scan.format.charAt(scan.pos)) {
      case '#':
        flags.sharp = true;
        break;
      case '0':
        flags.zero = true;
        break;
      case '+':
        flags.plus = true;
        break;
      case '-':
        flags.minus = true;
        break;
      case ' ':
        flags.space = true;
        break;
      default:
        return flags;
    }
  }
}

function forV(flags: Flags): Flags {
  return { ...flags, sharpV: flags.sharp, sharp: false, plusV: flags.plus, plus: false };
}

/** `[2]`: the next value is the second. Gives whether there was one. */
function readIndex(scan: Scan): boolean {
  const { format, pos } = scan;
  if (format.charAt(pos) !== '[') return false;
  scan.isReordered = true;
  const close = format.indexOf(']', pos);
  if (close < 0 || format.length - pos < '[n]'.length) {
    scan.isGoodIndex = false;
    scan.pos = pos + 1;
    return false;
  }
  scan.pos = close + 1;
  const digits = format.slice(pos + 1, close);
  const index = /^\d+$/u.test(digits) ? Number(digits) : 0;
  const isNumber = /^\d+$/u.test(digits) && index <= MAX_NUMBER;
  if (isNumber && index >= 1 && index <= scan.values.length) scan.next = index - 1;
  else scan.isGoodIndex = false;
  return isNumber;
}

function readWidth(scan: Scan, flags: Flags, indexed: boolean): boolean {
  if (scan.format.charAt(scan.pos) !== '*') {
    flags.width = readNumber(scan);
    if (indexed && flags.width !== undefined) scan.isGoodIndex = false;
    return indexed;
  }
  scan.pos++;
  const width = readStar(scan);
  if (width === undefined) scan.writer.write('%!(BADWIDTH)');
  flags.width = width === undefined ? undefined : Math.abs(width);
  if (width !== undefined && width < 0) {
    flags.minus = true;
    flags.zero = false;
  }
  return false;
}

function readPrecision(scan: Scan, flags: Flags, indexed: boolean): boolean {
  if (scan.format.charAt(scan.pos) !== '.' || scan.pos + 1 >= scan.format.length) return indexed;
  scan.pos++;
  if (indexed) scan.isGoodIndex = false;
  const reindexed = readIndex(scan);
  if (scan.format.charAt(scan.pos) !== '*') {
    flags.precision = readNumber(scan) ?? 0;
    return reindexed;
  }
  scan.pos++;
  const precision = readStar(scan);
  flags.precision = precision !== undefined && precision >= 0 ? precision : undefined;
  if (flags.precision === undefined) scan.writer.write('%!(BADPREC)');
  return false;
}

/** `*`: the next value, if it is an integer of a sensible size. */
function readStar(scan: Scan): number | undefined {
  const value = scan.values[scan.next];
  if (value === undefined) return undefined;
  scan.next++;
  if (typeof value !== 'object' || value?.kind !== 'int') return undefined;
  const number = Number(value.value);
  return Math.abs(number) <= MAX_NUMBER ? number : undefined;
}

/** A number; one of absurd length spoils the rest of the format, as in Go. */
function readNumber(scan: Scan): number | undefined {
  const { format } = scan;
  const start = scan.pos;
  let number = 0;
  for (; /^\d$/u.test(format.charAt(scan.pos)); scan.pos++) {
    if (number > MAX_NUMBER) {
      scan.pos = format.length;
      return undefined;
    }
    number = number * 10 + Number(format.charAt(scan.pos));
  }
  return scan.pos === start ? undefined : number;
}

/** Values that no verb asked for. */
function printExtra(scan: Scan): void {
  const { writer } = scan;
  writer.write('%!(EXTRA ');
  scan.values.slice(scan.next).forEach((value, index) => {
    if (index > 0) writer.write(', ');
    if (value !== null) writer.write(`${typeOf(value)}=`);
    printOperand({ writer, flags: noFlags(), isReporting: false }, value, 'v');
  });
  writer.write(')');
}
