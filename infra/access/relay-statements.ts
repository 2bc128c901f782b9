import { partitionOf, storeDeployment } from '../../lambda/declarations/deployment.ts';
import type { Deployment } from '../../lambda/declarations/deployment.ts';
import type { Cluster, CompiledConfig } from '../../lambda/model/config.ts';
import { DeploymentError } from '../deployment-error.ts';
import { secretResources } from './secret-arns.ts';

/** A statement of an IAM policy (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html). */
export interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** Characters of a managed policy, white space not counted (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html). */
const MAX_POLICY = 6144;
/** Of the 10 managed policies that a role may have by default. */
const MAX_POLICIES = 9;

/**
 * Reading the declared secrets, in as many managed policies as it takes.
 *
 * @throws DeploymentError where they are more than a role can name
 */
export function secretPolicies(
  config: CompiledConfig,
  deployment: Deployment,
): readonly (readonly Statement[])[] {
  const resources = secretResources(config, deployment);
  const chunks: string[][] = [];
  let room = 0;
  for (const resource of resources) {
    const size = resource.length + 3;
    const last = chunks.at(-1);
    if (last === undefined || size > room) {
      chunks.push([resource]);
      room = MAX_POLICY - 300 - size;
    } else {
      last.push(resource);
      room -= size;
    }
  }
  if (chunks.length > MAX_POLICIES)
    throw new DeploymentError(
      `${resources.length} declared secrets are more than a role's policies can name one by one; give the stores name patterns (stores[].secrets, such as prod/*) in keyrelay.yaml`,
    );
  return chunks.map((chunk) => [
    {
      Sid: 'ReadDeclaredSecrets',
      Effect: 'Allow',
      Action: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'],
      Resource: chunk,
    },
  ]);
}

/** Everything else that the relay does with AWS, apart from its own queues and logs. */
export function relayStatements(config: CompiledConfig, deployment: Deployment): readonly Statement[] {
  return [
    ...listStatements(config),
    ...keyStatements(config, deployment),
    ...clusterStatements(config.clusters),
    ...roleStatements(config.clusters),
    ...storeRoleStatements(config.clusters),
  ];
}

/**
 * These two know no resources (https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html). A batch reads
 * only what GetSecretValue allows too; the list tells names and version ids, no value.
 */
function listStatements(config: CompiledConfig): readonly Statement[] {
  const regions = sourceRegions(config);
  if (regions.length === 0) return [];
  return [
    {
      Sid: 'ListSecrets',
      Effect: 'Allow',
      Action: ['secretsmanager:BatchGetSecretValue', 'secretsmanager:ListSecrets'],
      Resource: ['*'],
      Condition: { StringEquals: { 'aws:RequestedRegion': regions } },
    },
  ];
}

/** https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service */
function keyStatements(config: CompiledConfig, deployment: Deployment): readonly Statement[] {
  const keys = [
    ...config.stores.flatMap((store) => storeDeployment(deployment, store).kmsKeys),
    ...config.clusters.flatMap(({ name }) => deployment.clusters.get(name)?.kmsKeys ?? []),
  ];
  if (keys.length === 0) return [];
  const services = sourceRegions(config).map((region) => `secretsmanager.${region}.${dnsSuffixOf(region)}`);
  return [
    {
      Sid: 'DecryptSecrets',
      Effect: 'Allow',
      Action: ['kms:Decrypt'],
      Resource: [...new Set(keys)].toSorted(),
      Condition: { StringEquals: { 'kms:ViaService': services } },
    },
  ];
}

/** Where secrets are read: the regions of the stores, and those that stores in clusters may name. */
function sourceRegions({ stores, clusters }: CompiledConfig): readonly string[] {
  const allowed = clusters.flatMap(({ allow = [] }) => allow.flatMap(({ regions }) => regions));
  return [...new Set([...stores.map(({ region }) => region), ...allowed])].toSorted();
}

/** https://docs.aws.amazon.com/general/latest/gr/rande.html */
export function dnsSuffixOf(region: string): string {
  return partitionOf(region) === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
}

/** Clusters of other roles are described by these. */
function clusterStatements(clusters: readonly Cluster[]): readonly Statement[] {
  const own = clusters.filter(({ roleArn }) => roleArn === undefined);
  if (own.length === 0) return [];
  return [
    {
      Sid: 'DescribeClusters',
      Effect: 'Allow',
      Action: ['eks:DescribeCluster'],
      Resource: own.map(clusterArn).toSorted(),
    },
  ];
}

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelastickubernetesservice.html */
export function clusterArn({ name, region, account }: Pick<Cluster, 'name' | 'region' | 'account'>): string {
  return `arn:${partitionOf(region)}:eks:${region}:${account}:cluster/${name}`;
}

/** Roles that stores in clusters may name. Their external ids are in the stores, and their trust policies ask for them. */
function storeRoleStatements(clusters: readonly Cluster[]): readonly Statement[] {
  const roles = clusters.flatMap(({ allow = [] }) => allow.flatMap((item) => item.roles));
  if (roles.length === 0) return [];
  return [
    {
      Sid: 'AssumeStoreRoles',
      Effect: 'Allow',
      Action: ['sts:AssumeRole'],
      Resource: [...new Set(roles)].toSorted(),
    },
  ];
}

/** By external id, so that a role that asks for none cannot be assumed by mistake under the name of one that does. */
function roleStatements(clusters: readonly Cluster[]): readonly Statement[] {
  const roles = clusters.flatMap(({ roleArn, externalId }) =>
    roleArn === undefined ? [] : [{ roleArn, externalId }],
  );
  const byId = Map.groupBy(roles, ({ externalId }) => externalId ?? '');
  return [...byId]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([externalId, group], index) => ({
      Sid: `AssumeClusterRoles${index}`,
      Effect: 'Allow' as const,
      Action: ['sts:AssumeRole'],
      Resource: [...new Set(group.map(({ roleArn }) => roleArn))].toSorted(),
      ...(externalId === '' ? {} : { Condition: { StringEquals: { 'sts:ExternalId': externalId } } }),
    }));
}
