import { RelayError } from '../errors.ts';
import type { Cluster } from '../model/config.ts';
import type { Credentials } from './eks-token.ts';

/** Where the API server is and how it proves that it is the one. */
export interface Endpoint {
  /** `https://...` */
  readonly url: string;
  /** PEM. */
  readonly ca: string;
}

/** The call of EKS that the relay makes. */
export interface EksCalls {
  describeCluster(input: { name: string }): Promise<{
    readonly cluster?: { readonly endpoint?: string | undefined; readonly status?: string | undefined; readonly certificateAuthority?: { readonly data?: string | undefined } | undefined } | undefined;
  }>;
}

/** Makes a client for a cluster's region that signs with the given credentials. */
export type EksFor = (cluster: Cluster, credentials: Credentials) => Promise<EksCalls>;

/**
 * Asks EKS for a cluster's endpoint and CA.
 *
 * @throws RelayError CLUSTER_NOT_FOUND, CLUSTER_NOT_READY, CLUSTER_DESCRIBE_DENIED, CLUSTER_UNREACHABLE
 */
export async function describeEndpoint(cluster: Cluster, eks: EksCalls): Promise<Endpoint> {
  const where = `${cluster.name} (${cluster.account}, ${cluster.region})`;
  const { cluster: found } = await ask(cluster, eks, where);
  const url = found?.endpoint;
  const ca = found?.certificateAuthority?.data;
  // A cluster that is being created has no endpoint yet; one that is being updated still serves.
  if (url === undefined || ca === undefined || found?.status === 'DELETING' || found?.status === 'FAILED') {
    throw new RelayError('CLUSTER_NOT_READY', `${where} is ${found?.status ?? 'without status'}; it is tried again later`);
  }
  return { url, ca: Buffer.from(ca, 'base64').toString('utf8') };
}

async function ask(cluster: Cluster, eks: EksCalls, where: string): ReturnType<EksCalls['describeCluster']> {
  try {
    return await eks.describeCluster({ name: cluster.name });
  } catch (thrown) {
    const name = thrown instanceof Error ? thrown.name : typeof thrown;
    if (name === 'ResourceNotFoundException') throw new RelayError('CLUSTER_NOT_FOUND', `EKS knows no cluster ${where}; correct name, region, account or roleArn in keyrelay.yaml`);
    if (/AccessDenied|UnrecognizedClient|ExpiredToken/u.test(name)) {
      throw new RelayError('CLUSTER_DESCRIBE_DENIED', `the relay may not describe ${where}; allow eks:DescribeCluster on it for the relay’s role, or for roleArn`);
    }
    throw new RelayError('CLUSTER_UNREACHABLE', `EKS did not describe ${where} (${name}); it is tried again later`);
  }
}
