import { RelayError } from '../errors.ts';
import { createLeases } from '../identity/leases.ts';
import { SESSION_NAME, leaseOf, stsFailure } from '../identity/sts.ts';
import type { StsCalls } from '../identity/sts.ts';
import type { Cluster } from '../model/config.ts';
import type { Credentials } from '../model/identity.ts';
import type { Clock } from '../model/ports.ts';

/** Gives the credentials for a cluster. */
export type CredentialsFor = (cluster: Party) => Promise<Credentials>;

type Party = Pick<Cluster, 'name' | 'roleArn' | 'externalId'>;

/** STS's own default, and the longest that a role may have that was assumed by another (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html). */
const SECONDS = 3600;

/**
 * Credentials per cluster: the relay's own, or those of the cluster's role, kept until shortly before they expire.
 *
 * @param sts loaded only when the first cluster with a role is reached
 */
export function createCredentials(
  own: () => Promise<Credentials>,
  sts: () => Promise<Pick<StsCalls, 'assumeRole'>>,
  clock: Clock,
): CredentialsFor {
  const leases = createLeases<Credentials>(clock);
  return async (cluster) => {
    const { roleArn, externalId } = cluster;
    if (roleArn === undefined) return own();
    return leases(JSON.stringify([roleArn, externalId]), async () => {
      const asked = clock.now().getTime();
      const calls = await sts();
      try {
        const answer = await calls.assumeRole({
          RoleArn: roleArn,
          RoleSessionName: SESSION_NAME,
          DurationSeconds: SECONDS,
          ...(externalId === undefined ? {} : { ExternalId: externalId }),
        });
        return leaseOf(answer, asked, SECONDS);
      } catch (thrown) {
        throw assumeError(cluster, roleArn, thrown);
      }
    });
  };
}

function assumeError({ name, externalId }: Party, role: string, thrown: unknown): RelayError {
  const failure = stsFailure(thrown);
  if (failure.kind === 'refused') {
    const also = externalId === undefined ? '' : ' and the external id';
    return new RelayError(
      'CLUSTER_ROLE_DENIED',
      `${name}: role ${role} could not be assumed (${failure.name}); its trust policy must name the relay’s role${also}, and the relay’s policy must allow sts:AssumeRole on it`,
    );
  }
  return new RelayError(
    'CLUSTER_UNREACHABLE',
    `${name}: STS did not answer for role ${role} (${failure.name}); check that the function reaches STS, it is tried again later`,
  );
}
