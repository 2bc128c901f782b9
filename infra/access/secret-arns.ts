import { partitionOf, storeDeployment } from '../../lambda/declarations/deployment.ts';
import type { Deployment } from '../../lambda/declarations/deployment.ts';
import type { CompiledConfig, Store } from '../../lambda/model/config.ts';
import { declarationId, findsOf, sourcesOf } from '../../lambda/model/declaration.ts';
import type { Declaration, SourceRef } from '../../lambda/model/declaration.ts';
import { parseSecretArn } from '../../lambda/model/secret-ids.ts';
import { DeploymentError } from '../deployment-error.ts';

/** Secrets Manager's suffix: a hyphen and six characters (https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_iam-permissions.html). */
const SUFFIX = '-??????';
const HAS_SUFFIX = /-[A-Za-z0-9]{6}$/u;

/**
 * What the relay may read, as IAM resources: exactly the secrets that are declared, or a store's name patterns where it has some. Sorted,
 * each once.
 *
 * @throws DeploymentError where a declared secret is outside its store's patterns
 */
export function secretResources(config: CompiledConfig, deployment: Deployment): readonly string[] {
  const stores = new Map(config.stores.map((store) => [store.name, store]));
  const resources = config.declarations.flatMap((declaration) => [
    ...sourcesOf(declaration).flatMap((ref) => {
      const store = stores.get(ref.store);
      return store === undefined ? [] : resourcesOf(declaration, ref, store, deployment);
    }),
    ...findsOf(declaration).flatMap((query) => {
      const store = stores.get(query.store);
      return store === undefined ? [] : patternResources(store, deployment);
    }),
  ]);
  return [...new Set([...resources, ...allowedResources(config, deployment)])].toSorted();
}

/** What a find may find. */
function patternResources(store: Store, deployment: Deployment): readonly string[] {
  return storeDeployment(deployment, store).secrets.map(
    (pattern) => nameArn(store.region, deployment.account) + suffixed(pattern),
  );
}

/** The beginning of the ARNs of an account's secrets in a region. */
function nameArn(region: string, account: string): string {
  return `arn:${partitionOf(region)}:secretsmanager:${region}:${account}:secret:`;
}

/** What the objects of clusters may name; read by the relay itself, where no role of theirs reads. */
function allowedResources({ clusters }: CompiledConfig, { account }: Deployment): readonly string[] {
  return clusters.flatMap(({ allow = [] }) =>
    allow.flatMap(({ secrets, regions }) =>
      regions.flatMap((region) => secrets.map((pattern) => nameArn(region, account) + suffixed(pattern))),
    ),
  );
}

function resourcesOf(
  declaration: Declaration,
  { key }: SourceRef,
  store: Store,
  deployment: Deployment,
): readonly string[] {
  const { secrets: patterns } = storeDeployment(deployment, store);
  const arn = parseSecretArn(key);
  const prefix = nameArn(store.region, deployment.account);
  if (patterns.length > 0) {
    const name = arn?.name ?? key;
    if (!patterns.some((pattern) => matches(pattern, name)))
      throw new DeploymentError(
        `${declarationId(declaration)} reads the secret ${name}, which none of the patterns of store ${store.name} admits (${patterns.join(', ')}); add one to stores[].secrets, or correct the declaration`,
      );
    const elsewhere = arn !== undefined && !key.startsWith(prefix) ? arnResources(key) : [];
    return [...patternResources(store, deployment), ...elsewhere];
  }
  return arn === undefined ? [prefix + key + SUFFIX] : arnResources(key);
}

/** A partial ARN lacks the suffix, and a name may end like one: both forms, where it cannot be told. */
function arnResources(arn: string): readonly string[] {
  return HAS_SUFFIX.test(arn) ? [arn, arn + SUFFIX] : [arn + SUFFIX];
}

function suffixed(pattern: string): string {
  return pattern.endsWith('*') ? pattern : pattern + SUFFIX;
}

function matches(pattern: string, name: string): boolean {
  if (pattern.endsWith('*')) return name.startsWith(pattern.slice(0, -1));
  return name === pattern || name.replace(HAS_SUFFIX, '') === pattern;
}

/** An account and region whose Secrets Manager holds declared secrets: events come from there. */
export interface SecretsPlace {
  readonly account: string;
  readonly region: string;
}

/** Where the declared secrets are, sorted, each place once. */
export function secretsPlaces(config: CompiledConfig, deployment: Deployment): readonly SecretsPlace[] {
  const stores = new Map(config.stores.map((store) => [store.name, store]));
  const places = config.declarations.flatMap((declaration) => [
    ...sourcesOf(declaration).flatMap((ref): readonly SecretsPlace[] => {
      const arn = parseSecretArn(ref.key);
      return arn === undefined
        ? placeOf(stores.get(ref.store), deployment)
        : [{ account: arn.account, region: arn.region }];
    }),
    ...findsOf(declaration).flatMap((query) => placeOf(stores.get(query.store), deployment)),
  ]);
  const allowed = config.clusters.flatMap(({ allow = [] }) =>
    allow.flatMap(({ regions, roles }) =>
      // A role reads in its own account.
      [deployment.account, ...roles.map((role) => role.split(':')[4] ?? '')].flatMap((account) =>
        regions.map((region) => ({ account, region })),
      ),
    ),
  );
  const byId = new Map([...places, ...allowed].map((place) => [`${place.account}/${place.region}`, place]));
  return [...byId].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, place]) => place);
}

function placeOf(store: Store | undefined, { account }: Deployment): readonly SecretsPlace[] {
  return store === undefined ? [] : [{ account, region: store.region }];
}
