import { clusterArn, partitionOf } from '../../lambda/declarations/deployment.ts';
import type { Cluster } from '../../lambda/model/config.ts';
import type { Statement } from './relay-statements.ts';

/** EKS's own policy for administrators (https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html). */
const CLUSTER_ADMIN = 'AmazonEKSClusterAdminPolicy';

/** The ARN of one of EKS's access policies. */
export function accessPolicyArn(region: string, name: string): string {
  return `arn:${partitionOf(region)}:eks::aws:cluster-access-policy/${name}`;
}

/**
 * What the installer may do: let itself, and nobody else, into a cluster, and out again. The conditions are what keeps
 * these actions from being a way to hand out access
 * (https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelastickubernetesservice.html).
 */
export function installerStatements(
  cluster: Cluster,
  role: { readonly arn: string; readonly name: string },
): readonly Statement[] {
  const arns = [clusterArn(cluster)];
  const entries = [entryArn(cluster, role.name)];
  return [
    { Sid: 'DescribeClusters', Effect: 'Allow', Action: ['eks:DescribeCluster'], Resource: arns },
    {
      Sid: 'EnterAsItself',
      Effect: 'Allow',
      Action: ['eks:CreateAccessEntry'],
      Resource: arns,
      Condition: { StringEquals: { 'eks:principalArn': role.arn } },
    },
    {
      Sid: 'AdministerForTheTime',
      Effect: 'Allow',
      Action: ['eks:AssociateAccessPolicy'],
      Resource: entries,
      Condition: { StringEquals: { 'eks:policyArn': accessPolicyArn(cluster.region, CLUSTER_ADMIN) } },
    },
    { Sid: 'Leave', Effect: 'Allow', Action: ['eks:DeleteAccessEntry'], Resource: entries },
  ];
}

/** The last part is an id that EKS chooses. */
function entryArn({ name, region, account }: Cluster, roleName: string): string {
  return `arn:${partitionOf(region)}:eks:${region}:${account}:access-entry/${name}/role/${account}/${roleName}/*`;
}
