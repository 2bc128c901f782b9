import { RelayError } from '../errors.ts';
import { sourceId } from '../model/declaration.ts';
import type { SecretSource, SourceResult } from '../model/source.ts';

/** One source over all stores: each reference goes to the store that it names. */
export function sourceByStore(
  stores: ReadonlyMap<string, Pick<SecretSource, 'read' | 'find'>>,
): Pick<SecretSource, 'read' | 'find'> {
  return {
    read: async (refs, signal) => {
      const perStore = [...Map.groupBy(refs, (ref) => ref.store)];
      const parts = await Promise.all(
        perStore.map(async ([name, own]): Promise<Iterable<readonly [string, SourceResult]>> => {
          const store = stores.get(name);
          return store === undefined
            ? own.map((ref) => [sourceId(ref), { kind: 'failure', error: unknownStore(name) }])
            : store.read(own, signal);
        }),
      );
      return new Map(parts.flatMap((part) => [...part]));
    },
    find: async (query, signal) =>
      stores.get(query.store)?.find(query, signal) ?? { kind: 'failure', error: unknownStore(query.store) },
  };
}

function unknownStore(name: string): RelayError {
  return new RelayError(
    'CONFIG_INVALID',
    `store ${name} is not configured; add it to stores in keyrelay.yaml`,
  );
}
