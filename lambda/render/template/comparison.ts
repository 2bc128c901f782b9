import { FunctionError } from './template-error.ts';
import { typeOf } from './value.ts';
import type { Value } from './value.ts';

/** What Go's comparison functions can tell apart. */
type Comparable =
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'int' | 'uint'; readonly value: bigint }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string };

/**
 * `eq`: whether the first equals any of the others. Integers compare by value whatever their width and sign; other types must be the same.
 *
 * @throws FunctionError where two types do not compare
 */
export function isEqualToAny(first: Value, others: readonly Value[]): boolean {
  if (others.length === 0) throw new FunctionError('missing argument for comparison');
  return others.some((other) => isEqual(first, other));
}

/** `lt`: by number, or for strings by bytes. */
export function isLess(left: Value, right: Value): boolean {
  const a = orderedOf(left);
  const b = orderedOf(right);
  if (!areAlike(a, b)) throw incompatible(left, right);
  if (a.kind === 'bool') throw new FunctionError('invalid type for comparison');
  return a.value < b.value;
}

/** `le`. */
export function isLessOrEqual(left: Value, right: Value): boolean {
  return isLess(left, right) || isEqual(left, right);
}

function isEqual(left: Value, right: Value): boolean {
  const a = comparableOf(left);
  const b = comparableOf(right);
  if (a !== undefined && b !== undefined) {
    if (!areAlike(a, b)) throw incompatible(left, right);
    return a.value === b.value;
  }
  if (left === null || right === null) return isNil(left) && isNil(right);
  if (a !== undefined || b !== undefined) throw incompatible(left, right);
  return isSame(left, right);
}

/** Lists and dicts have no equality in Go, except with nil. */
function isSame(left: Value, right: Value): boolean {
  const kinds = [left, right].map((value) => (typeof value === 'object' ? value?.kind : undefined));
  if (isNil(left) || isNil(right)) return isNil(left) && isNil(right);
  if (kinds[0] === 'struct' && kinds[1] === 'struct') return left === right;
  throw new FunctionError(`non-comparable types ${typeOf(left)} and ${typeOf(right)}`);
}

function isNil(value: Value): boolean {
  return value === null || (typeof value === 'object' && value.kind === 'list' && value.isNil);
}

function areAlike(a: Comparable, b: Comparable): boolean {
  return a.kind === b.kind || (isInteger(a) && isInteger(b));
}

function isInteger({ kind }: Comparable): boolean {
  return kind === 'int' || kind === 'uint';
}

function orderedOf(value: Value): Comparable {
  const comparable = comparableOf(value);
  if (comparable === undefined) throw new FunctionError('invalid type for comparison');
  return comparable;
}

function comparableOf(value: Value): Comparable | undefined {
  if (typeof value === 'boolean') return { kind: 'bool', value };
  if (typeof value === 'string') return { kind: 'string', value };
  if (value?.kind === 'float') return { kind: 'float', value: value.value };
  if (value?.kind === 'int') return { kind: value.type.startsWith('u') ? 'uint' : 'int', value: value.value };
  return undefined;
}

function incompatible(left: Value, right: Value): FunctionError {
  return new FunctionError(`incompatible types for comparison: ${typeOf(left)} and ${typeOf(right)}`);
}
