import { createHash } from 'node:crypto';
import { CustomResource, Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Provider } from 'aws-cdk-lib/custom-resources';
import { Construct } from 'constructs';
import { ENV } from '../../lambda/contract.ts';
import type { Cluster } from '../../lambda/model/config.ts';
import { installerStatements } from '../access/installer-statements.ts';
import type { Manifest } from '../../lambda/model/manifest.ts';
import {
  acknowledgeNetwork,
  acknowledgeProvider,
  acknowledgeSynchronous,
  acknowledgeTracing,
} from './acknowledgements.ts';
import { networkStatement } from './relay-network.ts';
import type { RelayNetwork } from './relay-network.ts';

export interface ClusterInstallerProps {
  /** The relay's name: its Kubernetes group. */
  readonly relay: string;
  /** Name of the installer's role; stable and short enough (64). */
  readonly roleName: string;
  /** Folder with the bundle and the manifests of all clusters. */
  readonly code: string;
  readonly manifests: ReadonlyMap<string, readonly Manifest[]>;
  /** Of the relay that serves the clusters, where it is in this account and region. */
  readonly network: RelayNetwork | undefined;
  readonly logRetention: logs.RetentionDays;
}

/** An access entry takes effect after seconds; applying takes seconds more; and a missing API server should fail within minutes. */
const TIMEOUT = Duration.minutes(5);

/**
 * Applies Roles and admission policies at deployment (docs/decisions/0003-cluster-access.md). Its right to do so lasts as long as it does it:
 * it makes an access entry for itself and takes it away again.
 */
export class ClusterInstaller extends Construct {
  private readonly role: iam.Role;
  private readonly provider: Provider;
  private readonly props: ClusterInstallerProps;

  constructor(scope: Construct, id: string, props: ClusterInstallerProps) {
    super(scope, id);
    this.props = props;
    const { account, partition } = Stack.of(this);
    const { network, roleName } = props;
    const arn = `arn:${partition}:iam::${account}:role/${roleName}`;
    const logGroup = this.logGroup('Logs');
    this.role = new iam.Role(this, 'Role', {
      roleName,
      description: 'Keyrelay: applies Roles and admission policies to clusters while it is deployed',
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
    });
    const { role } = this;
    logGroup.grantWrite(role);
    acknowledgeTracing(role);
    if (network !== undefined) {
      role.addToPolicy(networkStatement());
      acknowledgeNetwork(role);
    }
    const handler = new lambda.Function(this, 'Function', {
      description: 'Keyrelay: applies Roles and admission policies to clusters',
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      handler: 'index.handler',
      code: lambda.Code.fromAsset(`${props.code}/install`),
      memorySize: 512,
      timeout: TIMEOUT,
      role,
      logGroup,
      tracing: lambda.Tracing.ACTIVE,
      ...(network === undefined ? {} : network.placement),
      environment: {
        [ENV.installerRole]: arn,
        POWERTOOLS_SERVICE_NAME: props.relay,
        POWERTOOLS_LOG_LEVEL: 'INFO',
      },
    });
    this.provider = new Provider(this, 'Provider', {
      onEventHandler: handler,
      logGroup: this.logGroup('ProviderLogs'),
    });
    acknowledgeProvider(this.provider, handler);
    acknowledgeSynchronous(handler);
  }

  /** The object that CloudFormation makes, changes and deletes with what is installed in a cluster. */
  install(cluster: Cluster): CustomResource {
    const manifests = this.props.manifests.get(cluster.name) ?? [];
    const resource = new CustomResource(this, `Install-${cluster.name}`, {
      resourceType: 'Custom::KeyrelayClusterAccess',
      serviceToken: this.provider.serviceToken,
      properties: {
        cluster: cluster.name,
        relay: this.props.relay,
        // Only so that CloudFormation sees a change: the manifests lie beside the function.
        manifestsDigest: createHash('sha256').update(JSON.stringify(manifests)).digest('hex'),
      },
    });
    resource.node.addDependency(this.permit(cluster));
    return resource;
  }

  /** A policy for each cluster, so that it is there for as long as there is something to take away. */
  private permit(cluster: Cluster): iam.Policy {
    const { account, partition } = Stack.of(this);
    const { roleName } = this.props;
    const role = { arn: `arn:${partition}:iam::${account}:role/${roleName}`, name: roleName };
    const statements = installerStatements(cluster, role);
    const policy = new iam.Policy(this, `Policy-${cluster.name}`, {
      roles: [this.role],
      document: iam.PolicyDocument.fromJson({ Version: '2012-10-17', Statement: statements }),
    });
    Validations.of(policy).acknowledge(
      ...statements
        .flatMap(({ Resource }) => Resource)
        .filter((arn) => arn.endsWith('*'))
        .map((arn) => ({
          id: `AwsSolutions-IAM5[Resource::${arn}]`,
          reason: 'EKS ends the ARN of an access entry with an id of its choice.',
        })),
    );
    return policy;
  }

  private logGroup(id: string): logs.LogGroup {
    return new logs.LogGroup(this, id, {
      retention: this.props.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }
}
