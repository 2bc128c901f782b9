import { pad } from './format-flags.ts';
import type { Flags } from './format-flags.ts';
import { formatFloatVerb, formatInt, hexWithPrefix } from './format-number.ts';
import { formatText } from './format-text.ts';
import { LIMIT } from './limits.ts';
import { FunctionError } from './template-error.ts';
import type { TextWriter } from './text-writer.ts';
import { int, sortedKeys, typeOf } from './value.ts';
import type { GoDict, GoFloat, GoInt, GoList, GoStruct, Value } from './value.ts';

/** What one verb prints with. */
export interface Printer {
  readonly writer: TextWriter;
  readonly flags: Flags;
  /** Within `%!verb(type=value)`: no methods are called, so that a bad verb is not reported twice. */
  readonly isReporting: boolean;
}

/** Go hides no address, which would make the same template give other text each time. */
const ADDRESS = 0xc000010000n;

/** Prints one operand of a format. */
export function printOperand(printer: Printer, value: Value, verb: string): void {
  const { writer, flags } = printer;
  if (value === null) {
    if (verb === 'T' || verb === 'v') writer.write(pad('<nil>', flags));
    else badVerb(printer, value, verb);
  } else if (verb === 'T') {
    writer.write(formatText(typeOf(value), 's', flags) ?? '');
  } else if (verb === 'w' && !isScalar(value) && value.kind !== 'bytes') {
    badVerb(printer, value, verb);
  } else if (verb === 'p') {
    printAddress(printer, value, verb);
  } else {
    printValue(printer, value, { verb, depth: 0 });
  }
}

/** A value and how deep it lies in the operand. */
interface Place {
  readonly verb: string;
  readonly depth: number;
}

function printValue(printer: Printer, value: Value, place: Place): void {
  const { writer, flags } = printer;
  const { verb, depth } = place;
  if (depth > LIMIT.nesting)
    throw new FunctionError(`lists and dicts are nested more than ${LIMIT.nesting} deep`);
  if (value === null) writer.write(flags.sharpV ? 'interface {}(nil)' : '<nil>');
  else if (isScalar(value)) {
    const text = scalarText(value, verb, flags);
    if (text === undefined) badVerb(printer, value, verb);
    else writer.write(text);
  } else if (value.kind === 'bytes') printBytes(printer, value.value, place);
  else if (value.kind === 'list') printList(printer, value, place);
  else if (value.kind === 'dict') printDict(printer, value, place);
  else printStruct(printer, value, place);
}

type Scalar = boolean | string | GoInt | GoFloat;

function isScalar(value: Exclude<Value, null>): value is Scalar {
  return typeof value !== 'object' || value.kind === 'int' || value.kind === 'float';
}

/** Undefined where the verb is none for that type. */
function scalarText(value: Scalar, verb: string, flags: Flags): string | undefined {
  if (typeof value === 'string') return formatText(value, verb, flags);
  if (typeof value === 'boolean') return verb === 't' || verb === 'v' ? pad(String(value), flags) : undefined;
  return value.kind === 'int' ? formatInt(value, verb, flags) : formatFloatVerb(value.value, verb, flags);
}

/** `%!verb(type=value)`: what Go prints instead of failing. */
function badVerb(printer: Printer, value: Value, verb: string): void {
  const { writer } = printer;
  writer.write(`%!${verb}(`);
  if (value === null) writer.write('<nil>');
  else {
    writer.write(`${typeOf(value)}=`);
    printOperand({ ...printer, isReporting: true }, value, 'v');
  }
  writer.write(')');
}

function printAddress(printer: Printer, value: Exclude<Value, null>, verb: string): void {
  const { flags, writer } = printer;
  const isStruct = !isScalar(value) && value.kind === 'struct' && !value.type.startsWith('*');
  if (isScalar(value) || isStruct) badVerb(printer, value, verb);
  else if (flags.sharp) writer.write(formatInt(int(ADDRESS), 'x', { ...flags, sharp: false }) ?? '');
  else writer.write(hexWithPrefix(ADDRESS, flags));
}

function printBytes(printer: Printer, value: string, place: Place): void {
  const { flags } = printer;
  const { verb, depth } = place;
  const items = Array.from(value, (char) => int(char.charCodeAt(0), 'uint8'));
  if ('sqxX'.includes(verb)) printer.writer.write(formatText(value, verb, flags) ?? '');
  else if (depth === 0 && (verb === 'v' || verb === 'd') && flags.sharpV)
    printItems(printer, items, { ...place, open: '[]byte{', close: '}' });
  else printSequence(printer, items, { ...place, type: '[]uint8' });
}

function printList(printer: Printer, list: GoList, place: Place): void {
  if (printer.flags.sharpV && list.isNil) printer.writer.write(`${list.type}(nil)`);
  else printSequence(printer, list.items, { ...place, type: list.type });
}

function printSequence(
  printer: Printer,
  items: readonly Value[],
  place: Place & { readonly type: string },
): void {
  const { sharpV } = printer.flags;
  printItems(printer, items, { ...place, open: sharpV ? `${place.type}{` : '[', close: sharpV ? '}' : ']' });
}

function printItems(
  printer: Printer,
  items: readonly Value[],
  place: Place & { readonly open: string; readonly close: string },
): void {
  const { writer, flags } = printer;
  writer.write(place.open);
  items.forEach((item, index) => {
    if (index > 0) writer.write(flags.sharpV ? ', ' : ' ');
    printValue(printer, item, { verb: place.verb, depth: place.depth + 1 });
  });
  writer.write(place.close);
}

function printDict(printer: Printer, dict: GoDict, place: Place): void {
  const { writer, flags } = printer;
  const inner = { verb: place.verb, depth: place.depth + 1 };
  writer.write(flags.sharpV ? `${dict.type}{` : 'map[');
  sortedKeys(dict).forEach((key, index) => {
    if (index > 0) writer.write(flags.sharpV ? ', ' : ' ');
    printValue(printer, key, inner);
    writer.write(':');
    printValue(printer, dict.entries.get(key) ?? null, inner);
  });
  writer.write(flags.sharpV ? '}' : ']');
}

/** By its own String method where it has one, else by its fields; a pointer shows what it points to, but only at the top. */
function printStruct(printer: Printer, struct: GoStruct, place: Place): void {
  const { writer, flags, isReporting } = printer;
  const { verb, depth } = place;
  const asText = !isReporting && !flags.sharpV && 'vsxXq'.includes(verb) ? struct.text?.() : undefined;
  if (asText !== undefined) writer.write(formatText(asText, verb, flags) ?? '');
  else if (struct.type.startsWith('*') && depth > 0) printAddress(printer, struct, verb);
  else printFields(printer, struct, place);
}

function printFields(printer: Printer, struct: GoStruct, { verb, depth }: Place): void {
  const { writer, flags } = printer;
  writer.write(struct.type.startsWith('*') ? '&' : '');
  writer.write(flags.sharpV ? `${struct.type.replace('*', '')}{` : '{');
  [...struct.fields].forEach(([name, value], index) => {
    if (index > 0) writer.write(flags.sharpV ? ', ' : ' ');
    if (flags.plusV || flags.sharpV) writer.write(`${name}:`);
    printValue(printer, value, { verb, depth: depth + 1 });
  });
  writer.write('}');
}
