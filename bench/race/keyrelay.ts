import type { Compiled } from '../../lambda/declarations/compile.ts';
import type { LocalRelay } from '../../local/relay/start-relay.ts';
import { startRelay } from '../../local/relay/start-relay.ts';
import { clusterOf } from '../../local/start-local.ts';
import { benchConfig } from '../bench-config.ts';
import { auditLogOf, createNamespaces, namespacesOf } from './stage.ts';
import type { Stage } from './stage.ts';
import type { Watched } from './window.ts';

const QUIET = { POWERTOOLS_LOG_LEVEL: 'SILENT', POWERTOOLS_METRICS_DISABLED: 'true' };
const SETTLE_MS = 600_000;

/** The relay in the race. */
export interface RacingRelay extends Watched {
  /**
   * Starts the functions anew, as an hourly sweep finds them on Lambda. They have then taken no processor time, as far as is known, and what they took to
   * load counts in when they have been invoked.
   *
   * @returns the seconds that those of a sweep took to load
   */
  renew(): Promise<number>;
  /** Sweeps, and waits until nothing is left to do. */
  sweep(): Promise<void>;
  /** Waits until nothing is left to do. */
  settled(): Promise<void>;
}

/** Starts the relay with the same declarations as ESO, but in namespaces of its own. */
export async function withRelay<T>(
  { local, size }: Stage,
  cluster: string,
  work: (relay: RacingRelay) => Promise<T>,
): Promise<T> {
  const namespaces = namespacesOf('relay', size);
  await createNamespaces(clusterOf(local, cluster).admin, namespaces);
  const compiled = benchConfig({ count: size, clusters: [cluster], namespaces });
  const relay = await startRelay({ local, compiled, env: QUIET, visibilitySeconds: 360 });
  const watched = { aws: local.aws, auditLogPath: auditLogOf(local, cluster) };
  try {
    return await work({ ...watched, ...racing(relay, compiled) });
  } finally {
    await relay.stop();
  }
}

function racing(relay: LocalRelay, compiled: Compiled): Omit<RacingRelay, 'aws' | 'auditLogPath'> {
  const settled = (): Promise<void> => relay.settled(SETTLE_MS);
  return {
    processor: () => Object.values(relay.functions).reduce((sum, each) => sum + each.processor(), 0),
    renew: async () => {
      await relay.redeploy(compiled);
      return (relay.functions.reconcile.initMs + relay.functions['reconcile-shard'].initMs) / 1000;
    },
    sweep: async () => {
      await relay.reconcile();
      await settled();
    },
    settled,
  };
}
