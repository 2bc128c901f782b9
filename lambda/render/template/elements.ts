import { FunctionError } from './template-error.ts';
import { elementType, int, list, typeOf } from './value.ts';
import type { GoDict, Value } from './value.ts';

/** `index`: `index x 1 "a"` is `x[1]["a"]`. A key that is not there gives the zero value, an index out of range fails. */
export function elementAt(item: Value, indexes: readonly Value[]): Value {
  if (item === null) throw new FunctionError('index of untyped nil');
  return indexes.reduce<Value>((container, index) => step(container, index), item);
}

function step(container: Value, index: Value): Value {
  if (container === null) throw new FunctionError('index of nil pointer');
  if (typeof container === 'string') return byteAt(container, index);
  if (typeof container === 'object') {
    if (container.kind === 'bytes') return byteAt(container.value, index);
    if (container.kind === 'list') return container.items[within(index, container.items.length)] ?? null;
    if (container.kind === 'dict') return entryOf(container, index);
  }
  throw new FunctionError(`can't index item of type ${typeOf(container)}`);
}

function byteAt(text: string, index: Value): Value {
  return int(text.charCodeAt(within(index, text.length)), 'uint8');
}

function entryOf(container: GoDict, key: Value): Value {
  if (key === null) throw new FunctionError('value is nil; should be of type string');
  if (typeof key !== 'string') throw new FunctionError(`value has type ${typeOf(key)}; should be string`);
  return container.entries.get(key) ?? zeroOf(elementType(container));
}

/** The zero value of a type, as a map gives it for a key that it does not hold. */
function zeroOf(type: string): Value {
  switch (type) {
    case 'string':
      return '';
    case 'bool':
      return false;
    case 'int':
    case 'int64':
      return int(0, type);
    default:
      return null;
  }
}

/** `slice`: `slice x 1 2` is `x[1:2]`. */
export function sliceOf(item: Value, indexes: readonly Value[]): Value {
  if (item === null) throw new FunctionError('slice of untyped nil');
  if (indexes.length > 3) throw new FunctionError(`too many slice indexes: ${indexes.length}`);
  if (typeof item === 'string') {
    if (indexes.length === 3) throw new FunctionError('cannot 3-index slice a string');
    return item.slice(...bounds(indexes, item.length));
  }
  if (typeof item === 'object' && item.kind === 'bytes')
    return { ...item, value: item.value.slice(...bounds(indexes, item.value.length)) };
  if (typeof item === 'object' && item.kind === 'list')
    return list(item.items.slice(...bounds(indexes, item.items.length)), item.type);
  throw new FunctionError(`can't slice item of type ${typeOf(item)}`);
}

function bounds(indexes: readonly Value[], length: number): [number, number] {
  const [start = 0, end = length, capacity = length] = indexes.map((index) => position(index, length));
  if (start > end) throw new FunctionError('invalid slice index: the start lies behind the end');
  if (end > capacity) throw new FunctionError('invalid slice index: the end lies behind the capacity');
  return [start, end];
}

function within(index: Value, length: number): number {
  const at = position(index, length);
  if (at === length) throw new FunctionError('index out of range');
  return at;
}

function position(index: Value, length: number): number {
  if (index === null) throw new FunctionError('cannot index slice/array with nil');
  if (typeof index !== 'object' || index.kind !== 'int')
    throw new FunctionError(`cannot index slice/array with type ${typeOf(index)}`);
  if (index.value < 0n || index.value > BigInt(length)) throw new FunctionError('index out of range');
  return Number(index.value);
}

/** `len`: bytes of a string, items of a list, entries of a dict. */
export function lengthOf(item: Value): Value {
  if (typeof item === 'string') return int(item.length);
  if (typeof item === 'object' && item !== null) {
    if (item.kind === 'bytes') return int(item.value.length);
    if (item.kind === 'list') return int(item.items.length);
    if (item.kind === 'dict') return int(item.entries.size);
  }
  throw new FunctionError(item === null ? 'len of nil pointer' : `len of type ${typeOf(item)}`);
}
