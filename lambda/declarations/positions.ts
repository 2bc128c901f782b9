import { isAlias, isMap, isNode, isScalar, isSeq } from 'yaml';
import type { Document, LineCounter, Node } from 'yaml';

/** A place in a file, from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Which part of a field is meant: its name, or what it holds. */
export type Part = 'key' | 'value';

interface Step {
  readonly key: Node | undefined;
  readonly value: Node | undefined;
}

/**
 * Where the field at a path stands. A mapping, a list and an empty value are found at their key, which is where one reads; for a field that is missing
 * the place is that of its nearest parent.
 */
export function locate(
  document: Document,
  lines: LineCounter,
  path: readonly PropertyKey[],
  part: Part,
): Place {
  let at: Step = { key: undefined, value: document.contents ?? undefined };
  let complete = true;
  for (const name of path) {
    const next = stepInto(document, at.value, name);
    complete = next !== undefined;
    if (next === undefined) break;
    at = next;
  }
  const filled = isScalar(at.value) && at.value.value !== null;
  const node = complete && part === 'value' && filled ? at.value : (at.key ?? at.value);
  const { line, col } = lines.linePos(node?.range?.[0] ?? 0);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

function stepInto(document: Document, node: Node | undefined, name: PropertyKey): Step | undefined {
  const holder = isAlias(node) ? node.resolve(document) : node;
  if (isSeq(holder)) {
    const item = typeof name === 'number' ? holder.items[name] : undefined;
    return isNode(item) ? { key: undefined, value: item } : undefined;
  }
  if (!isMap(holder)) return undefined;
  const pair = holder.items.find(({ key }) => isScalar(key) && key.value === String(name));
  return pair === undefined ? undefined : { key: nodeOf(pair.key), value: nodeOf(pair.value) };
}

function nodeOf(value: unknown): Node | undefined {
  return isNode(value) ? value : undefined;
}
