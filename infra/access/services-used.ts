import { readsItself } from '../../lambda/declarations/allowances.ts';
import { SERVICES, allowsService } from '../../lambda/model/config.ts';
import type { Allowance, CompiledConfig, Service } from '../../lambda/model/config.ts';

/** What objects of clusters may have read of a service. */
export function allowancesFor(service: Service, { clusters }: CompiledConfig): readonly Allowance[] {
  return clusters.flatMap(({ allow = [] }) => allow).filter((item) => allowsService(item, service));
}

/** The configuration without what others read: roles, service accounts, and whoever has keys in Secrets. */
export function readByRelay(config: CompiledConfig): CompiledConfig {
  return {
    ...config,
    stores: config.stores.filter(({ identity }) => identity === undefined),
    clusters: config.clusters.map(({ allow = [], ...cluster }) => ({
      ...cluster,
      allow: allow.filter(readsItself),
    })),
  };
}

/** The regions that a service is read in, sorted; none where it is not used at all. */
export function regionsOf(service: Service, config: CompiledConfig): readonly string[] {
  const stores = config.stores.filter((store) => store.service === service).map(({ region }) => region);
  const allowed = allowancesFor(service, config).flatMap(({ regions }) => regions);
  return [...new Set([...stores, ...allowed])].toSorted();
}

/** The services that are read, in all regions or in one. */
export function servicesOf(config: CompiledConfig, region?: string): readonly Service[] {
  return SERVICES.filter((service) => {
    const regions = regionsOf(service, config);
    return region === undefined ? regions.length > 0 : regions.includes(region);
  });
}
