import type { Store } from '../model/config.ts';
import { NOTHING_KNOWN } from '../model/source.ts';
import type { SecretSource, Survey, SurveyRequest } from '../model/source.ts';
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
  return (stores) => {
    const opening = stores.map((store) => ({ store, source: sourceFor(store) }));
    const limited = opening.map(({ store, source }) => [store.name, within(store, source)] as const);
    return {
      ...sourceByStore(new Map(limited)),
      survey: (request, signal) => survey(request, opening, signal),
    };
  };
}

/** Limits what a find may see to the names that the store's configuration allows; names that are asked for were checked before. */
function within({ secrets }: Store, source: SecretSource): Pick<SecretSource, 'read' | 'find'> {
  return {
    read: (refs, signal) => source.read(refs, signal),
    find: (query, signal) => source.find({ ...query, within: secrets }, signal),
  };
}

interface Opened {
  readonly store: Store;
  readonly source: SecretSource;
}

/** Each place is surveyed once, however many stores read it: every namespace of a cluster may have its own name for it. */
async function survey(
  { refs, queries }: SurveyRequest,
  opening: readonly Opened[],
  signal: AbortSignal,
): Promise<Survey> {
  const places = [...Map.groupBy(opening, ({ source }) => source)];
  const parts = await Promise.all(
    places.map(async ([source, opened]): Promise<Survey> => {
      const stores = new Map(opened.map(({ store }) => [store.name, store]));
      const asked = {
        refs: refs.filter((ref) => stores.has(ref.store)),
        queries: queries.flatMap((query) => {
          const store = stores.get(query.store);
          return store === undefined ? [] : [{ ...query, within: store.secrets }];
        }),
      };
      return asked.refs.length + asked.queries.length === 0 ? NOTHING_KNOWN : source.survey(asked, signal);
    }),
  );
  return {
    versions: new Map(parts.flatMap(({ versions }) => [...versions])),
    members: new Map(parts.flatMap(({ members }) => [...members])),
    failures: parts.flatMap(({ failures }) => failures),
  };
}
