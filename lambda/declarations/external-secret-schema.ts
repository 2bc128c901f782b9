import * as z from 'zod/mini';
import {
  dataKey,
  duration,
  fields,
  labelKey,
  labelValue,
  list,
  namespaceName,
  objectName,
  plain,
  plainLabel,
  secretId,
  version,
} from './formats.ts';

/**
 * `remoteRef` of `data` and `extract` of `dataFrom` (https://external-secrets.io/latest/api/spec/). A field with one literal is taken at ESO's
 * default only.
 */
const RemoteRef = fields({
  key: secretId,
  property: z.optional(z.string('a text')),
  version: z._default(version, 'AWSCURRENT'),
  conversionStrategy: z.optional(z.literal('Default')),
  decodingStrategy: z.optional(z.literal('None')),
  metadataPolicy: z.optional(z.literal('None')),
  nullBytePolicy: z.optional(z.literal('Ignore')),
});

const StoreRef = fields({
  name: objectName,
  kind: z._default(z.enum(['SecretStore', 'ClusterSecretStore']), 'SecretStore'),
});

const SourceOverride = z.optional(fields({ storeRef: StoreRef }));

const Template = fields({
  engineVersion: z.optional(z.literal('v2')),
  mergePolicy: z.optional(z.literal('Replace')),
  type: z.optional(plain),
  metadata: z.optional(
    fields({
      labels: z._default(z.record(labelKey, plainLabel, 'a mapping'), {}),
      annotations: z._default(z.record(labelKey, plain, 'a mapping'), {}),
    }),
  ),
});

const Target = fields({
  name: z.optional(objectName),
  creationPolicy: z._default(z.enum(['Owner', 'Orphan', 'Merge', 'CreateOrMerge', 'None']), 'Owner'),
  deletionPolicy: z._default(z.enum(['Retain', 'Delete', 'Merge']), 'Retain'),
  immutable: z.optional(z.literal(false)),
  template: z.optional(Template),
});

const Metadata = fields({
  name: objectName,
  namespace: namespaceName,
  labels: z._default(z.record(labelKey, labelValue, 'a mapping'), {}),
  annotations: z._default(z.record(labelKey, z.string('a text, in quotes'), 'a mapping'), {}),
});

/** An ExternalSecret, as far as it is supported. */
export const ExternalSecret = fields({
  apiVersion: z.literal('external-secrets.io/v1'),
  kind: z.literal('ExternalSecret'),
  metadata: Metadata,
  spec: fields({
    refreshInterval: z.optional(duration),
    refreshPolicy: z.optional(z.literal('Periodic')),
    secretStoreRef: z.optional(StoreRef),
    target: z.optional(Target),
    data: z._default(
      list(fields({ secretKey: dataKey, remoteRef: RemoteRef, sourceRef: SourceOverride })),
      [],
    ),
    dataFrom: z._default(list(fields({ extract: RemoteRef, sourceRef: SourceOverride })), []),
  }),
});
export type ExternalSecret = z.infer<typeof ExternalSecret>;
