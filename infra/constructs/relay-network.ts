import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Network } from '../../lambda/declarations/deployment.ts';
import type { Service } from '../../lambda/model/config.ts';

export interface RelayNetworkProps {
  readonly network: Network;
  readonly region: string;
  /** Security groups of clusters, which then admit the functions. */
  readonly clusterSecurityGroups: readonly string[];
  /** The services that are read in this region. */
  readonly services: readonly Service[];
  /** Whether the functions assume roles, for which they need STS. */
  readonly assumesRoles: boolean;
  /** Whether they send receipts, for which they need EventBridge. */
  readonly sendsReceipts: boolean;
}

const STORE_ENDPOINTS: Readonly<Record<Service, ec2.InterfaceVpcEndpointAwsService>> = {
  SecretsManager: ec2.InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
  ParameterStore: ec2.InterfaceVpcEndpointAwsService.SSM,
};

/** Places in an existing VPC for functions that reach private API servers, with no lookup: everything is told. */
export class RelayNetwork extends Construct {
  /** Props of a function in the VPC. */
  readonly placement: {
    readonly vpc: ec2.IVpc;
    readonly vpcSubnets: ec2.SubnetSelection;
    readonly securityGroups: ec2.ISecurityGroup[];
  };
  readonly securityGroup: ec2.SecurityGroup;

  constructor(scope: Construct, id: string, props: RelayNetworkProps) {
    super(scope, id);
    const { network, region } = props;
    const vpc = ec2.Vpc.fromVpcAttributes(this, 'Vpc', {
      vpcId: network.vpcId,
      region,
      availabilityZones: [...network.availabilityZones],
      privateSubnetIds: [...network.subnetIds],
    });
    this.securityGroup = new ec2.SecurityGroup(this, 'Functions', {
      vpc,
      description: 'Keyrelay functions: HTTPS to the API servers and to AWS',
      allowAllOutbound: false,
    });
    this.securityGroup.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(443), 'API servers and AWS');
    this.placement = {
      vpc,
      vpcSubnets: { subnets: vpc.privateSubnets },
      securityGroups: [this.securityGroup],
    };
    for (const group of props.clusterSecurityGroups)
      new ec2.CfnSecurityGroupIngress(this, `Ingress-${group}`, {
        groupId: group,
        ipProtocol: 'tcp',
        fromPort: 443,
        toPort: 443,
        sourceSecurityGroupId: this.securityGroup.securityGroupId,
        description: 'Keyrelay functions to the Kubernetes API',
      });
    if (network.endpoints === 'create') this.createEndpoints(vpc, props);
  }

  /**
   * What the functions call. KMS is called by the stores, logs and traces leave by Lambda itself, and the token for EKS is signed, not
   * asked for (https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html).
   */
  private createEndpoints(
    vpc: ec2.IVpc,
    { services: stores, assumesRoles, sendsReceipts }: RelayNetworkProps,
  ): void {
    const services = [
      ...stores.map((service) => [service, STORE_ENDPOINTS[service]] as const),
      ['Sqs', ec2.InterfaceVpcEndpointAwsService.SQS],
      ['Eks', ec2.InterfaceVpcEndpointAwsService.EKS],
      ...(assumesRoles ? ([['Sts', ec2.InterfaceVpcEndpointAwsService.STS]] as const) : []),
      ...(sendsReceipts ? ([['Events', ec2.InterfaceVpcEndpointAwsService.EVENTBRIDGE]] as const) : []),
    ] as const;
    const admits = new ec2.SecurityGroup(this, 'Endpoints', {
      vpc,
      description: 'Keyrelay: interface endpoints of AWS services',
      allowAllOutbound: false,
    });
    admits.addIngressRule(this.securityGroup, ec2.Port.tcp(443), 'Keyrelay functions');
    for (const [id, service] of services)
      new ec2.InterfaceVpcEndpoint(this, id, {
        vpc,
        service,
        subnets: { subnets: vpc.privateSubnets },
        securityGroups: [admits],
        open: false,
      });
  }
}

/** What a function in a VPC needs (https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions). */
export function networkStatement(): iam.PolicyStatement {
  return new iam.PolicyStatement({
    actions: [
      'ec2:CreateNetworkInterface',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSubnets',
      'ec2:DeleteNetworkInterface',
      'ec2:AssignPrivateIpAddresses',
      'ec2:UnassignPrivateIpAddresses',
    ],
    resources: ['*'],
  });
}
