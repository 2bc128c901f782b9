import * as z from 'zod/mini';
import type { Vocabulary } from './check.ts';
import { dataKey, duration, namespaceName, objectName, plain } from './formats.ts';

/** `remoteRef` of `data` and `extract` of `dataFrom` (https://external-secrets.io/latest/api/spec/). Fields with one literal are taken at ESO's default only. */
const RemoteRef = z.strictObject({
  key: z.string().check(z.minLength(1), z.maxLength(2048)),
  property: z.optional(z.string()),
  version: z._default(z.string().check(z.minLength(1), z.maxLength(256)), 'AWSCURRENT'),
  conversionStrategy: z.optional(z.literal('Default')),
  decodingStrategy: z.optional(z.literal('None')),
  metadataPolicy: z.optional(z.literal('None')),
  nullBytePolicy: z.optional(z.literal('Ignore')),
});

const StoreRef = z.strictObject({
  name: objectName,
  kind: z._default(z.enum(['SecretStore', 'ClusterSecretStore']), 'SecretStore'),
});

const Template = z.strictObject({
  engineVersion: z.optional(z.literal('v2')),
  mergePolicy: z.optional(z.literal('Replace')),
  type: z.optional(plain),
  metadata: z.optional(
    z.strictObject({
      labels: z._default(z.record(z.string(), plain), {}),
      annotations: z._default(z.record(z.string(), plain), {}),
    }),
  ),
});

const Target = z.strictObject({
  name: z.optional(objectName),
  creationPolicy: z._default(z.enum(['Owner', 'Orphan', 'Merge', 'CreateOrMerge', 'None']), 'Owner'),
  deletionPolicy: z._default(z.enum(['Retain', 'Delete', 'Merge']), 'Retain'),
  immutable: z.optional(z.literal(false)),
  template: z.optional(Template),
});

/** An ExternalSecret, as far as it is supported. */
export const ExternalSecret = z.strictObject({
  apiVersion: z.literal('external-secrets.io/v1'),
  kind: z.literal('ExternalSecret'),
  metadata: z.object({
    name: objectName,
    namespace: namespaceName,
    labels: z._default(z.record(z.string(), z.string()), {}),
    annotations: z._default(z.record(z.string(), z.string()), {}),
  }),
  spec: z.strictObject({
    refreshInterval: z.optional(duration),
    refreshPolicy: z.optional(z.literal('Periodic')),
    secretStoreRef: z.optional(StoreRef),
    target: z.optional(Target),
    data: z._default(
      z.array(z.strictObject({ secretKey: dataKey, remoteRef: RemoteRef, sourceRef: z.optional(z.strictObject({ storeRef: StoreRef })) })),
      [],
    ),
    dataFrom: z._default(z.array(z.strictObject({ extract: RemoteRef, sourceRef: z.optional(z.strictObject({ storeRef: StoreRef })) })), []),
  }),
});
export type ExternalSecret = z.infer<typeof ExternalSecret>;

const REMOTE = ['conversionStrategy', 'decodingStrategy', 'metadataPolicy', 'nullBytePolicy'];

/** What ESO knows and the relay does not support yet, refused by name. */
export const EXTERNAL_SECRET_VOCABULARY: Vocabulary = {
  invalid: 'DECLARATION_INVALID',
  unsupported: new Set([
    'spec.refreshPolicy',
    'spec.syncWindows',
    'spec.target.immutable',
    'spec.target.manifest',
    ...['data', 'templateFrom', 'mergePolicy', 'engineVersion', 'type', 'metadata.finalizers'].map((field) => `spec.target.template.${field}`),
    ...REMOTE.map((field) => `spec.data[].remoteRef.${field}`),
    ...REMOTE.map((field) => `spec.dataFrom[].extract.${field}`),
    'spec.data[].sourceRef.generatorRef',
    'spec.dataFrom[].find',
    'spec.dataFrom[].rewrite',
    'spec.dataFrom[].sourceRef.generatorRef',
  ]),
  known: ['apiVersion', 'kind', 'metadata', 'spec', 'refreshInterval', 'refreshPolicy', 'secretStoreRef', 'target', 'data', 'dataFrom', 'secretKey', 'remoteRef', 'key', 'property', 'version', 'extract', 'sourceRef', 'storeRef', 'name', 'namespace', 'creationPolicy', 'deletionPolicy', 'immutable', 'template', 'type', 'labels', 'annotations'],
};
