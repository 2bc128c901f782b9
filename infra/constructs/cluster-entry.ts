import { CfnAccessEntry } from 'aws-cdk-lib/aws-eks';
import type { Construct } from 'constructs';
import type { Deployment } from '../../lambda/declarations/deployment.ts';
import type { Cluster } from '../../lambda/model/config.ts';
import { accessPolicyArn } from '../access/installer-statements.ts';

/**
 * Lets a principal into a cluster: as a member of the relay's group, which the Roles and the admission policy name, and with EKS's policy for
 * Secrets where the cluster's access is `access-policy`. The cluster's authentication mode must be API or API_AND_CONFIG_MAP
 * (https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html).
 */
export function clusterEntry(
  scope: Construct,
  { name, region, namespaces }: Cluster,
  deployment: Deployment,
  principalArn: string,
): CfnAccessEntry {
  const byPolicy = deployment.clusters.get(name)?.access === 'access-policy';
  return new CfnAccessEntry(scope, `Entry-${name}`, {
    clusterName: name,
    principalArn,
    type: 'STANDARD',
    kubernetesGroups: [deployment.name],
    ...(byPolicy
      ? {
          accessPolicies: [
            {
              policyArn: accessPolicyArn(region, 'AmazonEKSSecretAdminPolicy'),
              accessScope: { type: 'namespace', namespaces: namespaces.toSorted() },
            },
          ],
        }
      : {}),
  });
}
