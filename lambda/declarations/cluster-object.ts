import * as z from 'zod/mini';
import type { DeclaredKind, DeclaredObject, Interval } from '../model/declared-object.ts';
import { durationSeconds } from '../model/duration.ts';
import { statusOf, statusWritersOf, versionOf } from './object-status.ts';
import type { YamlDocument } from './yaml-document.ts';

const Metadata = z.object({
  name: z.string(),
  namespace: z.optional(z.string()),
  uid: z.string(),
  resourceVersion: z._default(z.string(), ''),
  generation: z._default(z.number(), 0),
  labels: z.optional(z.record(z.string(), z.string())),
  annotations: z.optional(z.record(z.string(), z.string())),
  creationTimestamp: z._default(z.string(), ''),
  deletionTimestamp: z.optional(z.string()),
  ownerReferences: z._default(
    z.array(z.object({ kind: z.string(), name: z.string(), controller: z.optional(z.boolean()) })),
    [],
  ),
  managedFields: z._default(z.array(z.unknown()), []),
});

const Item = z.looseObject({
  metadata: Metadata,
  spec: z.optional(z.unknown()),
  status: z.optional(z.unknown()),
});

const Refreshed = z.object({ refreshInterval: z.string() });

/** An object of a cluster's API: what it is called, and what it says without what the API server added to it. */
export interface ClusterObject {
  readonly name: string;
  /** Empty for a cluster-scoped one. */
  readonly namespace: string;
  readonly origin: DeclaredObject;
  /** RFC 3339 in UTC, to the second, so that texts sort as times do. */
  readonly created: string;
  readonly terminating: boolean;
  /** What controls it, where something does. */
  readonly owner: { readonly kind: string; readonly name: string } | undefined;
  /** To be checked as a document of a file is. */
  readonly document: YamlDocument;
}

export interface ObjectKind {
  readonly apiVersion: string;
  readonly kind: DeclaredKind;
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
  const { metadata, spec, status } = parsed.data;
  const { name, namespace = '', uid, generation, resourceVersion } = metadata;
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
    origin: {
      ref: { cluster, kind, namespace, name },
      ...{ uid, generation, resourceVersion },
      version: versionOf(generation, metadata.annotations, metadata.labels),
      status: statusOf(status),
      statusWriters: statusWritersOf(metadata.managedFields),
      refreshInterval: intervalOf(spec),
    },
    created: metadata.creationTimestamp,
    terminating: metadata.deletionTimestamp !== undefined,
    owner: metadata.ownerReferences.find(({ controller }) => controller === true),
    document: {
      file: `${cluster}: ${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`,
      value: { apiVersion, kind, metadata: described, spec },
      // An object of an API has no lines.
      locate: () => ({ line: 0, column: 0 }),
    },
  };
}

/** Undefined where it is no duration: the schema of the kind says so then. */
function intervalOf(spec: unknown): Interval | undefined {
  const parsed = Refreshed.safeParse(spec);
  if (!parsed.success) return undefined;
  const { refreshInterval: text } = parsed.data;
  return { text, seconds: durationSeconds(text) };
}
