import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import {
  clusterArn,
  clusterRoleName,
  externalIdOf,
  relayRoleName,
} from '../../lambda/declarations/deployment.ts';
import type { Deployment } from '../../lambda/declarations/deployment.ts';
import type { Cluster } from '../../lambda/model/config.ts';

export interface ClusterRoleProps {
  readonly deployment: Deployment;
  readonly home: string;
  /** The clusters that the role may describe; of this account and region. */
  readonly clusters: readonly Cluster[];
}

/**
 * The role that a relay of another account assumes here. It trusts that account under the condition that the caller is the relay's role, and
 * not the role itself: IAM stores a role that a trust policy names by its unique id, so it would have to exist first, and again after each
 * replacement (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-roles).
 */
export class ClusterRole extends Construct {
  readonly role: iam.Role;

  constructor(scope: Construct, id: string, { deployment, home, clusters }: ClusterRoleProps) {
    super(scope, id);
    const { region, partition } = Stack.of(this);
    this.role = new iam.Role(this, 'Role', {
      roleName: clusterRoleName(deployment, home, region),
      description: 'Keyrelay: the relay of another account finds its clusters here',
      assumedBy: new iam.AccountPrincipal(deployment.account).withConditions({
        ArnEquals: {
          'aws:PrincipalArn': `arn:${partition}:iam::${deployment.account}:role/${relayRoleName(deployment, home)}`,
        },
        StringEquals: { 'sts:ExternalId': externalIdOf(deployment, home) },
      }),
    });
    this.role.addToPolicy(
      new iam.PolicyStatement({
        actions: ['eks:DescribeCluster'],
        resources: clusters.map(clusterArn).toSorted(),
      }),
    );
  }
}
