import type { Store } from '../model/config.ts';
import type { SecretSource } from '../model/source.ts';
import { sourceByStore } from './by-store.ts';

/**
 * One source over any list of stores. Those that read the same place as the same identity share a client, however many there are of them and
 * whenever they are named, so that connections and credentials outlive an invocation.
 */
export function storeSources(
  open: (store: Store) => SecretSource,
): (stores: readonly Store[]) => SecretSource {
  const opened = new Map<string, SecretSource>();
  const sourceFor = (store: Store): SecretSource => {
    const { service, region, identity } = store;
    const place = JSON.stringify([service, region, identity ?? null]);
    const known = opened.get(place);
    if (known !== undefined) return known;
    const source = open(store);
    opened.set(place, source);
    return source;
  };
  return (stores) =>
    sourceByStore(new Map(stores.map((store) => [store.name, within(store, sourceFor(store))] as const)));
}

/** Limits what a find may see to the names that the store's configuration allows; names that are asked for were checked before. */
function within({ secrets }: Store, source: SecretSource): SecretSource {
  return {
    read: (refs, signal) => source.read(refs, signal),
    find: (query, signal) => source.find({ ...query, within: secrets }, signal),
  };
}
