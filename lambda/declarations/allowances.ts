import { allowsService } from '../model/config.ts';
import type { Allowance, Cluster, Store } from '../model/config.ts';
import { AWS_AUDIENCE, secretKeysOf } from '../model/identity.ts';
import type { SecretKeyRef, StoreIdentity } from '../model/identity.ts';

/** What a namespace may have read. */
export function allowancesOf({ allow = [] }: Cluster, namespace: string): readonly Allowance[] {
  return allow.filter(({ namespaces }) => namespaces.includes(namespace));
}

/** A store as a namespace would use it. */
export interface Use {
  readonly namespace: string;
  readonly store: Pick<Store, 'service' | 'region' | 'identity'>;
}

/** Whether an allowance of the namespace admits the store: its place, and whoever reads there. */
export function admits(allowance: Allowance, { namespace, store }: Use): boolean {
  return (
    allowsService(allowance, store.service) &&
    allowance.regions.includes(store.region) &&
    admitsIdentity(allowance, namespace, store.identity)
  );
}

/**
 * Whom an allowance lets read:
 *
 * | the store reads as                         | it is admitted where the allowance                        |
 * |--------------------------------------------|-----------------------------------------------------------|
 * | the relay itself                           | names nobody else                                         |
 * | roles that the relay assumes               | names every one of them                                   |
 * | a service account, and roles after it      | names it, with its namespace where that is another        |
 * | keys in Secrets, and roles after them      | names every Secret of another namespace                   |
 *
 * Roles after a service account or keys need not be named: these are the tenant's own credentials, and IAM decides what they may assume.
 */
function admitsIdentity(
  allowance: Allowance,
  namespace: string,
  identity: StoreIdentity | undefined,
): boolean {
  if (identity === undefined) return readsItself(allowance);
  const { from, roles } = identity;
  const { serviceAccounts = [], credentials = [] } = allowance;
  const named = (list: readonly string[], ref: Pick<SecretKeyRef, 'namespace' | 'name'>): boolean =>
    list.includes(`${ref.namespace}/${ref.name}`) || (ref.namespace === namespace && list.includes(ref.name));
  switch (from?.kind) {
    case undefined:
      return roles.every(({ arn }) => allowance.roles.includes(arn));
    case 'service-account':
      return (
        named(serviceAccounts, from) && from.audiences.every((name) => audiencesOf(allowance).includes(name))
      );
    case 'secret':
      return secretKeysOf(from)
        .filter((ref) => ref.namespace !== namespace)
        .every((ref) => named(credentials, ref));
  }
}

/** Whether the relay's own role reads what an allowance names. */
export function readsItself({ roles, serviceAccounts = [], credentials = [] }: Allowance): boolean {
  return roles.length + serviceAccounts.length + credentials.length === 0;
}

/** What tokens of an allowance's service accounts may be for. */
export function audiencesOf({ audiences = [AWS_AUDIENCE] }: Allowance): readonly string[] {
  return audiences;
}

/** The service accounts of an allowance, each with its namespace. */
export function serviceAccountsOf({
  namespaces,
  serviceAccounts = [],
}: Allowance): readonly { readonly namespace: string; readonly name: string }[] {
  return serviceAccounts.flatMap((entry) => {
    const [namespace = '', name] = entry.split('/');
    return name === undefined
      ? namespaces.map((own) => ({ namespace: own, name: entry }))
      : [{ namespace, name }];
  });
}
