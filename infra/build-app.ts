import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { App, StackProps } from 'aws-cdk-lib';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import type { Deployment, Home } from '../lambda/declarations/deployment.ts';
import { serializeCompiled } from '../lambda/declarations/load-compiled.ts';
import type { CompiledConfig } from '../lambda/model/config.ts';
import { accessPlaces } from './access/access-plan.ts';
import type { AccessPlace } from './access/access-plan.ts';
import { FUNCTIONS, INSTALLER } from './bundle.ts';
import { DeploymentError } from './deployment-error.ts';
import { forwardersOf } from './event-sources.ts';
import { configOfHome } from './home-config.ts';
import { installedManifests } from './manifests/cluster-manifests.ts';
import { stageFunctions } from './stage-functions.ts';
import { ClusterAccessStack } from './stacks/cluster-access-stack.ts';
import { EventSourceStack } from './stacks/event-source-stack.ts';
import { RelayStack } from './stacks/relay-stack.ts';

export interface AppOptions {
  readonly config: CompiledConfig;
  readonly deployment: Deployment;
  /** Folder that `bundleFunctions` wrote. */
  readonly bundles: string;
  /** Folder for the functions with their data; empty. */
  readonly staging: string;
}

/**
 * Every stack of a configuration: a relay for each home, access for each account and region with clusters, and forwarding for each account
 * and region with secrets that no relay hears of by itself.
 *
 * @throws DeploymentError for what can be known to fail before anything is deployed
 */
export function buildApp(app: App, options: AppOptions): void {
  const { deployment, config } = options;
  checkRegions(config, deployment);
  const relays = new Map(
    deployment.homes.map((home) => [home.name, relayStack(app, home, options)] as const),
  );
  for (const place of accessPlaces(config, deployment)) accessStack(app, place, relays, options);
  forwardingStacks(app, relays, options);
}

/** A region that is misspelled would otherwise fail far away, as a host that nobody knows. */
function checkRegions({ clusters, stores }: CompiledConfig, { homes }: Deployment): void {
  const known = new Set(RegionInfo.regions.map(({ name }) => name));
  const used = [
    ...homes.map(({ region }) => ({ region, where: 'relay.homes' })),
    ...clusters.map(({ region, name }) => ({ region, where: `cluster ${name}` })),
    ...stores.map(({ region, name }) => ({ region, where: `store ${name}` })),
    ...clusters.flatMap(({ name, allow = [] }) =>
      allow.flatMap(({ regions }) =>
        regions.map((region) => ({ region, where: `allow of cluster ${name}` })),
      ),
    ),
  ];
  for (const { region, where } of used)
    if (!known.has(region))
      throw new DeploymentError(
        `${where}: region ${region} is not one that AWS has (as of aws-cdk-lib ${cdkVersion()}); correct it in keyrelay.yaml, or update aws-cdk-lib if it is new`,
      );
}

function cdkVersion(): string {
  const manifest: unknown = createRequire(import.meta.url)('aws-cdk-lib/package.json');
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest
    ? String(manifest.version)
    : 'unknown';
}

function relayStack(app: App, home: Home, options: AppOptions): RelayStack {
  const { config, deployment, bundles, staging } = options;
  const code = stageFunctions({
    bundles,
    functions: FUNCTIONS,
    outdir: join(staging, `relay-${home.name}`),
    data: ['config.json', serializeCompiled(configOfHome(config, deployment, home.name))],
  });
  return new RelayStack(app, `${deployment.name}-relay-${home.name}`, {
    ...stackProps(deployment, { account: deployment.account, region: home.region }),
    description: `Keyrelay: pushes secrets from ${home.region} to clusters`,
    config,
    deployment,
    home,
    code,
  });
}

function accessStack(
  app: App,
  place: AccessPlace,
  relays: ReadonlyMap<string, RelayStack>,
  { config, deployment, bundles, staging }: AppOptions,
): void {
  const installed = place.groups.flatMap((group) => group.installed);
  const id = `${deployment.name}-access-${place.account}-${place.region}`;
  const manifests = Object.fromEntries(
    installed.map((cluster) => [cluster.name, installedManifests(config, deployment, cluster)]),
  );
  const installerCode =
    installed.length === 0
      ? undefined
      : stageFunctions({
          bundles,
          functions: [INSTALLER],
          outdir: join(staging, id),
          data: ['manifests.json', JSON.stringify(manifests)],
        });
  const near = [...relays].filter(
    ([, stack]) => stack.account === place.account && stack.region === place.region,
  );
  const stack = new ClusterAccessStack(app, id, {
    ...stackProps(deployment, place),
    description: `Keyrelay: access to the clusters in ${place.region}`,
    config,
    deployment,
    place,
    installerCode,
    networks: new Map(
      near.flatMap(([name, { keyrelay }]) =>
        keyrelay.network === undefined ? [] : [[name, keyrelay.network] as const],
      ),
    ),
  });
  // EKS accepts only principals that exist.
  for (const { home } of place.groups) {
    const relay = relays.get(home.name);
    if (relay !== undefined) stack.addStackDependency(relay, 'the access entries name its role');
  }
}

function forwardingStacks(
  app: App,
  relays: ReadonlyMap<string, RelayStack>,
  { config, deployment }: AppOptions,
): void {
  const needs = deployment.homes.flatMap((home) =>
    forwardersOf(config, deployment, home).map((place) => ({ home, place })),
  );
  const byPlace = Map.groupBy(needs, ({ place }) => `${place.account}/${place.region}`);
  for (const [id, group] of [...byPlace].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const [account = '', region = ''] = id.split('/');
    const stack = new EventSourceStack(app, `${deployment.name}-events-${account}-${region}`, {
      ...stackProps(deployment, { account, region }),
      description: `Keyrelay: forwards events of secrets in ${region} to the relay`,
      config,
      deployment,
      homes: [...new Set(group.map(({ home }) => home))],
      services: [...new Set(group.map(({ place }) => place.service))],
      account,
    });
    for (const home of new Set(group.map((need) => need.home))) {
      const relay = relays.get(home.name);
      if (relay !== undefined) stack.addStackDependency(relay, 'its bus receives the events');
    }
  }
}

/** Explicit environments: nothing is looked up, so nothing needs credentials at synth. */
function stackProps(
  deployment: Deployment,
  { account, region }: { readonly account: string; readonly region: string },
): StackProps {
  const { tags, terminationProtection } = deployment;
  return { env: { account, region }, tags, terminationProtection };
}
