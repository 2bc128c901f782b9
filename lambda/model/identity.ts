/** Credentials of AWS; a structural part of what its SDK gives and takes. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
  readonly expiration?: Date | undefined;
}

/** As whom a store is read: credentials to begin with, and roles that are assumed one after the other. */
export interface StoreIdentity {
  /** Where the first credentials come from; the relay's own where undefined. */
  readonly from?: CredentialOrigin;
  /** Each is assumed with the credentials of the one before; the last one reads. */
  readonly roles: readonly RoleStep[];
}

export type CredentialOrigin = ServiceAccountOrigin | SecretOrigin;

/** The role that a service account of a cluster is annotated with, assumed with a token of that service account. */
export interface ServiceAccountOrigin {
  readonly kind: 'service-account';
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  /** Audiences of the token besides the one that the service account names. */
  readonly audiences: readonly string[];
  /** All that a token may be for: the service account's annotation cannot add to them. */
  readonly trusted: readonly string[];
}

/** The audience that IAM's OIDC providers of EKS clusters know (https://docs.aws.amazon.com/eks/latest/userguide/enable-iam-roles-for-service-accounts.html). */
export const AWS_AUDIENCE = 'sts.amazonaws.com';

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns */
export const ROLE_ARN = /^arn:aws(-[a-z]+)*:iam::\d{12}:role\/[\w+=,.@/-]{1,576}$/u;

/** Keys of an IAM user, or of a session, that lie in Secrets of a cluster. */
export interface SecretOrigin {
  readonly kind: 'secret';
  readonly cluster: string;
  readonly accessKeyId: SecretKeyRef;
  readonly secretAccessKey: SecretKeyRef;
  readonly sessionToken?: SecretKeyRef;
}

/** The keys that an origin reads. */
export function secretKeysOf({
  accessKeyId,
  secretAccessKey,
  sessionToken,
}: SecretOrigin): readonly SecretKeyRef[] {
  return [accessKeyId, secretAccessKey, ...(sessionToken === undefined ? [] : [sessionToken])];
}

/** One key of a Secret. */
export interface SecretKeyRef {
  readonly namespace: string;
  readonly name: string;
  readonly key: string;
}

/** A role to assume, and what is told as it is assumed. */
export interface RoleStep {
  readonly arn: string;
  readonly externalId?: string;
  readonly tags?: readonly SessionTag[];
  readonly transitiveTagKeys?: readonly string[];
}

export interface SessionTag {
  readonly key: string;
  readonly value: string;
}

/** The account that reads, 12 digits; undefined where only the cluster knows. */
export function accountOf({ from, roles }: StoreIdentity, own: string): string | undefined {
  const last = roles.at(-1);
  if (last !== undefined) return last.arn.split(':')[4];
  return from === undefined ? own : undefined;
}
