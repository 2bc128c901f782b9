import { declarationId } from '../model/declaration.ts';
import type { Declaration } from '../model/declaration.ts';
import { problemAt } from './check.ts';
import { formatPlace } from './problems.ts';
import type { Problem } from './problems.ts';
import type { YamlDocument } from './yaml-document.ts';

/** A declaration and where it was declared. */
export interface Located {
  readonly declaration: Declaration;
  readonly document: YamlDocument;
}

interface Claim {
  /** What two declarations may not both have in one cluster. */
  readonly of: (declaration: Declaration) => string | undefined;
  readonly path: (declaration: Declaration) => readonly PropertyKey[];
  readonly expected: string;
}

const CLAIMS: readonly Claim[] = [
  {
    of: (declaration) => `ExternalSecret ${declarationId(declaration)}`,
    path: () => ['metadata', 'name'],
    expected: 'another name, or other clusters',
  },
  {
    // Two that merge are no exception: both write with one field manager, so that each would remove the keys of the other
    // (https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management).
    of: ({ namespace, target }) =>
      target.creationPolicy === 'None' ? undefined : `Secret ${namespace}/${target.name}`,
    path: ({ name, target }) => (target.name === name ? ['metadata', 'name'] : ['spec', 'target', 'name']),
    expected: 'another target, or all keys in one declaration',
  },
];

/** What no other declaration of a cluster may have as well. */
export function claimsOf(declaration: Declaration): readonly string[] {
  return CLAIMS.flatMap((claim) => claim.of(declaration) ?? []);
}

/** No ExternalSecret twice in a cluster, and no two that write one Secret; each pair is told once, at the later place. */
export function conflicts(located: readonly Located[]): readonly Problem[] {
  const reported = new Set<string>();
  return CLAIMS.flatMap((claim) => conflictsOver(claim, located, reported));
}

function conflictsOver(claim: Claim, located: readonly Located[], reported: Set<string>): readonly Problem[] {
  const first = new Map<string, Located>();
  return located.flatMap((item) => {
    const what = claim.of(item.declaration);
    if (what === undefined) return [];
    const earlier = new Map<Located, string[]>();
    for (const cluster of item.declaration.clusters) {
      const other = first.get(`${cluster} ${what}`);
      if (other === undefined) first.set(`${cluster} ${what}`, item);
      else earlier.set(other, [...(earlier.get(other) ?? []), cluster]);
    }
    return [...earlier].flatMap(([other, clusters]) => {
      const pair = `${located.indexOf(item)} ${located.indexOf(other)}`;
      if (reported.has(pair)) return [];
      reported.add(pair);
      return [conflict({ claim, what, item, other, clusters })];
    });
  });
}

interface Clash {
  readonly claim: Claim;
  readonly what: string;
  readonly item: Located;
  readonly other: Located;
  readonly clusters: readonly string[];
}

function conflict({ claim, what, item, other, clusters }: Clash): Problem {
  const { document, declaration } = item;
  const place = formatPlace({
    file: other.document.file,
    ...other.document.locate(claim.path(other.declaration)),
  });
  return problemAt(document, claim.path(declaration), {
    code: 'DECLARATION_CONFLICT',
    found: `${what} again in ${clusters.join(', ')}: it is at ${place} already`,
    expected: claim.expected,
  });
}
