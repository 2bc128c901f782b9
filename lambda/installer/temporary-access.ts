import { RelayError, toRelayError } from '../errors.ts';
import type { ErrorCode } from '../errors.ts';

/** The calls of EKS that the installer makes beside the description of the cluster. */
export interface AccessCalls {
  describeCluster(input: { name: string }): Promise<{
    readonly cluster?:
      | {
          readonly status?: string | undefined;
          readonly accessConfig?: { readonly authenticationMode?: string | undefined } | undefined;
        }
      | undefined;
  }>;
  createAccessEntry(input: { clusterName: string; principalArn: string }): Promise<unknown>;
  associateAccessPolicy(input: {
    clusterName: string;
    principalArn: string;
    policyArn: string;
    accessScope: { type: 'cluster' };
  }): Promise<unknown>;
  deleteAccessEntry(input: { clusterName: string; principalArn: string }): Promise<unknown>;
}

/** The principal that lets itself in. */
export interface Visitor {
  readonly cluster: string;
  readonly roleArn: string;
}

/** Modes with access entries (https://docs.aws.amazon.com/eks/latest/userguide/grant-k8s-access.html#set-cam). */
const MODES: ReadonlySet<string | undefined> = new Set(['API', 'API_AND_CONFIG_MAP']);

/** In these the API server serves (https://docs.aws.amazon.com/eks/latest/APIReference/API_Cluster.html). */
const SERVING: ReadonlySet<string | undefined> = new Set(['ACTIVE', 'UPDATING']);

/**
 * Makes the role an administrator of the cluster, for as long as `work` takes. An entry that an interrupted run left behind is used, and
 * taken away in the end.
 *
 * @throws RelayError CLUSTER_NOT_FOUND, CLUSTER_NOT_READY, CLUSTER_AUTHENTICATION_MODE, CLUSTER_REJECTED, CLUSTER_UNREACHABLE, INSTALLER_DENIED,
 * ACCESS_ENTRY_LEFT; and what `work` throws
 */
export async function withTemporaryAccess<T>(
  eks: AccessCalls,
  visitor: Visitor,
  work: () => Promise<T>,
): Promise<T> {
  const { cluster, roleArn } = visitor;
  const entry = { clusterName: cluster, principalArn: roleArn };
  await checkCluster(eks, cluster);
  await enter(eks, visitor);
  let result: T;
  try {
    const policyArn = `arn:${partitionOf(roleArn)}:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy`;
    await ask('eks:AssociateAccessPolicy', visitor, () =>
      eks.associateAccessPolicy({ ...entry, policyArn, accessScope: { type: 'cluster' } }),
    );
    result = await work();
  } catch (failure) {
    await leave(eks, visitor).catch((left: unknown) => {
      throw bothOf(failure, left);
    });
    throw failure;
  }
  await leave(eks, visitor);
  return result;
}

async function enter(eks: AccessCalls, visitor: Visitor): Promise<void> {
  const entry = { clusterName: visitor.cluster, principalArn: visitor.roleArn };
  try {
    await ask('eks:CreateAccessEntry', visitor, () => eks.createAccessEntry(entry), 'ResourceInUseException');
  } catch (failure) {
    // Only the answer may be lost. An entry without a policy grants nothing, so that failing here too is not worth more words.
    await leave(eks, visitor).catch(() => undefined);
    throw failure;
  }
}

async function checkCluster(eks: AccessCalls, cluster: string): Promise<void> {
  const visitor = { cluster, roleArn: '' };
  const found = await ask('eks:DescribeCluster', visitor, () => eks.describeCluster({ name: cluster }));
  const status = found?.cluster?.status;
  if (!SERVING.has(status))
    throw new RelayError(
      'CLUSTER_NOT_READY',
      `${cluster} is ${status ?? 'without a status'}; deploy again when it is ACTIVE`,
    );
  const mode = found?.cluster?.accessConfig?.authenticationMode;
  if (!MODES.has(mode))
    throw new RelayError(
      'CLUSTER_AUTHENTICATION_MODE',
      `${cluster} takes no access entries (authentication mode ${mode ?? 'CONFIG_MAP'}); run: aws eks update-cluster-config --name ${cluster} --access-config authenticationMode=API_AND_CONFIG_MAP (it keeps what aws-auth says, and cannot be undone)`,
    );
}

async function leave(eks: AccessCalls, visitor: Visitor): Promise<void> {
  const { cluster, roleArn } = visitor;
  try {
    await eks.deleteAccessEntry({ clusterName: cluster, principalArn: roleArn });
  } catch (thrown) {
    if (nameOf(thrown) === 'ResourceNotFoundException') return;
    throw new RelayError(
      'ACCESS_ENTRY_LEFT',
      `the installer is still an administrator of ${cluster} (${nameOf(thrown)}); run: aws eks delete-access-entry --cluster-name ${cluster} --principal-arn ${roleArn}`,
    );
  }
}

/** Asks EKS; an error of the given name is what was wanted. */
async function ask<T>(
  action: string,
  { cluster, roleArn }: Visitor,
  call: () => Promise<T>,
  wanted?: string,
): Promise<T | undefined> {
  try {
    return await call();
  } catch (thrown) {
    const name = nameOf(thrown);
    if (name === wanted) return undefined;
    const [code, advice] = verdictOf(name, action, roleArn);
    throw new RelayError(code, `${action} on ${cluster} failed (${name}); ${advice}`);
  }
}

function verdictOf(name: string, action: string, roleArn: string): readonly [ErrorCode, string] {
  if (name === 'ResourceNotFoundException')
    return ['CLUSTER_NOT_FOUND', 'correct name, region and account of the cluster in keyrelay.yaml'];
  if (/AccessDenied|UnrecognizedClient|InvalidClientTokenId|ExpiredToken/u.test(name))
    return [
      'INSTALLER_DENIED',
      `see which policy or SCP denies ${action} to ${roleArn}, or set install: gitops`,
    ];
  if (/^Invalid(Request|Parameter)Exception$/u.test(name))
    return ['CLUSTER_REJECTED', 'EKS refuses the request: CloudTrail has its reason'];
  return ['CLUSTER_UNREACHABLE', 'check that the installer reaches the EKS API, and deploy again'];
}

/** Neither is lost: the first tells why it failed, the second what is to be cleaned up. */
function bothOf(failure: unknown, left: unknown): unknown {
  if (!(left instanceof RelayError)) return left;
  const { message } = toRelayError(failure, 'the installer');
  return new RelayError(left.code, `${message}. Beside that, ${left.message}`);
}

function nameOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.name : typeof thrown;
}

function partitionOf(arn: string): string {
  return arn.split(':')[1] ?? 'aws';
}
