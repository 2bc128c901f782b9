import { LIMIT } from '../limits.ts';
import { FunctionError } from '../template-error.ts';
import { ANY_DICT, isTrue } from '../value.ts';
import type { GoDict, Value } from '../value.ts';

/**
 * Merges a dict into another, which is changed, as mergo does (https://pkg.go.dev/dario.cat/mergo).
 *
 * | the target's value     | the source's | keep      | overwrite |
 * |------------------------|--------------|-----------|-----------|
 * | missing or empty       | anything     | source    | source    |
 * | a dict                 | a dict       | merged    | merged    |
 * | anything else          | anything     | target    | source    |
 *
 * What is empty is what `if` takes for false. Nil in the source counts as missing under `keep`.
 */
export function merge(target: GoDict, source: GoDict, how: 'keep' | 'overwrite'): void {
  mergeInto({ how, items: 0 }, { target, source, depth: 0 });
}

interface Merging {
  readonly how: 'keep' | 'overwrite';
  items: number;
}

interface Pair {
  readonly target: GoDict;
  readonly source: GoDict;
  readonly depth: number;
}

/** Bounded, because a dict that comes to hold itself is only found here. */
function mergeInto(merging: Merging, { target, source, depth }: Pair): void {
  if (depth > LIMIT.nesting) throw new FunctionError(`dicts are nested more than ${LIMIT.nesting} deep`);
  for (const [key, value] of [...source.entries]) {
    merging.items++;
    if (merging.items > LIMIT.items) throw new FunctionError(`the dicts hold more than ${LIMIT.items} items`);
    mergeValue(merging, { target, source, depth }, { key, value });
  }
}

function mergeValue(
  merging: Merging,
  { target, source, depth }: Pair,
  { key, value }: { readonly key: string; readonly value: Value },
): void {
  const overwrites = merging.how === 'overwrite';
  if (value === null && !overwrites) return;
  const held = target.entries.get(key) ?? null;
  if (isDict(held) && isDict(value)) mergeInto(merging, { target: held, source: value, depth: depth + 1 });
  if (isTrue(held) && ((isDict(held) && isDict(value)) || !overwrites)) return;
  if (target.type !== ANY_DICT && target.type !== source.type)
    throw new FunctionError(`a ${target.type} cannot take what a ${source.type} holds`);
  target.entries.set(key, value);
}

function isDict(value: Value): value is GoDict {
  return typeof value === 'object' && value?.kind === 'dict';
}
