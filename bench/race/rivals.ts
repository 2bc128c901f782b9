/** One of the two, by what tells its Secrets from the other's. */
export interface Rival {
  /** Beginning of the names of its namespaces. */
  readonly key: 'eso' | 'relay';
  /** Label selector of the Secrets that it manages. */
  readonly labels: string;
}

export const ESO: Rival = { key: 'eso', labels: 'reconcile.external-secrets.io/managed=true' };
export const RELAY: Rival = { key: 'relay', labels: 'app.kubernetes.io/managed-by=keyrelay' };

/** How ESO is started. */
export interface EsoSetting {
  readonly name: string;
  readonly flags: readonly string[];
}

/** Requests of the API server a second that `--client-qps` is where it is not given. */
export const DEFAULT_QPS = 50;
/** As its chart installs it: one reconcile at a time. */
export const DEFAULTS: EsoSetting = { name: 'ESO, defaults', flags: [] };
/** As many at once as the relay writes to a cluster, and no limit to its requests that it would reach. */
export const TUNED: EsoSetting = {
  name: 'ESO, 10 at once',
  flags: ['--concurrent=10', '--client-qps=500', '--client-burst=1000'],
};
export const KEYRELAY = 'Keyrelay';
/** Who fills a cluster, in their order. */
export const FILLING = [DEFAULTS.name, TUNED.name, KEYRELAY] as const;
