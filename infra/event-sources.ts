import type { Deployment, Home } from '../lambda/declarations/deployment.ts';
import { partitionOf } from '../lambda/declarations/deployment.ts';
import type { CompiledConfig } from '../lambda/model/config.ts';
import { secretsPlaces } from './access/secret-arns.ts';
import type { SecretsPlace } from './access/secret-arns.ts';
import { configOfHome } from './home-config.ts';

/** `keyrelay`, and the home's name where there are several in one place. */
export function resourceNameOf(deployment: Deployment, home: Home): string {
  return home.name === home.region ? deployment.name : `${deployment.name}-${home.name}`;
}

/** The bus that events are forwarded to. */
export function forwardingBusArn(deployment: Deployment, home: Home): string {
  return `arn:${partitionOf(home.region)}:events:${home.region}:${deployment.account}:event-bus/${resourceNameOf(deployment, home)}-events`;
}

/** The accounts and regions whose default bus has events that a home needs and does not get by itself. */
export function forwardersOf(
  config: CompiledConfig,
  deployment: Deployment,
  home: Home,
): readonly SecretsPlace[] {
  if (deployment.events.busArn !== undefined) return [];
  return secretsPlaces(configOfHome(config, deployment, home.name), deployment).filter(
    ({ account, region }) => account !== deployment.account || region !== home.region,
  );
}
