import { unquote } from '../json-string.ts';
import { kindOf, numberOf } from '../raw-value.ts';
import type { Member } from './members.ts';

/** Members by name, and those of one name by value: null, false, numbers, texts, true, and all else by its text. */
export function sortedMembers(members: readonly Member[]): readonly Member[] {
  return members.toSorted(
    (a, b) =>
      order(unquote(a.key), unquote(b.key)) || rank(a.value) - rank(b.value) || byValue(a.value, b.value),
  );
}

function byValue(a: string, b: string): number {
  const kind = kindOf(a);
  if (kind === 'number') return order(numberOf(a), numberOf(b));
  return kind === 'string' ? order(unquote(a), unquote(b)) : order(a, b);
}

function rank(raw: string): number {
  return ['null', 'false', 'number', 'string', 'true'].indexOf(kindOf(raw)) + 1 || 6;
}

function order<T extends string | number>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
