import * as z from 'zod/mini';
import {
  externalId,
  fields,
  keyPrefix,
  list,
  namespaceName,
  objectName,
  region,
  roleArn,
  service,
} from './formats.ts';
import type { Vocabulary } from './check.ts';

const Aws = fields({
  service,
  region,
  prefix: z._default(keyPrefix, ''),
  role: z.optional(roleArn),
  externalID: z.optional(externalId),
});

const Condition = fields({ namespaces: z._default(list(namespaceName), []) });

/** A SecretStore or ClusterSecretStore, as far as it is supported (https://external-secrets.io/latest/api/secretstore/). */
export const SecretStore = fields({
  apiVersion: z.literal('external-secrets.io/v1'),
  kind: z.enum(['SecretStore', 'ClusterSecretStore']),
  metadata: fields({ name: objectName, namespace: z.optional(namespaceName) }),
  spec: fields({
    provider: fields({ aws: Aws }),
    conditions: z._default(list(Condition), []),
    // ESO's own pace of checking stores: the relay reads a store whenever it uses it.
    refreshInterval: z.optional(z.union([z.number(), z.string()])),
    // Which of several ESO's is meant.
    controller: z.optional(z.string()),
  }),
});
export type SecretStore = z.infer<typeof SecretStore>;

const LATER = 'it is not supported yet';

/** What ESO's stores have and the relay refuses by name. */
export const SECRET_STORE_VOCABULARY: Vocabulary = {
  invalid: 'DECLARATION_INVALID',
  unsupported: 'DECLARATION_UNSUPPORTED',
  unsupportedFields: new Map([
    ['spec.retrySettings', `${LATER}; the relay has its own`],
    ['spec.conditions[].namespaceSelector', `${LATER}; name the namespaces`],
    ['spec.conditions[].namespaceRegexes', `${LATER}; name the namespaces`],
    ...['auth', 'additionalRoles', 'sessionTags', 'transitiveTagKeys', 'secretsManager'].map(
      (field) => [`spec.provider.aws.${field}`, LATER] as const,
    ),
    ...['vault', 'gcpsm', 'azurekv', 'kubernetes', 'fake', 'webhook', 'ibm', 'oracle', 'onepassword'].map(
      (provider) => [`spec.provider.${provider}`, `${LATER}; only aws is`] as const,
    ),
  ]),
  unsupportedWords: new Map([['spec.provider.aws.service', ['CertificateManager']]]),
  quiet: ['spec.provider.aws.externalID'],
};
