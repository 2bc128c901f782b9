import { readFile } from 'node:fs/promises';
import * as z from 'zod/mini';
import { RelayError } from '../errors.ts';
import type { Manifest } from '../model/manifest.ts';

const File = z.record(
  z.string(),
  z.array(
    z.looseObject({
      apiVersion: z.string(),
      kind: z.string(),
      metadata: z.looseObject({
        name: z.string(),
        namespace: z.exactOptional(z.string()),
        labels: z.record(z.string(), z.string()),
      }),
    }),
  ),
);

/** What to apply, by name of the cluster. */
export type ManifestsByCluster = ReadonlyMap<string, readonly Manifest[]>;

/**
 * Reads what the deployment rendered for the clusters of an account and region.
 *
 * @throws RelayError CONFIG_INVALID
 */
export async function loadManifests(path: string): Promise<ManifestsByCluster> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const parsed = File.safeParse(jsonOf(text));
  if (parsed.success) return new Map(Object.entries(parsed.data));
  throw new RelayError(
    'CONFIG_INVALID',
    `${path} holds no manifests; deploy the installer and its manifests together`,
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
