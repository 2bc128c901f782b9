import type { Cluster, Settings, Store } from '../model/config.ts';
import { check, problemAt } from './check.ts';
import { ConfigFile } from './config-schema.ts';
import { clusterRoleArn, externalIdOf } from './deployment.ts';
import type { Deployment } from './deployment.ts';
import { deploymentOf, deploymentProblems } from './to-deployment.ts';
import { CONFIG_VOCABULARY } from './config-vocabulary.ts';
import type { Problem } from './problems.ts';
import { parseYaml } from './yaml-document.ts';
import type { SourceFile, YamlDocument } from './yaml-document.ts';

/** What keyrelay.yaml says, with every default filled in. */
export interface Configured {
  readonly clusters: readonly Cluster[];
  readonly stores: readonly Store[];
  readonly settings: Settings;
  readonly deployment: Deployment;
}

/** Reads keyrelay.yaml; undefined where it is too broken to check declarations against. */
export function readConfigFile(source: SourceFile): {
  readonly configured: Configured | undefined;
  readonly problems: readonly Problem[];
} {
  const { documents, problems } = parseYaml(source, 'CONFIG_INVALID');
  const [document, ...others] = documents;
  if (document === undefined)
    return { configured: undefined, problems: problems.length > 0 ? problems : [emptyFile(source)] };
  const more = others.map((other) =>
    problemAt(other, [], { code: 'CONFIG_INVALID', found: 'a further document', expected: 'one document' }),
  );
  const checked = check(ConfigFile, document, CONFIG_VOCABULARY);
  if (checked.kind === 'problems')
    return { configured: undefined, problems: [...problems, ...more, ...checked.problems] };
  return {
    configured: configuredBy(checked.value),
    problems: [...problems, ...more, ...crossCheck(checked.value, document)],
  };
}

function emptyFile({ path }: SourceFile): Problem {
  return {
    code: 'CONFIG_INVALID',
    file: path,
    line: 1,
    column: 1,
    path: '',
    found: 'an empty file',
    expected: 'a document of kind Config',
  };
}

function configuredBy(file: ConfigFile): Configured {
  const deployment = deploymentOf(file);
  const { garbageCollection, clusterConcurrency } = file.settings;
  return {
    clusters: file.clusters.map((cluster) => clusterOf(cluster, deployment)),
    stores: file.stores.map(({ name, secrets, provider: { aws } }) => ({
      name,
      service: aws.service,
      region: aws.region,
      ...(aws.prefix === '' ? {} : { prefix: aws.prefix }),
      ...(secrets.length === 0 ? {} : { secrets }),
    })),
    settings: { garbageCollection, clusterConcurrency },
    deployment,
  };
}

function clusterOf(file: ConfigFile['clusters'][number], deployment: Deployment): Cluster {
  const { name, region, account, roleArn, externalId, namespaces, labels, declarations } = file;
  const allow = file.allow.map(({ regions, roles, secrets, services, namespaces: allowed }) => ({
    ...{ namespaces: allowed, secrets, roles, services },
    regions: regions.length === 0 ? [region] : regions,
  }));
  const cluster = {
    ...{ name, region, account, roleArn, externalId, namespaces, labels },
    ...(declarations === 'files' ? {} : { declarations, allow }),
  };
  const own = deployment.clusters.get(name);
  if (own === undefined || !own.ownRole) return cluster;
  return {
    ...cluster,
    roleArn: clusterRoleArn(deployment, cluster, own.home),
    externalId: externalIdOf(deployment, own.home),
  };
}

/** What no field shows by itself. */
function crossCheck(file: ConfigFile, document: YamlDocument): readonly Problem[] {
  const { clusters, stores } = file;
  const at = (path: readonly PropertyKey[], found: string, expected: string): Problem =>
    problemAt(document, path, { code: 'CONFIG_INVALID', found, expected });
  const repeated = (
    path: readonly PropertyKey[],
    names: readonly string[],
    last: readonly PropertyKey[] = [],
  ): readonly Problem[] =>
    names.flatMap((name, index) =>
      names.indexOf(name) === index
        ? []
        : [at([...path, index, ...last], `"${name}" again`, 'each name once')],
    );
  return [
    ...repeated(
      ['clusters'],
      clusters.map(({ name }) => name),
      ['name'],
    ),
    ...repeated(
      ['stores'],
      stores.map(({ name }) => name),
      ['name'],
    ),
    ...clusters.flatMap(({ namespaces }, index) => repeated(['clusters', index, 'namespaces'], namespaces)),
    ...clusters.flatMap((cluster, index) =>
      allowProblems(cluster, (path, found, expected) => at(['clusters', index, ...path], found, expected)),
    ),
    ...storeProblems(file, at),
    ...deploymentProblems(file, at),
    ...clusters.flatMap((cluster, index) =>
      roleProblems(cluster, (field, found, expected) => at(['clusters', index, field], found, expected)),
    ),
  ];
}

/** Files name stores of this file; objects of clusters name those that lie there. */
function storeProblems(
  { clusters, stores }: ConfigFile,
  at: (path: readonly PropertyKey[], found: string, expected: string) => Problem,
): readonly Problem[] {
  const filed = clusters.find(({ declarations }) => declarations !== 'cluster');
  if (stores.length > 0 || filed === undefined) return [];
  const expected = `at least one, because files declare for cluster ${filed.name}`;
  return [at(['stores'], 'no store', expected)];
}

/** What is allowed has a meaning only where the cluster's own objects declare, and in its namespaces. */
function allowProblems(
  { allow, declarations, access, namespaces }: ConfigFile['clusters'][number],
  at: (path: readonly PropertyKey[], found: string, expected: string) => Problem,
): readonly Problem[] {
  const strangers = allow.flatMap((item, index) =>
    item.namespaces
      .filter((name) => !namespaces.includes(name))
      .map((name) =>
        at(
          ['allow', index, 'namespaces'],
          `"${name}"`,
          `namespaces of the cluster (${namespaces.join(', ')})`,
        ),
      ),
  );
  return [
    ...strangers,
    ...(declarations === 'files' && allow.length > 0
      ? [at(['allow'], 'an allowance for objects that are not read', 'declarations: cluster or both')]
      : []),
    ...(declarations !== 'files' && access === 'access-policy'
      ? [
          at(
            ['declarations'],
            declarations,
            'access: rbac, because EKS’s policy for Secrets reads no ExternalSecrets',
          ),
        ]
      : []),
  ];
}

type RoleFields = Pick<ConfigFile['clusters'][number], 'account' | 'roleArn' | 'externalId'>;

/**
 * The role lies in the cluster's account, because eks:DescribeCluster describes clusters of the caller's account only
 * (https://docs.aws.amazon.com/eks/latest/APIReference/API_DescribeCluster.html).
 */
function roleProblems(
  { account, roleArn, externalId }: RoleFields,
  at: (field: string, found: string, expected: string) => Problem,
): readonly Problem[] {
  if (roleArn === undefined) {
    return externalId === undefined
      ? []
      : [at('externalId', 'an external id without a role', 'roleArn beside it, or neither')];
  }
  const roleAccount = roleArn.split(':')[4] ?? '';
  return roleAccount === account
    ? []
    : [at('roleArn', `a role of account ${roleAccount}`, `a role of the cluster's account ${account}`)];
}
