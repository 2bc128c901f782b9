import { clusterArn, partitionOf, storeDeployment } from '../../lambda/declarations/deployment.ts';
import type { Deployment } from '../../lambda/declarations/deployment.ts';
import { SERVICES, allowsService } from '../../lambda/model/config.ts';
import type { Cluster, CompiledConfig, Service } from '../../lambda/model/config.ts';
import { DeploymentError } from '../deployment-error.ts';
import { storeRoleStatements } from './role-statements.ts';
import { secretResources } from './secret-arns.ts';
import { readByRelay, regionsOf, servicesOf } from './services-used.ts';
import { STORE_ACCESS } from './store-access.ts';

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
  const policies = SERVICES.flatMap((service) =>
    chunksOf(secretResources(service, config, deployment)).map((chunk) => [
      {
        Sid: `Read${service}`,
        Effect: 'Allow' as const,
        Action: STORE_ACCESS[service].actions,
        Resource: chunk,
      },
    ]),
  );
  if (policies.length > MAX_POLICIES)
    throw new DeploymentError(
      `${policies.flat().flatMap(({ Resource }) => Resource).length} declared secrets are more than a role's policies can name one by one; give the stores name patterns (stores[].secrets, such as prod/*) in keyrelay.yaml`,
    );
  return policies;
}

/** As many resources together as one policy holds. */
function chunksOf(resources: readonly string[]): readonly (readonly string[])[] {
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
  return chunks;
}

/** Everything else that the relay does with AWS, apart from its own queues and logs. */
export function relayStatements(config: CompiledConfig, deployment: Deployment): readonly Statement[] {
  return [
    ...listStatements(config),
    ...keyStatements(config, deployment),
    ...clusterStatements(config.clusters),
    ...roleStatements(config.clusters),
    ...storeRoleStatements(config),
  ];
}

/**
 * These know no resources. A batch reads only what GetSecretValue allows too; the lists tell names and versions, no value, for finds and
 * for sweeps (https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html and list_awssystemsmanager.html).
 */
const LIST_ACTIONS: Readonly<Record<Service, readonly string[]>> = {
  SecretsManager: ['secretsmanager:BatchGetSecretValue', 'secretsmanager:ListSecrets'],
  ParameterStore: ['ssm:DescribeParameters'],
};

function listStatements(config: CompiledConfig): readonly Statement[] {
  const own = readByRelay(config);
  return servicesOf(own).map((service) => ({
    Sid: `List${service}`,
    Effect: 'Allow',
    Action: LIST_ACTIONS[service],
    Resource: ['*'],
    Condition: { StringEquals: { 'aws:RequestedRegion': regionsOf(service, own) } },
  }));
}

/** https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service */
function keyStatements(config: CompiledConfig, deployment: Deployment): readonly Statement[] {
  return SERVICES.flatMap((service) => {
    const keys = [
      ...config.stores
        .filter((store) => store.service === service)
        .flatMap((store) => storeDeployment(deployment, store).kmsKeys),
      ...config.clusters
        .filter(({ allow = [] }) => allow.some((item) => allowsService(item, service)))
        .flatMap(({ name }) => deployment.clusters.get(name)?.kmsKeys ?? []),
    ];
    if (keys.length === 0) return [];
    const hosts = regionsOf(service, readByRelay(config)).map(
      (region) => `${STORE_ACCESS[service].id}.${region}.${dnsSuffixOf(region)}`,
    );
    return [
      {
        Sid: `Decrypt${service}`,
        Effect: 'Allow' as const,
        Action: ['kms:Decrypt'],
        Resource: [...new Set(keys)].toSorted(),
        Condition: { StringEquals: { 'kms:ViaService': hosts } },
      },
    ];
  });
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
