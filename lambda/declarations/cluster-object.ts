import * as z from 'zod/mini';
import type { Origin } from '../model/declaration.ts';
import type { YamlDocument } from './yaml-document.ts';

const Metadata = z.object({
  name: z.string(),
  namespace: z.optional(z.string()),
  uid: z.string(),
  generation: z._default(z.number(), 0),
  labels: z.optional(z.record(z.string(), z.string())),
  annotations: z.optional(z.record(z.string(), z.string())),
  creationTimestamp: z._default(z.string(), ''),
  deletionTimestamp: z.optional(z.string()),
});

const Item = z.looseObject({ metadata: Metadata, spec: z.optional(z.unknown()) });

/** An object of a cluster's API: what it is called, and what it says without what the API server added to it. */
export interface ClusterObject {
  readonly name: string;
  /** Empty for a cluster-scoped one. */
  readonly namespace: string;
  readonly origin: Origin;
  /** RFC 3339 in UTC, to the second, so that texts sort as times do. */
  readonly created: string;
  readonly terminating: boolean;
  /** To be checked as a document of a file is. */
  readonly document: YamlDocument;
}

export interface ObjectKind {
  readonly apiVersion: string;
  readonly kind: string;
}

/** kubectl's copy of the manifest, and what the relay does not look at. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** Reads an item of a list, whose items do not say their kind; undefined where it is no object. */
export function clusterObject(
  item: unknown,
  cluster: string,
  { apiVersion, kind }: ObjectKind,
): ClusterObject | undefined {
  const parsed = Item.safeParse(item);
  if (!parsed.success) return undefined;
  const { metadata, spec } = parsed.data;
  const { name, namespace = '', uid, generation } = metadata;
  const annotations = Object.fromEntries(
    Object.entries(metadata.annotations ?? {}).filter(([key]) => key !== LAST_APPLIED),
  );
  const described = {
    name,
    ...(namespace === '' ? {} : { namespace }),
    ...(kind === 'ExternalSecret' ? { labels: metadata.labels ?? {}, annotations } : {}),
  };
  return {
    name,
    namespace,
    origin: { uid, generation },
    created: metadata.creationTimestamp,
    terminating: metadata.deletionTimestamp !== undefined,
    document: {
      file: `${cluster}: ${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`,
      value: { apiVersion, kind, metadata: described, spec },
      // An object of an API has no lines.
      locate: () => ({ line: 0, column: 0 }),
    },
  };
}
