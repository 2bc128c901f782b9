import type { Allowance, Cluster, Settings, Store } from '../model/config.ts';
import { check, problemAt } from './check.ts';
import { clusterRollouts } from './cluster-rollouts.ts';
import { configProblems } from './config-rules.ts';
import { ConfigFile } from './config-schema.ts';
import { clusterRoleArn, externalIdOf } from './deployment.ts';
import type { Deployment } from './deployment.ts';
import { deploymentOf } from './to-deployment.ts';
import { CONFIG_VOCABULARY } from './config-vocabulary.ts';
import type { FileStore } from './file-stores.ts';
import type { Problem } from './problems.ts';
import type { Receipts } from './receipts-schema.ts';
import { rateOf } from './schedule.ts';
import { identityOf, placesOf } from './store-identity.ts';
import { parseYaml } from './yaml-document.ts';
import type { SourceFile } from './yaml-document.ts';

/** What keyrelay.yaml says, with every default filled in. */
export interface Configured {
  readonly clusters: readonly Cluster[];
  readonly stores: readonly Store[];
  /** By name. */
  readonly fileStores: ReadonlyMap<string, FileStore>;
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
    problems: [...problems, ...more, ...configProblems(checked.value, document)],
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
  const { garbageCollection, clusterConcurrency, rollouts, receipts } = file.settings;
  const schedule = rateOf(file.settings.schedule);
  return {
    clusters: file.clusters.map((cluster) => clusterOf(cluster, deployment)),
    stores: file.stores.map(storeOf),
    fileStores: new Map(
      file.stores.map((item) => [item.name, { ...item, aws: item.provider.aws, store: storeOf(item) }]),
    ),
    settings: {
      garbageCollection,
      clusterConcurrency,
      rollouts,
      ...(schedule === undefined ? {} : { schedule }),
      ...receiptSettings(receipts),
    },
    deployment,
  };
}

function receiptSettings({ bus, when }: Receipts): Pick<Settings, 'receipts'> {
  return when === 'off' ? {} : { receipts: { bus, when } };
}

/** Without an identity where that depends on the namespace or the cluster. */
function storeOf({ name, kind, secrets, provider: { aws } }: ConfigFile['stores'][number]): Store {
  const { service, region, prefix } = aws;
  const identity =
    placesOf(aws) === 'one'
      ? identityOf(aws, { name, kind, cluster: '', namespace: '', audiences: [] })
      : undefined;
  return {
    ...{ name, service, region },
    ...(prefix === '' ? {} : { prefix }),
    ...(secrets.length === 0 ? {} : { secrets }),
    ...(identity === undefined ? {} : { identity }),
  };
}

/** Without its keys, which are the deployment's business. */
function allowanceOf(file: ConfigFile['clusters'][number]['allow'][number], region: string): Allowance {
  const { namespaces, secrets, regions, roles, services, serviceAccounts, audiences, credentials } = file;
  return {
    ...{ namespaces, secrets, roles, services, serviceAccounts, audiences, credentials },
    regions: regions.length === 0 ? [region] : regions,
  };
}

function clusterOf(file: ConfigFile['clusters'][number], deployment: Deployment): Cluster {
  const { name, region, account, roleArn, externalId, namespaces, labels, declarations, access } = file;
  const allow = file.allow.map((item) => allowanceOf(item, region));
  const rollouts = clusterRollouts(file);
  const cluster = {
    ...{ name, region, account, roleArn, externalId, namespaces, labels },
    ...(declarations === 'files' ? {} : { declarations, allow }),
    ...(rollouts === undefined ? {} : { rollouts }),
    // EKS's own policy for Secrets lets nobody write Events.
    ...(access === 'access-policy' ? { events: 'none' as const } : {}),
  };
  const own = deployment.clusters.get(name);
  if (own === undefined || !own.ownRole) return cluster;
  return {
    ...cluster,
    roleArn: clusterRoleArn(deployment, cluster, own.home),
    externalId: externalIdOf(deployment, own.home),
  };
}
