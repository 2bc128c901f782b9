import { LIMIT } from './limits.ts';
import { FunctionError } from './template-error.ts';
import type { Value } from './value.ts';

/** Characters, and items of lists, that a function may look at for the price of one step. */
const CHARS_PER_STEP = 16;
const ITEMS_PER_STEP = 16;

/** What an argument or a result costs in steps: large ones take their time. */
export function costOf(value: Value): number {
  if (typeof value === 'string') return value.length / CHARS_PER_STEP;
  if (value === null || typeof value === 'boolean') return 0;
  switch (value.kind) {
    case 'bytes':
      return value.value.length / CHARS_PER_STEP;
    case 'list':
      return value.items.length / ITEMS_PER_STEP;
    case 'dict':
      return value.entries.size / ITEMS_PER_STEP;
    case 'int':
    case 'float':
    case 'struct':
      return 0;
  }
}

/**
 * What walking all through a value costs in steps. A list may hold itself, or the same list twice over many levels, so that walking
 * through a small one never ends: more items than the limit, or deeper than it, is refused.
 */
export function costOfWalk(value: Value): number {
  const walk = { items: 0, cost: 0 };
  walkInto(value, walk, 0);
  return walk.cost + walk.items / ITEMS_PER_STEP;
}

function walkInto(value: Value, walk: { items: number; cost: number }, depth: number): void {
  walk.items++;
  if (walk.items > LIMIT.items) throw new FunctionError(`an argument holds more than ${LIMIT.items} items`);
  if (depth > LIMIT.nesting)
    throw new FunctionError(`lists and dicts are nested more than ${LIMIT.nesting} deep`);
  if (typeof value !== 'object' || (value?.kind !== 'list' && value?.kind !== 'dict')) {
    walk.cost += costOf(value);
    return;
  }
  for (const item of value.kind === 'list' ? value.items : value.entries.values())
    walkInto(item, walk, depth + 1);
}
