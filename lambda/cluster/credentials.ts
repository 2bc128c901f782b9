import { RelayError } from '../errors.ts';
import type { Clock } from '../model/ports.ts';
import type { Credentials } from './eks-token.ts';

/** The part of STS's answer that the relay reads. */
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

/** The call of STS that the relay makes. */
export interface StsCalls {
  assumeRole(input: { RoleArn: string; RoleSessionName: string; ExternalId?: string }): Promise<AssumedRole>;
}

/** Gives the credentials for a cluster. */
export type CredentialsFor = (party: Party) => Promise<Credentials>;

/** A cluster or a store, as far as its role goes. */
export interface Party {
  readonly name: string;
  readonly roleArn: string | undefined;
  readonly externalId?: string | undefined;
}

/** What is left of the credentials' life when they are replaced. */
const MARGIN_MS = 5 * 60_000;
/** Stands in the cluster's audit log beside the role (https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html). */
const SESSION_NAME = 'keyrelay';

/**
 * Credentials per cluster: the relay's own, or those of the cluster's role, kept until shortly before they expire. Calls that run at once
 * share one assumption.
 *
 * @param sts loaded only when the first cluster with a role is reached
 */
export function createCredentials(
  own: () => Promise<Credentials>,
  sts: () => Promise<StsCalls>,
  clock: Clock,
): CredentialsFor {
  const assumed = new Map<string, Promise<Credentials>>();
  return async (cluster) => {
    const { roleArn, externalId = '' } = cluster;
    if (roleArn === undefined) return own();
    const key = `${roleArn} ${externalId}`;
    const held = assumed.get(key);
    if (held !== undefined && isGood(await held, clock.now())) return held;
    // Whoever waited with us may have begun to replace it.
    const begun = assumed.get(key);
    if (begun !== undefined && begun !== held) return begun;
    const fresh = assume(cluster, roleArn, sts);
    assumed.set(key, fresh);
    fresh.catch(() => assumed.delete(key));
    return fresh;
  };
}

function isGood({ expiration }: Credentials, now: Date): boolean {
  return expiration !== undefined && expiration.getTime() - now.getTime() > MARGIN_MS;
}

async function assume(cluster: Party, role: string, sts: () => Promise<StsCalls>): Promise<Credentials> {
  const externalId = cluster.externalId === undefined ? {} : { ExternalId: cluster.externalId };
  const calls = await sts();
  try {
    return credentialsOf(
      await calls.assumeRole({ RoleArn: role, RoleSessionName: SESSION_NAME, ...externalId }),
    );
  } catch (thrown) {
    throw assumeError(cluster, role, thrown instanceof Error ? thrown.name : typeof thrown);
  }
}

function credentialsOf({ Credentials: found }: AssumedRole): Credentials {
  if (found?.AccessKeyId === undefined || found.SecretAccessKey === undefined)
    throw new Error('no credentials');
  return {
    accessKeyId: found.AccessKeyId,
    secretAccessKey: found.SecretAccessKey,
    sessionToken: found.SessionToken,
    expiration: found.Expiration,
  };
}

function assumeError(cluster: Party, role: string, name: string): RelayError {
  if (/AccessDenied|ValidationError|MalformedPolicy|InvalidClientToken|RegionDisabled/u.test(name)) {
    const externalId = cluster.externalId === undefined ? '' : ' and the external id';
    return new RelayError(
      'CLUSTER_ROLE_DENIED',
      `${cluster.name}: role ${role} could not be assumed (${name}); its trust policy must name the relay’s role${externalId}, and the relay’s policy must allow sts:AssumeRole on it`,
    );
  }
  return new RelayError(
    'CLUSTER_UNREACHABLE',
    `${cluster.name}: STS did not answer for role ${role} (${name}); check that the function reaches STS, it is tried again later`,
  );
}
