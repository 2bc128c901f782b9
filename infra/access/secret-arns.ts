import { readsItself } from '../../lambda/declarations/allowances.ts';
import { storeDeployment } from '../../lambda/declarations/deployment.ts';
import type { Deployment } from '../../lambda/declarations/deployment.ts';
import type { Allowance, Cluster, CompiledConfig, Service, Store } from '../../lambda/model/config.ts';
import { declarationId, findsOf, sourcesOf } from '../../lambda/model/declaration.ts';
import type { Declaration, SourceRef } from '../../lambda/model/declaration.ts';
import { accountOf } from '../../lambda/model/identity.ts';
import { NAMING } from '../../lambda/model/naming.ts';
import { DeploymentError } from '../deployment-error.ts';
import { allowancesFor, readByRelay } from './services-used.ts';
import { STORE_ACCESS } from './store-access.ts';
import type { SecretsPlace } from './store-access.ts';

/**
 * What the relay may read of a service, as IAM resources: exactly what is declared, or a store's name patterns where it has some. Sorted,
 * each once.
 *
 * @throws DeploymentError where a declared secret is outside its store's patterns
 */
export function secretResources(
  service: Service,
  config: CompiledConfig,
  deployment: Deployment,
): readonly string[] {
  const resources = config.declarations.flatMap((declaration) => [
    ...sourcesOf(declaration).flatMap((ref) =>
      storesOf(config, service, ref.store).flatMap((store) =>
        resourcesOf(declaration, ref, store, deployment),
      ),
    ),
    ...findsOf(declaration).flatMap((query) =>
      storesOf(config, service, query.store).flatMap((store) => patternResources(store, deployment)),
    ),
  ]);
  return [...new Set([...resources, ...allowedResources(service, config, deployment)])].toSorted();
}

/** The store of that name, where it is of the service. */
function storesOf({ stores }: CompiledConfig, service: Service, name: string): readonly Store[] {
  return stores.filter((store) => store.name === name && store.service === service);
}

/** What the objects of clusters may name; read by the relay itself, where no role of theirs reads. */
function allowedResources(
  service: Service,
  config: CompiledConfig,
  { account }: Deployment,
): readonly string[] {
  return allowancesFor(service, readByRelay(config)).flatMap(({ secrets, regions }) =>
    regions.flatMap((region) =>
      secrets.map((pattern) => STORE_ACCESS[service].resourceOf({ account, region }, pattern)),
    ),
  );
}

/** What a find may find; nothing where somebody else reads. */
function patternResources(store: Store, deployment: Deployment): readonly string[] {
  if (store.identity !== undefined) return [];
  const place = { account: deployment.account, region: store.region };
  return storeDeployment(deployment, store).secrets.map((pattern) =>
    STORE_ACCESS[store.service].resourceOf(place, pattern),
  );
}

function resourcesOf(
  declaration: Declaration,
  { key }: SourceRef,
  store: Store,
  deployment: Deployment,
): readonly string[] {
  const { account } = deployment;
  const { resourceOf, resourcesOfArn, isNamed } = STORE_ACCESS[store.service];
  const { secrets: patterns } = storeDeployment(deployment, store);
  const arn = NAMING[store.service].parseArn(key);
  const own = arn === undefined ? [resourceOf({ account, region: store.region }, key)] : resourcesOfArn(key);
  const isRead = store.identity === undefined;
  if (patterns.length === 0) return isRead ? own : [];
  const name = arn?.name ?? key;
  const admitted = patterns.some((pattern) =>
    pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : isNamed(pattern, name),
  );
  if (!admitted)
    throw new DeploymentError(
      `${declarationId(declaration)} reads the secret ${name}, which none of the patterns of store ${store.name} admits (${patterns.join(', ')}); add one to stores[].secrets, or correct the declaration`,
    );
  const isOurs = arn === undefined || (arn.account === account && arn.region === store.region);
  return [...patternResources(store, deployment), ...(isOurs || !isRead ? [] : own)];
}

/** Where a service holds what is declared, sorted, each place once. */
export function secretsPlaces(
  service: Service,
  config: CompiledConfig,
  deployment: Deployment,
): readonly SecretsPlace[] {
  const places = config.declarations.flatMap((declaration) => [
    ...sourcesOf(declaration).flatMap(({ store, key }) =>
      storesOf(config, service, store).map(
        (found): SecretsPlace => NAMING[service].parseArn(key) ?? placeOf(found, config, deployment),
      ),
    ),
    ...findsOf(declaration).flatMap(({ store }) =>
      storesOf(config, service, store).map((found) => placeOf(found, config, deployment)),
    ),
  ]);
  const allowed = config.clusters.flatMap((cluster) =>
    allowancesFor(service, { ...config, clusters: [cluster] }).flatMap((allowance) =>
      accountsOf(allowance, cluster, deployment).flatMap((account) =>
        allowance.regions.map((region) => ({ account, region })),
      ),
    ),
  );
  const byId = new Map([...places, ...allowed].map((place) => [`${place.account}/${place.region}`, place]));
  return [...byId].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, place]) => place);
}

/** Where a store of a file reads: in the account of its last role, or, where only the cluster knows, as is usual in the cluster's own. */
function placeOf(
  { region, identity }: Store,
  { clusters }: CompiledConfig,
  { account }: Deployment,
): SecretsPlace {
  if (identity === undefined) return { account, region };
  const cluster = clusters.find(({ name }) => name === identity.from?.cluster);
  return { account: accountOf(identity, account) ?? cluster?.account ?? account, region };
}

/** The accounts in which an allowance's stores read: a role in its own, a service account's role as a rule in the cluster's. */
function accountsOf(allowance: Allowance, cluster: Cluster, { account }: Deployment): readonly string[] {
  return [
    ...(readsItself(allowance) ? [account] : []),
    ...allowance.roles.map((role) => role.split(':')[4] ?? ''),
    ...((allowance.serviceAccounts ?? []).length === 0 ? [] : [cluster.account]),
  ];
}
