import { readsItself } from './allowances.ts';
import { problemAt } from './check.ts';
import { rolloutProblems } from './cluster-rollouts.ts';
import type { ConfigFile } from './config-schema.ts';
import type { Problem } from './problems.ts';
import { storeProblems } from './store-rules.ts';
import { deploymentProblems } from './to-deployment.ts';
import type { YamlDocument } from './yaml-document.ts';

/** What is wrong with keyrelay.yaml that no field shows by itself. */
export function configProblems(file: ConfigFile, document: YamlDocument): readonly Problem[] {
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
    ...clusters.flatMap((cluster, index) =>
      rolloutProblems(cluster, (path, found, expected) =>
        at(['clusters', index, 'rollouts', ...path], found, expected),
      ),
    ),
    ...missingStores(file, at),
    ...stores.flatMap((store, index) =>
      writtenProblems(store, (path, found, expected) => at(['stores', index, ...path], found, expected)),
    ),
    ...deploymentProblems(file, at),
    ...clusters.flatMap((cluster, index) =>
      roleProblems(cluster, (field, found, expected) => at(['clusters', index, field], found, expected)),
    ),
  ];
}

/** Files name stores of this file; objects of clusters name those that lie there. */
function missingStores(
  { clusters, stores }: ConfigFile,
  at: (path: readonly PropertyKey[], found: string, expected: string) => Problem,
): readonly Problem[] {
  const filed = clusters.find(({ declarations }) => declarations !== 'cluster');
  if (stores.length > 0 || filed === undefined) return [];
  const expected = `at least one, because files declare for cluster ${filed.name}`;
  return [at(['stores'], 'no store', expected)];
}

function writtenProblems(
  { kind, conditions, kmsKeys, provider: { aws } }: ConfigFile['stores'][number],
  at: (path: readonly PropertyKey[], found: string, expected: string) => Problem,
): readonly Problem[] {
  const problems: Problem[] = [];
  storeProblems(
    { kind, conditions, aws },
    (path, found, expected) => void problems.push(at(path, found, expected)),
  );
  const reader = aws.role ?? aws.additionalRoles.at(-1) ?? aws.auth.jwt ?? aws.auth.secretRef;
  if (kmsKeys.length > 0 && reader !== undefined)
    problems.push(
      at(
        ['kmsKeys'],
        'keys beside another reader',
        'none: whoever reads the store needs kms:Decrypt, not the relay',
      ),
    );
  return problems;
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
  const elsewhere = allow.flatMap(({ serviceAccounts, credentials }, index) =>
    Object.entries({ serviceAccounts, credentials }).flatMap(([field, names]) =>
      names
        .filter((name) => name.includes('/') && !namespaces.includes(name.split('/')[0] ?? ''))
        .map((name) =>
          at(
            ['allow', index, field],
            `"${name}"`,
            `one in a namespace of the cluster (${namespaces.join(', ')})`,
          ),
        ),
    ),
  );
  const unused = allow.flatMap((item, index) =>
    item.kmsKeys.length > 0 && !readsItself(item)
      ? [
          at(
            ['allow', index, 'kmsKeys'],
            'keys beside other readers',
            'none: the relay’s role does not read here',
          ),
        ]
      : [],
  );
  return [
    ...strangers,
    ...elsewhere,
    ...unused,
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
