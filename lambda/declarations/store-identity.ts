import type {
  CredentialOrigin,
  RoleStep,
  SecretKeyRef,
  SessionTag,
  StoreIdentity,
} from '../model/identity.ts';
import type { Aws } from './aws-schema.ts';

/** For whom a store is read. */
export interface IdentityPlace {
  /** The store itself. */
  readonly kind: 'SecretStore' | 'ClusterSecretStore';
  readonly name: string;
  /** The cluster that is written to: service accounts and Secrets are its. */
  readonly cluster: string;
  /** The ExternalSecret's. */
  readonly namespace: string;
  /** All that a token of a service account may be for. */
  readonly audiences: readonly string[];
}

/**
 * As whom a store is read for the ExternalSecrets of a namespace; undefined where as the relay itself. The rules are ESO's: the external id
 * and the tags are told with the last role only, and with the tags of a policy those that say whose ExternalSecret it is.
 */
export function identityOf(aws: Aws, place: IdentityPlace): StoreIdentity | undefined {
  const from = originOf(aws, place);
  const roles = [...aws.additionalRoles.map((arn) => ({ arn })), ...lastRole(aws, place)];
  return from === undefined && roles.length === 0
    ? undefined
    : { ...(from === undefined ? {} : { from }), roles };
}

/** What an identity depends on besides the store: nothing, the ExternalSecret's namespace, or the cluster as well. */
export function placesOf({ auth, role, sessionTagsPolicy }: Aws): 'one' | 'namespaces' | 'clusters' {
  if (auth.jwt !== undefined || auth.secretRef !== undefined) return 'clusters';
  return role === undefined || sessionTagsPolicy === 'None' ? 'one' : 'namespaces';
}

function originOf(
  { auth }: Aws,
  { cluster, namespace, audiences }: IdentityPlace,
): CredentialOrigin | undefined {
  const { jwt, secretRef } = auth;
  if (jwt !== undefined) {
    const { serviceAccountRef: ref } = jwt;
    return {
      kind: 'service-account',
      cluster,
      namespace: ref.namespace ?? namespace,
      name: ref.name,
      audiences: ref.audiences,
      trusted: audiences,
    };
  }
  if (secretRef === undefined) return undefined;
  const { accessKeyIDSecretRef, secretAccessKeySecretRef, sessionTokenSecretRef } = secretRef;
  const keyOf = (ref: typeof accessKeyIDSecretRef): SecretKeyRef => ({
    namespace: ref.namespace ?? namespace,
    name: ref.name,
    key: ref.key,
  });
  return {
    kind: 'secret',
    cluster,
    accessKeyId: keyOf(accessKeyIDSecretRef),
    secretAccessKey: keyOf(secretAccessKeySecretRef),
    ...(sessionTokenSecretRef === undefined ? {} : { sessionToken: keyOf(sessionTokenSecretRef) }),
  };
}

function lastRole(aws: Aws, place: IdentityPlace): readonly RoleStep[] {
  const { role, externalID, transitiveTagKeys } = aws;
  if (role === undefined) return [];
  const tags = tagsOf(aws, place);
  return [
    {
      arn: role,
      ...(externalID === undefined ? {} : { externalId: externalID }),
      ...(tags.length === 0 ? {} : { tags }),
      ...(transitiveTagKeys.length === 0 ? {} : { transitiveTagKeys }),
    },
  ];
}

/** Session tags that say for whom a store is read: only a policy sets them (https://external-secrets.io/latest/provider/aws-access/). */
export const RESERVED_TAGS: readonly string[] = ['esoNamespace', 'esoStoreName', 'esoStoreKind'];

function tagsOf(
  { sessionTagsPolicy, sessionTags, customSessionTags }: Aws,
  { namespace, name, kind }: IdentityPlace,
): readonly SessionTag[] {
  const automatic = [
    { key: 'esoNamespace', value: namespace },
    { key: 'esoStoreName', value: name },
    { key: 'esoStoreKind', value: kind },
  ];
  switch (sessionTagsPolicy) {
    case 'None':
      return sessionTags;
    case 'Simple':
      return automatic;
    case 'Custom':
      return [
        // As ESO has it, a tag without a value is none.
        ...Object.entries(customSessionTags).flatMap(([key, value]) =>
          value === '' ? [] : [{ key, value }],
        ),
        ...automatic,
      ];
  }
}
