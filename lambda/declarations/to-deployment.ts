import type { ConfigFile } from './config-schema.ts';
import type { ClusterDeployment, Deployment, Home } from './deployment.ts';
import type { Problem } from './problems.ts';

/** Fills in what the file leaves open about the deployment. Pure. */
export function deploymentOf(file: ConfigFile): Deployment {
  const { relay, clusters, stores, settings } = file;
  const account = relay.account ?? clusters[0]?.account ?? '';
  const homes = homesOf(file);
  return {
    name: relay.name,
    account,
    homes,
    events: {
      busArn: relay.events.busArn,
      accounts: relay.events.accounts,
      trail: relay.events.trail,
    },
    alarms: {
      topicArn: relay.alarms.topicArn,
      emails: relay.alarms.emails,
      propagationSeconds: relay.alarms.propagationSeconds,
    },
    terminationProtection: relay.terminationProtection,
    tags: relay.tags,
    schedule: settings.schedule,
    clusters: new Map(
      clusters.map((cluster) => [cluster.name, clusterDeployment(cluster, homes, account)] as const),
    ),
    stores: new Map(stores.map(({ name, secrets, kmsKeys }) => [name, { secrets, kmsKeys }] as const)),
  };
}

function homesOf(file: ConfigFile): readonly Home[] {
  const byDefault: ConfigFile['relay']['homes'] = [{ region: defaultRegion(file) }];
  return (file.relay.homes ?? byDefault).map(({ name, region, network }) => ({
    name: name ?? region,
    region,
    network,
  }));
}

/** Where secrets are read most often: in the region of the first store, or of the first cluster, whose own stores are there by default. */
function defaultRegion({ stores, clusters }: ConfigFile): string {
  return stores[0]?.provider.aws.region ?? clusters[0]?.region ?? '';
}

function clusterDeployment(
  { allow, home, region, access, install, securityGroupId, ...cluster }: ConfigFile['clusters'][number],
  homes: readonly Home[],
  account: string,
): ClusterDeployment {
  const near = homes.find((candidate) => candidate.region === region) ?? homes[0];
  return {
    home: home ?? near?.name ?? '',
    access,
    install: install ?? (access === 'access-policy' ? 'gitops' : 'deployment'),
    securityGroupId,
    ownRole: cluster.roleArn === undefined && cluster.account !== account,
    kmsKeys: [...new Set(allow.flatMap(({ kmsKeys }) => kmsKeys))],
  };
}

type At = (path: readonly PropertyKey[], found: string, expected: string) => Problem;

/** What is wrong between the fields that the deployment reads. */
export function deploymentProblems(file: ConfigFile, at: At): readonly Problem[] {
  const homes = homesOf(file).map(({ name }) => name);
  return [
    ...homes.flatMap((name, index) =>
      homes.indexOf(name) === index
        ? []
        : [at(['relay', 'homes', index], `a home of the name ${name} again`, 'a name of its own')],
    ),
    ...(file.relay.homes ?? []).flatMap(({ network }, index) =>
      network === undefined || network.subnetIds.length === network.availabilityZones.length
        ? []
        : [
            at(
              ['relay', 'homes', index, 'network', 'subnetIds'],
              `${network.subnetIds.length} subnets`,
              `one for each of the ${network.availabilityZones.length} availability zones`,
            ),
          ],
    ),
    ...file.clusters.flatMap(({ home }, index) =>
      home === undefined || homes.includes(home)
        ? []
        : [at(['clusters', index, 'home'], `"${home}"`, `one of ${homes.join(', ')}`)],
    ),
    ...networkProblems(file, at),
    ...eventProblems(file, at),
    ...receiptProblems(file, at),
  ];
}

/** A rule in the cluster's security group can name the functions' group only where both are in one account and region. */
function networkProblems(file: ConfigFile, at: At): readonly Problem[] {
  const deployment = deploymentOf(file);
  return file.clusters.flatMap(({ name, region, account, securityGroupId }, index) => {
    if (securityGroupId === undefined) return [];
    const home = deployment.homes.find((candidate) => candidate.name === deployment.clusters.get(name)?.home);
    const reachable = home?.network !== undefined && home.region === region && deployment.account === account;
    return reachable
      ? []
      : [
          at(
            ['clusters', index, 'securityGroupId'],
            'a security group that the relay’s cannot be added to',
            'a home with a network in the account and region of the cluster',
          ),
        ];
  });
}

function eventProblems(file: ConfigFile, at: At): readonly Problem[] {
  const { events, homes } = file.relay;
  const bus = events.busArn?.split(':')[3];
  const first = homes?.[0]?.region ?? defaultRegion(file);
  return [
    ...(events.accounts.length > 0 && events.busArn === undefined
      ? [at(['relay', 'events', 'accounts'], 'accounts without a bus', 'busArn beside them, or neither')]
      : []),
    ...(bus !== undefined && (bus !== first || (homes?.length ?? 1) > 1)
      ? [at(['relay', 'events', 'busArn'], `a bus in ${bus}`, `a single home, in the region of the bus`)]
      : []),
  ];
}

/** PutEvents reaches buses of its own region; a rule there can send on to any other. */
function receiptProblems(file: ConfigFile, at: At): readonly Problem[] {
  const { bus, when } = file.settings.receipts;
  const [, , , region] = bus.split(':');
  if (when === 'off' || region === undefined || homesOf(file).every((home) => home.region === region))
    return [];
  return [
    at(
      ['settings', 'receipts', 'bus'],
      `a bus in ${region}`,
      'a bus in the region of every relay, or its name',
    ),
  ];
}
