import { z } from 'zod';
import type { AdminClient } from '../admin-client.ts';
import type { Sighting } from './checks.ts';
import type { SecretId } from './setting.ts';

const Secret = z.object({
  metadata: z.looseObject({
    namespace: z.string(),
    name: z.string(),
    uid: z.string(),
    resourceVersion: z.string(),
    managedFields: z.array(z.object({ manager: z.string() })).default([]),
  }),
  data: z.record(z.string(), z.string()).default({}),
});

/** What a watch told of all Secrets of some namespaces since it began. */
export interface WatchedSecrets {
  readonly sightings: ReadonlyMap<SecretId, readonly Sighting[]>;
  /** The metadata of every sighting, as JSON, a line each. */
  metadata(): string;
  stop(): void;
}

/** Watches from now on. */
export async function watchSecrets(
  admin: AdminClient,
  namespaces: readonly string[],
): Promise<WatchedSecrets> {
  const sightings = new Map<SecretId, Sighting[]>();
  const lines: string[] = [];
  const remember = (object: unknown): void => {
    const { metadata, data } = Secret.parse(object);
    const { uid, resourceVersion, managedFields } = metadata;
    const texts = Object.entries(data).map(
      ([key, value]) => [key, Buffer.from(value, 'base64').toString('utf8')] as const,
    );
    const managers = managedFields.map(({ manager }) => manager);
    const id = `${metadata.namespace}/${metadata.name}`;
    const before = sightings.get(id) ?? [];
    before.push({ uid, resourceVersion, data: Object.fromEntries(texts), managers });
    sightings.set(id, before);
    lines.push(JSON.stringify(metadata));
  };
  const ends = await Promise.all(
    namespaces.map((name) => admin.watch(`/api/v1/namespaces/${name}/secrets?`, remember)),
  );
  return {
    sightings,
    metadata: () => lines.join('\n'),
    stop: () => ends.forEach((end) => end()),
  };
}
