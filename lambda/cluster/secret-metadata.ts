import * as z from 'zod/mini';
import { RelayError } from '../errors.ts';
import type { Written } from '../model/ports.ts';
import type { Observed } from '../model/target.ts';
import type { Asked } from './kube-errors.ts';
import { esoWrittenAtOf, keyOwnersOf, metadataOwnersOf, writtenAtOf } from './managed-fields.ts';

const Strings = z.optional(z.record(z.string(), z.string()));

const Owner = z.object({
  apiVersion: z.string(),
  kind: z.string(),
  name: z.string(),
  uid: z.string(),
  controller: z.optional(z.boolean()),
  blockOwnerDeletion: z.optional(z.boolean()),
});

const Metadata = z.object({
  name: z.string(),
  uid: z.string(),
  resourceVersion: z.string(),
  labels: Strings,
  annotations: Strings,
  deletionTimestamp: z.optional(z.string()),
  ownerReferences: z.optional(z.array(Owner)),
  managedFields: z.optional(
    z.array(
      z.object({
        manager: z.optional(z.string()),
        time: z.optional(z.string()),
        fieldsV1: z.optional(z.unknown()),
      }),
    ),
  ),
});

/** Strict: a `data` beside the metadata, from something on the way that drops the Accept header, is refused and not kept. */
const Item = z.strictObject({
  kind: z.literal('PartialObjectMetadata'),
  apiVersion: z.literal('meta.k8s.io/v1'),
  metadata: Metadata,
});

const List = z.strictObject({
  kind: z.literal('PartialObjectMetadataList'),
  apiVersion: z.literal('meta.k8s.io/v1'),
  metadata: z.object({ continue: z.optional(z.string()) }),
  // An empty list is null.
  items: z.nullable(z.array(Item)),
});

/** `kubectl apply` writes the whole object there, values included: it goes no further than this file. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** A page of a list. */
export interface Page {
  readonly items: readonly { readonly name: string; readonly observed: Observed }[];
  /** Token of the next page; undefined on the last. */
  readonly next: string | undefined;
}

/** The answer to a read of one Secret's metadata. */
export function parseObserved(body: string, asked: Asked): Observed {
  return observedOf(parse(Item, body, asked).metadata);
}

/** The answer to a write. */
export function parseWritten(body: string, asked: Asked): Written {
  const { uid, resourceVersion } = parse(Item, body, asked).metadata;
  return { uid, resourceVersion };
}

/** The answer to a list. */
export function parsePage(body: string, asked: Asked): Page {
  const { items, metadata } = parse(List, body, asked);
  const found = (items ?? []).map((item) => ({
    name: item.metadata.name,
    observed: observedOf(item.metadata),
  }));
  return { items: found, next: metadata.continue === '' ? undefined : metadata.continue };
}

function observedOf(metadata: z.infer<typeof Metadata>): Observed {
  const annotations = Object.entries(metadata.annotations ?? {}).filter(([name]) => name !== LAST_APPLIED);
  const entries = metadata.managedFields ?? [];
  return {
    uid: metadata.uid,
    resourceVersion: metadata.resourceVersion,
    labels: metadata.labels ?? {},
    annotations: Object.fromEntries(annotations),
    keyOwners: keyOwnersOf(entries),
    metadataOwners: metadataOwnersOf(entries),
    writtenAt: writtenAtOf(entries),
    esoWrittenAt: esoWrittenAtOf(entries),
    ownerReferences: metadata.ownerReferences ?? [],
    terminating: metadata.deletionTimestamp !== undefined,
  };
}

/** Parses without a word of what was found: neither the parser's message nor the schema's issues leave this function. */
function parse<T extends z.ZodMiniType>(schema: T, body: string, { where, verb }: Asked): z.infer<T> {
  const parsed = schema.safeParse(jsonOf(body));
  if (parsed.success) return parsed.data;
  throw new RelayError(
    'CLUSTER_UNAVAILABLE',
    `${where}: the answer to ${verb} is not the metadata that was asked for; see what stands between that changes requests or answers`,
  );
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
