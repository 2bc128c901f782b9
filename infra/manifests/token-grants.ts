import { audiencesOf, serviceAccountsOf } from '../../lambda/declarations/allowances.ts';
import type { Cluster, CompiledConfig } from '../../lambda/model/config.ts';

/** A service account that the relay may ask for tokens of, and what these may be for. */
export interface TokenGrant {
  readonly namespace: string;
  readonly name: string;
  readonly audiences: readonly string[];
}

/** Those that stores of files read as, and those that objects of the cluster may name; each once, sorted. */
export function tokenGrants(
  { stores }: CompiledConfig,
  { name: cluster, allow = [] }: Pick<Cluster, 'name' | 'allow'>,
): readonly TokenGrant[] {
  const ofFiles = stores.flatMap(({ identity }): TokenGrant[] => {
    const from = identity?.from;
    if (from?.kind !== 'service-account' || from.cluster !== cluster) return [];
    return [{ namespace: from.namespace, name: from.name, audiences: from.trusted }];
  });
  const ofObjects = allow.flatMap((allowance) =>
    serviceAccountsOf(allowance).map((account) => ({ ...account, audiences: audiencesOf(allowance) })),
  );
  const byAccount = Map.groupBy([...ofFiles, ...ofObjects], idOf);
  return [...byAccount]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, grants]) => {
      const [first] = grants;
      const audiences = [...new Set(grants.flatMap((grant) => grant.audiences))].toSorted();
      return first === undefined ? [] : [{ ...first, audiences }];
    });
}

/** `namespace/name` */
export function idOf({ namespace, name }: Pick<TokenGrant, 'namespace' | 'name'>): string {
  return `${namespace}/${name}`;
}
