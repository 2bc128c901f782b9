import { RelayError } from '../errors.ts';
import type { Cluster } from '../model/config.ts';
import type { Clock } from '../model/ports.ts';
import type { Credentials } from './eks-token.ts';

/** The calls of STS that the relay makes. */
export interface StsCalls {
  assumeRole(input: { RoleArn: string; RoleSessionName: string; ExternalId?: string }): Promise<{
    readonly Credentials?: { readonly AccessKeyId: string | undefined; readonly SecretAccessKey: string | undefined; readonly SessionToken: string | undefined; readonly Expiration: Date | undefined } | undefined;
  }>;
}

/** Gives the credentials for a cluster. */
export type CredentialsFor = (cluster: Cluster) => Promise<Credentials>;

/** What is left of the credentials' life when they are replaced. */
const MARGIN_MS = 5 * 60_000;
/** Stands in the cluster's audit log beside the role (https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html). */
const SESSION = 'keyrelay';

/**
 * Credentials per cluster: the relay's own, or those of the cluster's role, kept until shortly before they expire.
 *
 * @param sts loaded only when the first cluster with a role is reached
 */
export function createCredentials(own: () => Promise<Credentials>, sts: () => Promise<StsCalls>, clock: Clock): CredentialsFor {
  const assumed = new Map<string, Credentials>();
  return async (cluster) => {
    if (cluster.roleArn === undefined) return own();
    const key = `${cluster.roleArn} ${cluster.externalId ?? ''}`;
    const cached = assumed.get(key);
    if (cached?.expiration !== undefined && cached.expiration.getTime() - clock.now().getTime() > MARGIN_MS) return cached;
    const fresh = await assume(cluster, cluster.roleArn, await sts());
    assumed.set(key, fresh);
    return fresh;
  };
}

async function assume(cluster: Cluster, role: string, sts: StsCalls): Promise<Credentials> {
  const externalId = cluster.externalId === undefined ? {} : { ExternalId: cluster.externalId };
  try {
    const { Credentials: found } = await sts.assumeRole({ RoleArn: role, RoleSessionName: SESSION, ...externalId });
    if (found?.AccessKeyId === undefined || found.SecretAccessKey === undefined) throw new Error('no credentials in the answer');
    return { accessKeyId: found.AccessKeyId, secretAccessKey: found.SecretAccessKey, sessionToken: found.SessionToken, expiration: found.Expiration };
  } catch (thrown) {
    const name = thrown instanceof Error ? thrown.name : typeof thrown;
    const denied = /AccessDenied|ValidationError|MalformedPolicy|InvalidClientToken/u.test(name);
    throw new RelayError(
      denied ? 'CLUSTER_ROLE_DENIED' : 'CLUSTER_UNREACHABLE',
      `${cluster.name}: role ${role} could not be assumed (${name}); its trust policy must name the relay’s role${cluster.externalId === undefined ? '' : ' and the external id'}, and the relay’s policy must allow sts:AssumeRole on it`,
    );
  }
}
