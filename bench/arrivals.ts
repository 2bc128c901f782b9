import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod/mini';
import type { AdminClient } from '../local/admin-client.ts';

const Secret = z.object({
  metadata: z.object({ namespace: z.string(), name: z.string() }),
  data: z._default(z.record(z.string(), z.string()), {}),
});

/** Sees when Secrets get the value that they should have. */
export interface Arrivals {
  /** Resolves once every expected value was seen: by `cluster/namespace/name`, when. Rejects where that takes too long. */
  all(timeoutMs: number): Promise<ReadonlyMap<string, number>>;
  /** Those that were seen so far. */
  soFar(): ReadonlyMap<string, number>;
  stop(): void;
}

/** The Secrets that the relay manages. */
const OF_THE_RELAY = 'app.kubernetes.io/managed-by=keyrelay';

/**
 * Watches the Secrets of all namespaces of the clusters.
 *
 * @param expected by `cluster/namespace/name`: the value to wait for
 * @param labels of the Secrets to watch
 */
export async function watchArrivals(
  clusters: ReadonlyMap<string, AdminClient>,
  expected: ReadonlyMap<string, string>,
  labels = OF_THE_RELAY,
): Promise<Arrivals> {
  const { promise, resolve } = Promise.withResolvers<ReadonlyMap<string, number>>();
  const seen = new Map<string, number>();
  const watches = [...clusters].map(async ([cluster, admin]) => {
    const { version } = await currentVersion(admin);
    const path = `/api/v1/secrets?labelSelector=${labels}&resourceVersion=${version}`;
    return admin.watch(path, (object) => {
      const { metadata, data } = Secret.parse(object);
      const id = `${cluster}/${metadata.namespace}/${metadata.name}`;
      const value = Buffer.from(data['value'] ?? '', 'base64').toString('utf8');
      if (expected.get(id) !== value || seen.has(id)) return;
      seen.set(id, performance.now());
      if (seen.size === expected.size) resolve(seen);
    });
  });
  const ends = await Promise.all(watches);
  return {
    all: async (timeoutMs) => {
      const missed = sleep(timeoutMs, undefined, { ref: false }).then(() => {
        throw new Error(`only ${seen.size} of ${expected.size} Secrets got their value in time`);
      });
      return Promise.race([promise, missed]);
    },
    soFar: () => seen,
    stop: () => ends.forEach((end) => end()),
  };
}

/** The state of the cluster from which a watch tells what changes, and not what is there. */
async function currentVersion(admin: AdminClient): Promise<{ readonly version: string }> {
  const List = z.object({ metadata: z.object({ resourceVersion: z.string() }) });
  const { metadata } = List.parse(await admin.get('/api/v1/secrets?limit=1'));
  return { version: metadata.resourceVersion };
}
