import * as z from 'zod/mini';
import type { Vocabulary } from './check.ts';
import { Spec, annotations, labels } from './external-secret-schema.ts';
import { EXTERNAL_SECRET_VOCABULARY } from './external-secret-vocabulary.ts';
import { fields, list, namespaceName, objectName, refreshInterval } from './formats.ts';
import { LabelSelector } from './label-selector.ts';

/** A ClusterExternalSecret (https://external-secrets.io/latest/api/clusterexternalsecret/): an ExternalSecret for every namespace that it selects. */
export const ClusterExternalSecret = fields({
  apiVersion: z.literal('external-secrets.io/v1'),
  kind: z.literal('ClusterExternalSecret'),
  metadata: fields({ name: objectName, labels, annotations }),
  spec: fields({
    externalSecretSpec: Spec,
    externalSecretName: z.optional(objectName),
    externalSecretMetadata: z._default(fields({ labels, annotations }), { labels: {}, annotations: {} }),
    namespaceSelector: z.optional(LabelSelector),
    namespaceSelectors: z._default(list(LabelSelector), []),
    namespaces: z._default(list(namespaceName), []),
    // ESO's own pace of looking for namespaces: the relay looks whenever it reads the object.
    refreshTime: z.optional(refreshInterval),
  }),
});
export type ClusterExternalSecret = z.infer<typeof ClusterExternalSecret>;

const inside = (path: string): string => path.replace(/^spec\./u, 'spec.externalSecretSpec.');

/** What is refused by name in an ExternalSecret is so here. */
export const CLUSTER_EXTERNAL_SECRET_VOCABULARY: Vocabulary = {
  ...EXTERNAL_SECRET_VOCABULARY,
  unsupportedFields: new Map(
    [...EXTERNAL_SECRET_VOCABULARY.unsupportedFields].map(([path, instead]) => [inside(path), instead]),
  ),
  quiet: [...EXTERNAL_SECRET_VOCABULARY.quiet.map(inside), 'spec.externalSecretMetadata'],
};
