import type { Cluster, Store } from '../model/config.ts';
import { baseName } from './file-stores.ts';

/** What keyrelay.yaml says about the deployment, with every default filled in: for the stacks, not for the functions. */
export interface Deployment {
  /** Beginning of the names of stacks and resources, and the relay's Kubernetes group. */
  readonly name: string;
  /** 12 digits. */
  readonly account: string;
  readonly homes: readonly Home[];
  readonly events: {
    /** Undefined: the default bus, and forwarding from elsewhere. */
    readonly busArn: string | undefined;
    readonly accounts: readonly string[];
    readonly trail: 'existing' | 'create';
  };
  readonly alarms: {
    readonly topicArn: string | undefined;
    readonly emails: readonly string[];
    readonly propagationSeconds: number;
  };
  readonly terminationProtection: boolean;
  readonly tags: Readonly<Record<string, string>>;
  /** An EventBridge expression. */
  readonly schedule: string;
  /** By name of the cluster. */
  readonly clusters: ReadonlyMap<string, ClusterDeployment>;
  /** By name of the store. */
  readonly stores: ReadonlyMap<string, StoreDeployment>;
}

/** A relay in one region. */
export interface Home {
  readonly name: string;
  readonly region: string;
  readonly network: Network | undefined;
}

/** A VPC that is there already. */
export interface Network {
  readonly vpcId: string;
  readonly availabilityZones: readonly string[];
  readonly subnetIds: readonly string[];
  readonly endpoints: 'create' | 'existing';
}

export interface ClusterDeployment {
  /** Name of the home that serves the cluster. */
  readonly home: string;
  readonly access: 'rbac' | 'access-policy' | 'none';
  readonly install: 'deployment' | 'gitops';
  readonly securityGroupId: string | undefined;
  /** Whether the deployment makes the role that is assumed for the cluster, because none was named. */
  readonly ownRole: boolean;
  /** ARNs of the keys that encrypt what its own objects may have read. */
  readonly kmsKeys: readonly string[];
}

export interface StoreDeployment {
  /** Name patterns; none: exactly what is declared. */
  readonly secrets: readonly string[];
  /** ARNs. */
  readonly kmsKeys: readonly string[];
}

/** The partition of a region (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html). */
export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelastickubernetesservice.html */
export function clusterArn({ name, region, account }: Pick<Cluster, 'name' | 'region' | 'account'>): string {
  return `arn:${partitionOf(region)}:eks:${region}:${account}:cluster/${name}`;
}

/** The name of the role that the relay of a home runs as; stable, because access entries and trust policies name it. */
export function relayRoleName(deployment: Pick<Deployment, 'name'>, home: string): string {
  return `${deployment.name}-relay-${home}`;
}

/** The name of the role that the relay of a home assumes for the clusters of another account in one region. */
export function clusterRoleName(deployment: Pick<Deployment, 'name'>, home: string, region: string): string {
  return `${deployment.name}-access-${home}-${region}`;
}

/** The name of the role that applies manifests to the clusters of one region while they are deployed. */
export function installerRoleName(
  deployment: Pick<Deployment, 'name'>,
  home: string,
  region: string,
): string {
  return `${deployment.name}-install-${home}-${region}`;
}

/** The ARN of the role that is assumed. */
export function clusterRoleArn(
  deployment: Pick<Deployment, 'name'>,
  { account, region }: Pick<Cluster, 'account' | 'region'>,
  home: string,
): string {
  return `arn:${partitionOf(region)}:iam::${account}:role/${clusterRoleName(deployment, home, region)}`;
}

/** What the trust policy of that role asks for, so that nobody else has the relay assume it. */
export function externalIdOf(deployment: Pick<Deployment, 'name' | 'account'>, home: string): string {
  return `${deployment.name}/${deployment.account}/${home}`;
}

/** The deployment's part of a store. */
export function storeDeployment({ stores }: Deployment, { name }: Pick<Store, 'name'>): StoreDeployment {
  return stores.get(baseName(name)) ?? { secrets: [], kmsKeys: [] };
}
