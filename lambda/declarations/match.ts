import type { SourceChange } from '../model/change.ts';
import type { CompiledConfig } from '../model/config.ts';
import { sourcesOf } from '../model/declaration.ts';
import type { Declaration, SourceRef } from '../model/declaration.ts';
import { secretIdCandidates } from '../model/secret-ids.ts';

/** Key -> the declarations that reference it; made once per configuration. */
const indexes = new WeakMap<CompiledConfig, ReadonlyMap<string, readonly Declaration[]>>();

/** The declarations that a change may concern, each once. A needless one costs a look, a missing one a rotation: in doubt it is in. */
export function selectDeclarations(config: CompiledConfig, change: SourceChange): readonly Declaration[] {
  const index = indexOf(config);
  const candidates = new Set(change.ids.flatMap((id) => index.get(id) ?? []));
  return [...candidates].filter((declaration) => sourcesOf(declaration).some((ref) => matchesRef(config, ref, change)));
}

/** Whether a change may be about the secret that a reference names: the same id, in the region where the reference is read. */
export function matchesRef(config: CompiledConfig, ref: SourceRef, change: SourceChange): boolean {
  if (!secretIdCandidates(ref.key).some((id) => change.ids.includes(id))) return false;
  const store = config.stores.find(({ name }) => name === ref.store);
  return store?.region === change.region;
}

function indexOf(config: CompiledConfig): ReadonlyMap<string, readonly Declaration[]> {
  const known = indexes.get(config);
  if (known !== undefined) return known;
  const entries = config.declarations.flatMap((declaration) =>
    sourcesOf(declaration).flatMap((ref) => secretIdCandidates(ref.key).map((key) => ({ key, declaration }))),
  );
  const index = new Map(Map.groupBy(entries, ({ key }) => key).entries().map(([key, found]) => [key, found.map((entry) => entry.declaration)]));
  indexes.set(config, index);
  return index;
}
