import type { CompiledConfig } from '../model/config.ts';
import { clustersToAsk, loadDeclarations } from './load-declarations.ts';
import type { Loaded, LoadScope } from './load-declarations.ts';
import type { Ports } from './ports.ts';

/** Which clusters are asked what they declare. */
export interface PartsScope extends Pick<LoadScope, 'selecting'> {
  readonly concerned: ReadonlySet<string>;
}

/**
 * The configuration in parts that do not wait for each other: what files declare without conditions is known at once, and what each cluster
 * has to be asked for when that one has answered. Together they hold every declaration once, in each of its clusters. None rejects.
 */
export function loadParts(
  config: CompiledConfig,
  ports: Ports,
  signal: AbortSignal,
  { concerned, selecting }: PartsScope,
): readonly Promise<Loaded>[] {
  const certain = new Set(config.declarations.filter(({ selectors }) => selectors === undefined));
  const files: Loaded = {
    config: { ...config, declarations: [...certain] },
    ports,
    unknown: new Map(),
    found: new Map(),
    selections: new Map(),
  };
  const scope = selecting === undefined ? {} : { selecting };
  const asked = clustersToAsk(config, selecting).filter(({ name }) => concerned.has(name));
  const parts = asked.map(async ({ name }): Promise<Loaded> => {
    const own = config.declarations.filter(({ clusters }) => clusters.includes(name));
    const loaded = await loadDeclarations({ ...config, declarations: own }, ports, signal, {
      ...scope,
      cluster: name,
    });
    const { declarations } = loaded.config;
    return {
      ...loaded,
      config: { ...loaded.config, declarations: declarations.filter((item) => !certain.has(item)) },
    };
  });
  return [Promise.resolve(files), ...parts];
}
