import type { Store } from '../model/config.ts';
import type { Configured } from './config-file.ts';
import type { ExternalSecret } from './external-secret-schema.ts';
import type { Report } from './own-annotations.ts';
import { didYouMean, quote } from './problems.ts';

/** What an ExternalSecret is looked at against: clusters and stores of keyrelay.yaml, or of the cluster that it lies in. */
export interface World extends Pick<Configured, 'clusters' | 'stores'> {
  /** Set for an object of a cluster: it is for that cluster, and stores are found by kind and name. */
  readonly inCluster?: {
    readonly name: string;
    /** The name in `stores` of what a reference calls so. */
    readonly storeName: (ref: StoreRef) => string;
  };
}

/** A store, as an ExternalSecret refers to it. */
export type StoreRef = NonNullable<ExternalSecret['spec']['secretStoreRef']>;

interface Item {
  readonly sourceRef: { readonly storeRef: StoreRef } | undefined;
  readonly path: readonly PropertyKey[];
}

/** The store that an item names, or all items together do; one that is not there is reported. */
export function storeOf(
  { sourceRef, path }: Item,
  common: StoreRef | undefined,
  { stores, inCluster }: World,
  report: Report,
): Store | undefined {
  const own = sourceRef?.storeRef;
  const ref = own ?? common;
  if (ref === undefined) {
    report(path, 'no store', 'spec.secretStoreRef for all items, or sourceRef.storeRef for this one');
    return undefined;
  }
  const name = inCluster?.storeName(ref) ?? ref.name;
  const store = stores.find((candidate) => candidate.name === name);
  if (store !== undefined) return store;
  const at =
    own === undefined ? ['spec', 'secretStoreRef', 'name'] : [...path, 'sourceRef', 'storeRef', 'name'];
  if (inCluster !== undefined) {
    report(
      at,
      `the ${ref.kind} ${quote(ref.name)}`,
      'one that is there, is valid and is open to this namespace',
    );
    return undefined;
  }
  const known = stores.map((candidate) => candidate.name);
  const meant = didYouMean(ref.name, known);
  const hint = meant === undefined ? '' : `; did you mean ${meant}?`;
  report(at, quote(ref.name), `a store of keyrelay.yaml (${known.join(', ')})${hint}`);
  return undefined;
}
