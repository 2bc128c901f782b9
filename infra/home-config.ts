import type { Deployment } from '../lambda/declarations/deployment.ts';
import type { CompiledConfig } from '../lambda/model/config.ts';
import { findsOf, sourcesOf } from '../lambda/model/declaration.ts';

/**
 * The part of the configuration that one relay runs: the clusters that it serves, what is declared for them, and the
 * stores that this is read from. Each cluster is served by
 * exactly one relay, so what one of them finds undeclared there, nobody declares.
 */
export function configOfHome(config: CompiledConfig, deployment: Deployment, home: string): CompiledConfig {
  const clusters = config.clusters.filter(({ name }) => deployment.clusters.get(name)?.home === home);
  const names = new Set(clusters.map(({ name }) => name));
  const declarations = config.declarations
    .map((declaration) => ({
      ...declaration,
      clusters: declaration.clusters.filter((name) => names.has(name)),
    }))
    .filter((declaration) => declaration.clusters.length > 0);
  const read = new Set(
    declarations.flatMap((declaration) =>
      [...sourcesOf(declaration), ...findsOf(declaration)].map(({ store }) => store),
    ),
  );
  const stores = config.stores.filter(({ name }) => read.has(name));
  // Before anything is declared, there is nothing to go by.
  const any = stores.length > 0 || clusters.some(({ allow = [] }) => allow.length > 0);
  return { ...config, clusters, declarations, stores: any ? stores : config.stores };
}
