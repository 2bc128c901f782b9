import type { Deployment, Home } from '../lambda/declarations/deployment.ts';
import { partitionOf } from '../lambda/declarations/deployment.ts';
import { SERVICES } from '../lambda/model/config.ts';
import type { CompiledConfig, Service } from '../lambda/model/config.ts';
import { secretsPlaces } from './access/secret-arns.ts';
import type { SecretsPlace } from './access/store-access.ts';
import { configOfHome } from './home-config.ts';

/** `keyrelay`, and the home's name where there are several in one place. */
export function resourceNameOf(deployment: Deployment, home: Home): string {
  return home.name === home.region ? deployment.name : `${deployment.name}-${home.name}`;
}

/** The bus that events are forwarded to. */
export function forwardingBusArn(deployment: Deployment, home: Home): string {
  return `arn:${partitionOf(home.region)}:events:${home.region}:${deployment.account}:event-bus/${resourceNameOf(deployment, home)}-events`;
}

/** An account and region whose default bus has events of a service. */
export interface EventSource extends SecretsPlace {
  readonly service: Service;
}

/** Where the events of what a home declares are sent. */
export function eventSourcesOf(
  config: CompiledConfig,
  deployment: Deployment,
  home: Home,
): readonly EventSource[] {
  const own = configOfHome(config, deployment, home.name);
  return SERVICES.flatMap((service) =>
    secretsPlaces(service, own, deployment).map((place) => ({ ...place, service })),
  );
}

/** Those that the home needs and does not get by itself. */
export function forwardersOf(
  config: CompiledConfig,
  deployment: Deployment,
  home: Home,
): readonly EventSource[] {
  if (deployment.events.busArn !== undefined) return [];
  return eventSourcesOf(config, deployment, home).filter(
    ({ account, region }) => account !== deployment.account || region !== home.region,
  );
}
