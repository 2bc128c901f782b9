import type { CompiledConfig } from '../../lambda/model/config.ts';
import type { RoleStep } from '../../lambda/model/identity.ts';
import type { Statement } from './relay-statements.ts';

/**
 * Roles that stores have the relay assume itself: the first of each store in a file, with its external id and tags where it has some, and all
 * that `clusters[].allow` names, whose external ids and tags are in the stores. What comes after the first, and after a service account or
 * keys, is assumed with other credentials and needs no permission of the relay.
 */
export function storeRoleStatements({ stores, clusters }: CompiledConfig): readonly Statement[] {
  const allowed = clusters.flatMap(({ allow = [] }) => allow.flatMap(({ roles }) => roles));
  const firsts = stores.flatMap(({ identity }): readonly RoleStep[] => {
    const [first] = identity?.roles ?? [];
    return identity?.from !== undefined || first === undefined ? [] : [first];
  });
  const byId = Map.groupBy(firsts, ({ externalId }) => externalId ?? '');
  const tagged = firsts.filter(({ tags = [] }) => tags.length > 0);
  return [
    ...statement('AssumeAllowedRoles', ['sts:AssumeRole', 'sts:TagSession'], allowed),
    ...[...byId]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([externalId, group], index) =>
        statement(`AssumeStoreRoles${index}`, ['sts:AssumeRole'], arnsOf(group), externalId),
      ),
    ...statement('TagStoreRoles', ['sts:TagSession'], arnsOf(tagged)),
  ];
}

function statement(
  Sid: string,
  Action: readonly string[],
  arns: readonly string[],
  externalId = '',
): readonly Statement[] {
  if (arns.length === 0) return [];
  return [
    {
      ...{ Sid, Effect: 'Allow', Action },
      Resource: [...new Set(arns)].toSorted(),
      ...(externalId === '' ? {} : { Condition: { StringEquals: { 'sts:ExternalId': externalId } } }),
    },
  ];
}

function arnsOf(roles: readonly RoleStep[]): readonly string[] {
  return roles.map(({ arn }) => arn);
}
