import { RelayError } from '../errors.ts';
import { declarationId } from '../model/declaration.ts';
import type { Declaration } from '../model/declaration.ts';
import type { Namespace } from '../model/ports.ts';
import { claimsOf } from './conflicts.ts';
import { isSelected } from './expand.ts';

/** What files declare in one cluster, as the labels of its namespaces have it. */
export interface FiledSelection {
  /** Of those with selectors, the ones that count. */
  readonly selected: ReadonlySet<Declaration>;
  /** Selected, and in the way of another declaration. */
  readonly refused: readonly { readonly namespace: string; readonly error: RelayError }[];
  /** `namespace/name` of these: what they may have written before is left alone. */
  readonly undecided: ReadonlySet<string>;
}

/** Whether labels of namespaces decide about a declaration of a cluster. */
export function isConditional({ clusters, selectors }: Declaration, cluster: string): boolean {
  return selectors !== undefined && clusters.includes(cluster);
}

/**
 * Decides which declarations of ClusterExternalSecrets in files count in a cluster. An ExternalSecret of the name or Secret wins, as with ESO; of two
 * that are selected the first does. Pure.
 */
export function selectFiled(
  cluster: string,
  declarations: readonly Declaration[],
  namespaces: readonly Namespace[],
): FiledSelection {
  const known = new Map(namespaces.map((namespace) => [namespace.name, namespace]));
  const own = declarations.filter(({ clusters }) => clusters.includes(cluster));
  const claimed = new Set(own.filter(({ selectors }) => selectors === undefined).flatMap(claimsOf));
  const selected = new Set<Declaration>();
  const refused: Declaration[] = [];
  for (const declaration of own) {
    const { selectors, namespace } = declaration;
    const labelled = known.get(namespace);
    if (selectors === undefined || labelled === undefined || !isSelected({ selectors, names: [] }, labelled))
      continue;
    const claims = claimsOf(declaration);
    if (claims.some((claim) => claimed.has(claim))) refused.push(declaration);
    else {
      selected.add(declaration);
      for (const claim of claims) claimed.add(claim);
    }
  }
  return {
    selected,
    refused: refused.map((declaration) => ({
      namespace: declaration.namespace,
      error: conflict(cluster, declaration),
    })),
    undecided: new Set(refused.map(declarationId)),
  };
}

function conflict(cluster: string, declaration: Declaration): RelayError {
  const { namespace, target } = declaration;
  return new RelayError(
    'DECLARATION_CONFLICT',
    `${cluster}/${declarationId(declaration)}, of a ClusterExternalSecret in the files, is left out: another declaration has its name or writes the Secret ${namespace}/${target.name}; rename one of them, or exclude the namespace by its label kubernetes.io/metadata.name`,
  );
}

/** The declarations without those that do not count; clusters that were not looked at have none with selectors. */
export function withSelected(
  declarations: readonly Declaration[],
  selections: ReadonlyMap<string, FiledSelection>,
): readonly Declaration[] {
  return declarations.flatMap((declaration) => {
    if (declaration.selectors === undefined) return [declaration];
    const clusters = declaration.clusters.filter((name) => selections.get(name)?.selected.has(declaration));
    return clusters.length === 0 ? [] : [{ ...declaration, clusters }];
  });
}
