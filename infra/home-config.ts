import type { Deployment } from '../lambda/declarations/deployment.ts';
import type { CompiledConfig } from '../lambda/model/config.ts';

/**
 * The part of the configuration that one relay runs: the clusters that it serves and what is declared for them. Each cluster is served by
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
  return { ...config, clusters, declarations };
}
