import type { SourceChange } from '../model/change.ts';
import type { CompiledConfig, Store } from '../model/config.ts';
import { sourcesOf } from '../model/declaration.ts';
import type { Declaration, SourceRef } from '../model/declaration.ts';
import { parseSecretArn, secretIdCandidates } from '../model/secret-ids.ts';

interface Index {
  /** What a reference's key may be called -> the declarations that have one. */
  readonly declarations: ReadonlyMap<string, readonly Declaration[]>;
  readonly stores: ReadonlyMap<string, Store>;
}

/** Made with a configuration's first change, and once: ten thousand declarations are not searched for every event. */
const indexes = new WeakMap<CompiledConfig, Index>();

/** The declarations that a change may concern, each once. A needless one costs a look, a missing one a rotation: in doubt it is in. */
export function selectDeclarations(config: CompiledConfig, change: SourceChange): readonly Declaration[] {
  const { declarations } = indexOf(config);
  const candidates = new Set(change.ids.flatMap((id) => declarations.get(id) ?? []));
  return [...candidates].filter((declaration) =>
    sourcesOf(declaration).some((ref) => matchesRef(config, ref, change)),
  );
}

/** Whether a change may be about the secret that a reference names: the same id, in the region where it is read, in the account that an ARN names. */
export function matchesRef(config: CompiledConfig, ref: SourceRef, change: SourceChange): boolean {
  if (!secretIdCandidates(ref.key).some((id) => change.ids.includes(id))) return false;
  const arn = parseSecretArn(ref.key);
  if (arn !== undefined) return arn.region === change.region && arn.account === change.account;
  return indexOf(config).stores.get(ref.store)?.region === change.region;
}

function indexOf(config: CompiledConfig): Index {
  const known = indexes.get(config);
  if (known !== undefined) return known;
  const declarations = new Map<string, Declaration[]>();
  for (const declaration of config.declarations) {
    for (const key of new Set([...declaration.extracts, ...declaration.data].map(({ ref }) => ref.key))) {
      for (const id of secretIdCandidates(key)) {
        const same = declarations.get(id);
        if (same === undefined) declarations.set(id, [declaration]);
        else same.push(declaration);
      }
    }
  }
  const index = { declarations, stores: new Map(config.stores.map((store) => [store.name, store])) };
  indexes.set(config, index);
  return index;
}
