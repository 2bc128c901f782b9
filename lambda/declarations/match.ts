import type { SourceChange } from '../model/change.ts';
import { SERVICES } from '../model/config.ts';
import type { CompiledConfig, Store } from '../model/config.ts';
import { RE2JS } from 're2js';
import { findsOf, sourcesOf } from '../model/declaration.ts';
import type { Declaration, SourceRef } from '../model/declaration.ts';
import { NAMING } from '../model/naming.ts';
import type { FindQuery } from '../model/source.ts';

interface Index {
  /** What a reference's key may be called -> the declarations that have one. */
  readonly declarations: ReadonlyMap<string, readonly Declaration[]>;
  readonly finding: readonly Declaration[];
  readonly stores: ReadonlyMap<string, Store>;
}

/** Made with a configuration's first change, and once: ten thousand declarations are not searched for every event. */
const indexes = new WeakMap<CompiledConfig, Index>();

/** The declarations that a change may concern, each once. A needless one costs a look, a missing one a rotation: in doubt it is in. */
export function selectDeclarations(config: CompiledConfig, change: SourceChange): readonly Declaration[] {
  const { declarations, finding } = indexOf(config);
  const candidates = new Set([...change.ids.flatMap((id) => declarations.get(id) ?? []), ...finding]);
  return [...candidates].filter(
    (declaration) =>
      sourcesOf(declaration).some((ref) => matchesRef(config, ref, change)) ||
      findsOf(declaration).some((query) => matchesFind(config, query, change)),
  );
}

/** Whether a find may find the secret that changed, or may have found it. An event says nothing of tags, so they are not looked at. */
export function matchesFind(config: CompiledConfig, query: FindQuery, change: SourceChange): boolean {
  const store = indexOf(config).stores.get(query.store);
  if (store?.service !== change.service || store.region !== change.region) return false;
  // A find reads newest versions.
  if (change.kind === 'label') return false;
  const { path = '', name } = query;
  const expression = name === undefined ? undefined : RE2JS.compile(name);
  return change.ids.some(
    (id) => id.startsWith(path) && (expression === undefined || expression.matcher(id).find()),
  );
}

/** Whether a change may be about what a reference names: the same id, in the region where it is read, in the account that an ARN names. */
export function matchesRef(config: CompiledConfig, ref: SourceRef, change: SourceChange): boolean {
  const store = indexOf(config).stores.get(ref.store);
  const { candidates, parseArn } = NAMING[change.service];
  if (store?.service !== change.service) return false;
  // A label that moves changes nothing for whoever reads the newest version, or one by its number.
  if (change.kind === 'label' && /^(AWSCURRENT|\d+)$/u.test(ref.version)) return false;
  if (!candidates(ref.key).some((id) => change.ids.includes(id))) return false;
  const arn = parseArn(ref.key);
  if (arn !== undefined) return arn.region === change.region && arn.account === change.account;
  return store.region === change.region;
}

function indexOf(config: CompiledConfig): Index {
  const known = indexes.get(config);
  if (known !== undefined) return known;
  const declarations = new Map<string, Declaration[]>();
  for (const declaration of config.declarations) {
    for (const key of new Set(sourcesOf(declaration).map(({ key: id }) => id))) {
      for (const id of new Set(SERVICES.flatMap((service) => NAMING[service].candidates(key)))) {
        const same = declarations.get(id);
        if (same === undefined) declarations.set(id, [declaration]);
        else same.push(declaration);
      }
    }
  }
  const finding = config.declarations.filter((declaration) => findsOf(declaration).length > 0);
  const index = { declarations, finding, stores: new Map(config.stores.map((store) => [store.name, store])) };
  indexes.set(config, index);
  return index;
}
