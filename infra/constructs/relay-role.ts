import { Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Deployment, Home } from '../../lambda/declarations/deployment.ts';
import { relayRoleName } from '../../lambda/declarations/deployment.ts';
import { SERVICES } from '../../lambda/model/config.ts';
import type { CompiledConfig } from '../../lambda/model/config.ts';
import { receiptStatements } from '../access/receipt-statements.ts';
import { secretResources } from '../access/secret-arns.ts';
import { relayStatements, secretPolicies } from '../access/relay-statements.ts';

export interface RelayRoleProps {
  /** The clusters, stores and declarations that the role is for, and no others. */
  readonly config: CompiledConfig;
  readonly deployment: Deployment;
  readonly home: Home;
}

/**
 * The role that reads secrets and calls the clusters. Its name and logical id never change, because an EKS access entry stores the unique
 * id of the role: one that is deleted and made again under the same name is another
 * (https://docs.aws.amazon.com/eks/latest/userguide/creating-access-entries.html).
 */
export class RelayRole extends Construct {
  readonly role: iam.Role;

  constructor(scope: Construct, id: string, { config, deployment, home }: RelayRoleProps) {
    super(scope, id);
    this.role = new iam.Role(this, 'Role', {
      roleName: relayRoleName(deployment, home.name),
      description: 'Keyrelay: reads the declared secrets and writes them to the declared clusters',
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
    });
    const cfn = this.role.node.defaultChild;
    if (cfn instanceof iam.CfnRole) cfn.overrideLogicalId('RelayRole');
    for (const [index, statements] of secretPolicies(config, deployment).entries())
      new iam.ManagedPolicy(this, `Secrets${index}`, {
        description: 'Keyrelay: reads the declared secrets',
        roles: [this.role],
        document: iam.PolicyDocument.fromJson({ Version: '2012-10-17', Statement: statements }),
      });
    for (const statement of [
      ...relayStatements(config, deployment),
      ...receiptStatements(config, deployment, home),
    ])
      this.role.addToPolicy(iam.PolicyStatement.fromJson(statement));
    Validations.of(this).acknowledge(
      {
        id: 'AwsSolutions-IAM5[Resource::*]',
        reason:
          'BatchGetSecretValue, ListSecrets and DescribeParameters know no resources: a batch reads only what GetSecretValue allows, and a list tells names and version ids, no value.',
      },
      ...SERVICES.flatMap((service) => secretResources(service, config, deployment))
        .filter((resource) => resource.endsWith('*'))
        .map((resource) => ({
          id: `AwsSolutions-IAM5[Resource::${resource}]`,
          reason: 'A name pattern of stores[].secrets in keyrelay.yaml, chosen by its owner.',
        })),
    );
  }
}
