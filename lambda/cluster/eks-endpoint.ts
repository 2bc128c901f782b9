import { RelayError } from '../errors.ts';
import type { Cluster } from '../model/config.ts';
import type { Credentials } from '../model/identity.ts';

/** Where the API server is and how it proves that it is the one. */
export interface Endpoint {
  /** `https://...` */
  readonly url: string;
  /** PEM. */
  readonly ca: string;
}

/** The part of a cluster's description that the relay reads. */
export interface ClusterDescription {
  readonly endpoint?: string | undefined;
  readonly status?: string | undefined;
  readonly certificateAuthority?: { readonly data?: string | undefined } | undefined;
}

/** The call of EKS that the relay makes. */
export interface EksCalls {
  describeCluster(
    input: { name: string },
    options: { abortSignal: AbortSignal },
  ): Promise<{ readonly cluster?: ClusterDescription | undefined }>;
}

/** Makes a client for a cluster's region that signs with the given credentials. */
export type EksFor = (cluster: Cluster, credentials: Credentials) => Promise<EksCalls>;

/**
 * Names with which AWS refuses credentials and not what is asked with them: they ended under way, or are not known everywhere yet. No permission
 * is missing (https://docs.aws.amazon.com/eks/latest/APIReference/CommonErrors.html).
 */
const STALE_CREDENTIALS =
  /UnrecognizedClient|InvalidClientTokenId|ExpiredToken|RequestExpired|InvalidSignature|SignatureDoesNotMatch/u;

/** In these the API server serves (https://docs.aws.amazon.com/eks/latest/APIReference/API_Cluster.html). */
const SERVING: ReadonlySet<string | undefined> = new Set(['ACTIVE', 'UPDATING']);

/**
 * Asks EKS for a cluster's endpoint and CA.
 *
 * @throws RelayError CLUSTER_NOT_FOUND, CLUSTER_NOT_READY, CLUSTER_DESCRIBE_DENIED, CLUSTER_TIMEOUT, CLUSTER_UNREACHABLE
 */
export async function describeEndpoint(
  cluster: Cluster,
  eks: EksCalls,
  timeout: AbortSignal,
): Promise<Endpoint> {
  const found = await ask(cluster, eks, timeout);
  const url = found?.endpoint;
  const ca = found?.certificateAuthority?.data;
  if (url === undefined || ca === undefined || !SERVING.has(found?.status)) {
    const status = found?.status ?? 'without a status';
    throw new RelayError('CLUSTER_NOT_READY', `${nameOf(cluster)} is ${status}; it is tried again later`);
  }
  return { url, ca: Buffer.from(ca, 'base64').toString('utf8') };
}

async function ask(
  cluster: Cluster,
  eks: EksCalls,
  abortSignal: AbortSignal,
): Promise<ClusterDescription | undefined> {
  try {
    return (await eks.describeCluster({ name: cluster.name }, { abortSignal })).cluster;
  } catch (thrown) {
    if (abortSignal.aborted) {
      throw new RelayError(
        'CLUSTER_TIMEOUT',
        `EKS did not describe ${nameOf(cluster)} in time; check that the function reaches the EKS API, it is tried again later`,
      );
    }
    throw describeError(cluster, thrown instanceof Error ? thrown.name : typeof thrown);
  }
}

function describeError(cluster: Cluster, name: string): RelayError {
  const where = nameOf(cluster);
  if (name === 'ResourceNotFoundException') {
    return new RelayError(
      'CLUSTER_NOT_FOUND',
      `EKS knows no cluster ${where}; correct name, region, account or roleArn in keyrelay.yaml`,
    );
  }
  if (STALE_CREDENTIALS.test(name)) {
    return new RelayError(
      'CLUSTER_UNREACHABLE',
      `EKS does not take the credentials with which ${where} is looked up (${name}); it is tried again later, with new ones`,
    );
  }
  if (name.includes('AccessDenied')) {
    return new RelayError(
      'CLUSTER_DESCRIBE_DENIED',
      `the relay may not describe ${where} (${name}); allow eks:DescribeCluster on it for the relay’s role, or for roleArn`,
    );
  }
  return new RelayError(
    'CLUSTER_UNREACHABLE',
    `EKS did not describe ${where} (${name}); check that the function reaches the EKS API, it is tried again later`,
  );
}

function nameOf(cluster: Cluster): string {
  return `${cluster.name} (${cluster.account}, ${cluster.region})`;
}
