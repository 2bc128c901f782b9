import { textOf } from '../format.ts';
import { FunctionError } from '../template-error.ts';
import { int, kindOf } from '../value.ts';
import type { Value } from '../value.ts';

/** A value as sprig makes a text of it: as `print` shows it, but bytes as the text that they are. */
export function plain(value: Value): string {
  if (typeof value === 'string') return value;
  return value !== null && typeof value === 'object' && value.kind === 'bytes' ? value.value : textOf(value);
}

/** The items of a list, or undefined for what is none. Bytes count as a list of numbers. */
export function itemsIn(value: Value): readonly Value[] | undefined {
  if (value === null || typeof value !== 'object') return undefined;
  if (value.kind === 'list') return value.items;
  if (value.kind !== 'bytes') return undefined;
  return Array.from(value.value, (char) => int(char.charCodeAt(0), 'uint8'));
}

/** The items of a list, for a function that fails for everything else. */
export function itemsOf(value: Value): readonly Value[] {
  const items = itemsIn(value);
  if (items === undefined)
    throw new FunctionError(`a list is expected, not a value of kind ${kindOf(value)}`);
  return items;
}

/** The items of a list as texts, without nil; one text for what is no list. */
export function textsOf(value: Value): readonly string[] {
  const items = itemsIn(value);
  if (items === undefined) return value === null ? [] : [plain(value)];
  return items.filter((item) => item !== null).map(plain);
}
