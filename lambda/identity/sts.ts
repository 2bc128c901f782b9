import type { Credentials } from '../model/identity.ts';
import type { Lease } from './leases.ts';

/** The part of STS's answers that the relay reads. */
export interface AssumedRole {
  readonly Credentials?:
    | {
        readonly AccessKeyId: string | undefined;
        readonly SecretAccessKey: string | undefined;
        readonly SessionToken: string | undefined;
        readonly Expiration: Date | undefined;
      }
    | undefined;
}

interface Assumption {
  readonly RoleArn: string;
  readonly RoleSessionName: string;
  readonly DurationSeconds: number;
}

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
export interface AssumeRoleInput extends Assumption {
  readonly ExternalId?: string;
  readonly Tags?: { readonly Key: string; readonly Value: string }[];
  readonly TransitiveTagKeys?: string[];
}

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html */
export interface WebIdentityInput extends Assumption {
  readonly WebIdentityToken: string;
}

/** The calls of STS that the relay makes. */
export interface StsCalls {
  assumeRole(input: AssumeRoleInput): Promise<AssumedRole>;
  assumeRoleWithWebIdentity(input: WebIdentityInput): Promise<AssumedRole>;
}

/** Stands in CloudTrail, and in a cluster's audit log, beside the role (https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html). */
export const SESSION_NAME = 'keyrelay';
/** What is left of the credentials' life when they are replaced. */
const MARGIN_MS = 5 * 60_000;

/**
 * An answer's credentials, for as long as was asked for. Their end is told by our own clock and not by STS's, so that a clock that differs
 * neither keeps credentials that have ended nor drops good ones at once.
 *
 * @param asked when they were asked for, in milliseconds
 */
export function leaseOf(
  { Credentials: found }: AssumedRole,
  asked: number,
  seconds: number,
): Lease<Credentials> {
  if (found?.AccessKeyId === undefined || found.SecretAccessKey === undefined)
    throw new Error('no credentials');
  const end = asked + seconds * 1000;
  return {
    until: end - MARGIN_MS,
    value: {
      accessKeyId: found.AccessKeyId,
      secretAccessKey: found.SecretAccessKey,
      sessionToken: found.SessionToken,
      expiration: new Date(end),
    },
  };
}

/** Why STS gave nothing. */
export interface StsFailure {
  /** Whether the same call, made later, may pass. */
  readonly kind: 'refused' | 'unavailable';
  /** The error's class; its message may quote what was sent. */
  readonly name: string;
}

/** Errors that say no (https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html and those of the two calls). */
const REFUSALS =
  /AccessDenied|ValidationError|MalformedPolicy|InvalidClientToken|UnrecognizedClient|SignatureDoesNotMatch|RegionDisabled|PackedPolicyTooLarge|InvalidIdentityToken|IDPRejectedClaim|InvalidParameterValue/u;

/** What a failure of STS means. */
export function stsFailure(thrown: unknown): StsFailure {
  const name = thrown instanceof Error ? thrown.name : typeof thrown;
  return { kind: REFUSALS.test(name) ? 'refused' : 'unavailable', name };
}
