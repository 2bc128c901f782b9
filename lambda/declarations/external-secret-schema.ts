import * as z from 'zod/mini';
import {
  dataKey,
  fields,
  labelKey,
  labelValue,
  list,
  namespaceName,
  objectName,
  refreshInterval,
} from './formats.ts';
import { Find, RemoteRef, Rewrite } from './remote-ref-schema.ts';
import { Template } from './template-schema.ts';
import { Windows } from './windows.ts';

const StoreRef = fields({
  name: objectName,
  kind: z._default(z.enum(['SecretStore', 'ClusterSecretStore']), 'SecretStore'),
});

const SourceOverride = z.optional(fields({ storeRef: StoreRef }));

const Target = fields({
  name: z.optional(objectName),
  creationPolicy: z._default(z.enum(['Owner', 'Orphan', 'Merge', 'CreateOrMerge', 'None']), 'Owner'),
  deletionPolicy: z._default(z.enum(['Retain', 'Delete', 'Merge']), 'Retain'),
  immutable: z._default(z.boolean('true or false'), false),
  template: z.optional(Template),
});

const DataFrom = fields({
  extract: z.optional(RemoteRef),
  find: z.optional(Find),
  rewrite: z._default(list(Rewrite), []),
  sourceRef: SourceOverride,
});

export const labels = z._default(z.record(labelKey, labelValue, 'a mapping'), {});
export const annotations = z._default(z.record(labelKey, z.string('a text, in quotes'), 'a mapping'), {});

/** `spec`, which a ClusterExternalSecret has too. */
export const Spec = fields({
  refreshInterval: z.optional(refreshInterval),
  refreshPolicy: z._default(z.enum(['Periodic', 'CreatedOnce', 'OnChange']), 'Periodic'),
  syncWindows: z.optional(Windows),
  secretStoreRef: z.optional(StoreRef),
  target: z.optional(Target),
  data: z._default(list(fields({ secretKey: dataKey, remoteRef: RemoteRef, sourceRef: SourceOverride })), []),
  dataFrom: z._default(list(DataFrom), []),
});

/** An ExternalSecret, as far as it is supported. */
export const ExternalSecret = fields({
  apiVersion: z.literal('external-secrets.io/v1'),
  kind: z.literal('ExternalSecret'),
  metadata: fields({ name: objectName, namespace: namespaceName, labels, annotations }),
  spec: Spec,
});
export type ExternalSecret = z.infer<typeof ExternalSecret>;
