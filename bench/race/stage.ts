import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { mapLimited } from '../../lambda/concurrency.ts';
import { consoleProgress } from '../../local/progress.ts';
import { clientOptions } from '../../local/relay/queues.ts';
import { clusterOf, startLocal } from '../../local/start-local.ts';
import type { Local, LocalCluster } from '../../local/start-local.ts';
import { benchDeclaration, benchNamespace, benchSecret } from '../bench-config.ts';
import { AUDIT_POLICY } from './audit-log.ts';
import { createExternalSecret } from './eso-cluster.ts';

/** Requests of the bench itself at once, when it prepares what is measured. */
export const PREPARING = 16;
const MAX_NAMESPACES = 50;

/** One emulator and some API servers for both rivals. */
export interface Stage {
  readonly local: Local;
  readonly manager: SecretsManager;
  /** Secrets to be synced, by either rival into namespaces of its own. */
  readonly size: number;
}

/** Starts everything with the secrets in place, has the work done, and stops everything. */
export async function onStage<T>(
  clusters: readonly string[],
  size: number,
  work: (stage: Stage) => Promise<T>,
): Promise<T> {
  const local = await startLocal({ clusters, progress: consoleProgress, auditPolicy: AUDIT_POLICY });
  const manager = new SecretsManager(clientOptions(local.aws));
  try {
    consoleProgress.step(`making ${size} secrets`);
    await mapLimited(numbers(size), PREPARING, (n) =>
      manager.createSecret({ Name: benchSecret(n), SecretString: valueOf(n) }),
    );
    return await work({ local, manager, size });
  } finally {
    manager.destroy();
    await local.stop();
  }
}

/** As the other benchmarks spread their Secrets. */
export function namespacesOf(rival: string, size: number): readonly string[] {
  return numbers(Math.min(MAX_NAMESPACES, Math.ceil(size / 10))).map((n) => `${rival}-${n}`);
}

/** Creates the ExternalSecrets that ESO is to find in the cluster. The relay is given the same ones, but for namespace and interval. */
export async function declareForEso(
  { admin, name: cluster }: LocalCluster,
  size: number,
  refreshInterval: string,
): Promise<void> {
  const namespaces = namespacesOf('eso', size);
  await createNamespaces(admin, namespaces);
  await mapLimited(numbers(size), PREPARING, (n) => {
    const place = { name: `s${n}`, namespace: benchNamespace(n, namespaces) };
    const object = benchDeclaration({ ...place, clusters: [cluster], secret: benchSecret(n) });
    return createExternalSecret(admin, object, refreshInterval);
  });
}

export async function createNamespaces(
  admin: LocalCluster['admin'],
  names: readonly string[],
): Promise<void> {
  await mapLimited(names, PREPARING, (name) =>
    admin.create('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } }),
  );
}

/** The n-th Secret of a rival, as `watchArrivals` calls it. */
export function secretIdOf(cluster: string, rival: string, size: number, n: number): string {
  return `${cluster}/${benchNamespace(n, namespacesOf(rival, size))}/s${n}`;
}

/** Where the n-th Secret of a rival is. */
export function secretPathOf(rival: string, size: number, n: number): string {
  return `/api/v1/namespaces/${benchNamespace(n, namespacesOf(rival, size))}/secrets/s${n}`;
}

/** The n-th secret's value; another for each round of rotations. */
export function valueOf(n: number, round = 'first'): string {
  return `fake-${n}-${round}`;
}

export function numbers(count: number): readonly number[] {
  return Array.from({ length: count }, (_, n) => n);
}

export function auditLogOf(local: Local, cluster: string): string {
  const { auditLogPath } = clusterOf(local, cluster);
  if (auditLogPath === undefined) throw new Error(`requests of ${cluster} are not recorded`);
  return auditLogPath;
}
