import type { Value } from '../value.ts';

/** A copy that shares no list and no dict with the value. The engine has bounded how deep the value is. */
export function copyOf(value: Value): Value {
  if (value === null || typeof value !== 'object') return value;
  if (value.kind === 'list') return { ...value, items: value.items.map(copyOf) };
  if (value.kind !== 'dict') return value;
  const entries = [...value.entries].map(([key, item]): [string, Value] => [key, copyOf(item)]);
  return { ...value, entries: new Map(entries) };
}
