import { RelayError } from '../errors.ts';
import type { RewriteMerge } from '../model/value-options.ts';
import { marshal, parseObject, plainText } from './go-json.ts';
import type { Json } from './go-json.ts';

/**
 * Merges the values, each a JSON object, into keys or into one key (https://external-secrets.io/latest/guides/datafrom-rewrite/).
 *
 * @throws RelayError REWRITE_FAILED; it names keys, never values
 */
export function rewriteMerge(
  step: RewriteMerge,
  data: ReadonlyMap<string, Uint8Array>,
  where: string,
): Map<string, Uint8Array> {
  const { merged, conflicts } = mergeAll(step, data, where);
  if (step.conflictPolicy === 'Error' && conflicts.size > 0) {
    const names = [...conflicts].toSorted().map((key) => JSON.stringify(key));
    throw new RelayError(
      'REWRITE_FAILED',
      `${where}: merge finds ${names.join(', ')} in several values; rename them in the secrets, or set conflictPolicy Ignore and a priority`,
    );
  }
  if (step.strategy === 'Extract')
    return new Map([...merged].map(([key, value]) => [key, Buffer.from(plainText(value))]));
  const text = marshal(Object.fromEntries(merged), false);
  return new Map([...data, [step.into, Buffer.from(text)]]);
}

function mergeAll(
  step: RewriteMerge,
  data: ReadonlyMap<string, Uint8Array>,
  where: string,
): { readonly merged: ReadonlyMap<string, Json>; readonly conflicts: ReadonlySet<string> } {
  const merged = new Map<string, Json>();
  const conflicts = new Set<string>();
  for (const key of inOrder(step, data)) {
    const value = data.get(key);
    if (value === undefined) {
      if (step.priorityPolicy === 'IgnoreNotFound') continue;
      throw new RelayError(
        'REWRITE_FAILED',
        `${where}: merge.priority names ${JSON.stringify(key)}, which is not among the keys; correct it, or set priorityPolicy IgnoreNotFound`,
      );
    }
    for (const [name, member] of membersOf(key, value, where)) {
      if (merged.has(name)) conflicts.add(name);
      merged.set(name, member);
    }
  }
  return { merged, conflicts };
}

/** By name, and those with priority last, so that they win. */
function inOrder({ priority }: RewriteMerge, data: ReadonlyMap<string, Uint8Array>): readonly string[] {
  const others = [...data.keys()].filter((key) => !priority.includes(key));
  return [...others.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))), ...priority];
}

function membersOf(key: string, value: Uint8Array, where: string): ReadonlyMap<string, Json> {
  const members = parseObject(Buffer.from(value).toString('utf8'));
  if (members !== undefined) return members;
  throw new RelayError(
    'REWRITE_FAILED',
    `${where}: merge needs JSON objects, and the value of ${JSON.stringify(key)} is none; store an object, or leave the key out of the item`,
  );
}
