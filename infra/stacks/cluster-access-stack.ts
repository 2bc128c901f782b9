import { Stack } from 'aws-cdk-lib';
import type { StackProps } from 'aws-cdk-lib';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { installerRoleName, relayRoleName } from '../../lambda/declarations/deployment.ts';
import type { Deployment } from '../../lambda/declarations/deployment.ts';
import type { Cluster, CompiledConfig } from '../../lambda/model/config.ts';
import type { AccessGroup, AccessPlace } from '../access/access-plan.ts';
import { clusterEntry } from '../constructs/cluster-entry.ts';
import { ClusterInstaller } from '../constructs/cluster-installer.ts';
import { ClusterRole } from '../constructs/cluster-role.ts';
import type { RelayNetwork } from '../constructs/relay-network.ts';
import { clusterManifests } from '../manifests/cluster-manifests.ts';

export interface ClusterAccessStackProps extends StackProps {
  readonly config: CompiledConfig;
  readonly deployment: Deployment;
  readonly place: AccessPlace;
  /** Folder with the staged installer; undefined where no cluster of the place needs one. */
  readonly installerCode: string | undefined;
  /** By name of the home: the networks of relays in this very account and region. */
  readonly networks: ReadonlyMap<string, RelayNetwork>;
}

/** What lets the relays into the clusters of one account and region. */
export class ClusterAccessStack extends Stack {
  private readonly props: ClusterAccessStackProps;

  constructor(scope: Construct, id: string, props: ClusterAccessStackProps) {
    super(scope, id, props);
    this.props = props;
    for (const group of props.place.groups) this.admit(group);
  }

  private admit(group: AccessGroup): void {
    const { deployment } = this.props;
    const role = group.ownRole ? this.role(group) : undefined;
    const installer = this.installer(group);
    for (const cluster of group.clusters) {
      const entry = clusterEntry(this, cluster, deployment, this.principalOf(cluster, group));
      if (role !== undefined) entry.node.addDependency(role);
      // The fence stands before the relay comes in, and falls after it has gone.
      if (installer !== undefined && group.installed.includes(cluster))
        entry.node.addDependency(installer.install(cluster));
    }
  }

  private role({ home }: AccessGroup): ClusterRole {
    const { deployment, config, place } = this.props;
    const clusters = config.clusters.filter(({ name, account, region }) => {
      const own = deployment.clusters.get(name);
      return account === place.account && region === place.region && own?.home === home.name && own.ownRole;
    });
    return new ClusterRole(this, `Role-${home.name}`, { deployment, home: home.name, clusters });
  }

  private installer({ home, installed }: AccessGroup): ClusterInstaller | undefined {
    const { deployment, config, installerCode, networks, place } = this.props;
    if (installed.length === 0 || installerCode === undefined) return undefined;
    return new ClusterInstaller(this, `Installer-${home.name}`, {
      relay: deployment.name,
      roleName: installerRoleName(deployment, home.name, place.region),
      code: installerCode,
      manifests: new Map(
        installed.map((cluster) => [cluster.name, clusterManifests(config, deployment, cluster)]),
      ),
      network: networks.get(home.name),
      logRetention: logs.RetentionDays.THREE_MONTHS,
    });
  }

  /** The role that the relay shows to the cluster: one that is named, one that is made here, or its own. */
  private principalOf(cluster: Cluster, { home }: AccessGroup): string {
    const { deployment } = this.props;
    return (
      cluster.roleArn ??
      `arn:${this.partition}:iam::${deployment.account}:role/${relayRoleName(deployment, home.name)}`
    );
  }
}
