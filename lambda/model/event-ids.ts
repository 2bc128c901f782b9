import type { Change } from './change-marks.ts';
import type { Target } from './target.ts';

/**
 * The ids of the events that told of changes of Secrets of one cluster, by `namespace/name` of the Secret: what the log lines of a change have in common.
 * Nothing is decided by them, so that they may be cut.
 */
export type EventIds = ReadonlyMap<string, readonly string[]>;

export const NO_EVENT_IDS: EventIds = new Map();

/** A rotation makes up to three events. */
const MAX_PER_SECRET = 5;
/** So many Secrets' ids go with a message, which stays a small one: of the others, their own annotations tell the first event. */
const MAX_SECRETS = 100;

type Secret = Pick<Target, 'namespace' | 'name'>;

/** What a Secret is known by within its cluster. */
export function secretKey({ namespace, name }: Secret): string {
  return `${namespace}/${name}`;
}

/** All of them, as far as there is room: what comes first stays. */
export function mergedEventIds(entries: Iterable<readonly [string, readonly string[]]>): EventIds {
  const merged = new Map<string, readonly string[]>();
  for (const [key, ids] of entries) {
    const before = merged.get(key);
    if (ids.length === 0 || (before === undefined && merged.size === MAX_SECRETS)) continue;
    merged.set(key, [...new Set([...(before ?? []), ...ids])].slice(0, MAX_PER_SECRET));
  }
  return merged;
}

/** Those of some Secrets, each with what its own annotations say. */
export function eventIdsOf(
  secrets: Iterable<{ readonly target: Secret; readonly change: Pick<Change, 'event'> }>,
  ids: EventIds,
): readonly string[] {
  const found = [...secrets].flatMap(({ target, change }) => [
    ...(change.event === undefined ? [] : [change.event]),
    ...(ids.get(secretKey(target)) ?? []),
  ]);
  return [...new Set(found)];
}

/** Those of the Secrets of a namespace. */
export function eventIdsIn(namespace: string, ids: EventIds): readonly string[] {
  const found = [...ids].flatMap(([key, some]) => (key.startsWith(`${namespace}/`) ? some : []));
  return [...new Set(found)];
}

/** Those of the Secrets of some namespaces, without some Secrets. */
export function eventIdsWithin(
  namespaces: readonly string[],
  ids: EventIds,
  without: readonly Secret[] = [],
): EventIds {
  const dropped = new Set(without.map(secretKey));
  return new Map(
    [...ids].filter(
      ([key]) => !dropped.has(key) && namespaces.some((namespace) => key.startsWith(`${namespace}/`)),
    ),
  );
}
