import * as z from 'zod/mini';
import { Aws } from './aws-schema.ts';
import { fields, list, namespaceName, objectName } from './formats.ts';
import type { Vocabulary } from './check.ts';
import { LabelSelector } from './label-selector.ts';
import { OTHER_SERVICES, providersRefused } from './provider-vocabulary.ts';
import { isExpression } from './source-texts.ts';

/** https://github.com/google/re2/wiki/Syntax */
export const namespaceRegex = z
  .string('a text')
  .check(z.refine(isExpression, 'a regular expression in the syntax of RE2, which Go uses'));

/** Namespaces that a ClusterSecretStore is open to: those of any of the three. */
const Condition = fields({
  namespaces: z._default(list(namespaceName), []),
  namespaceSelector: z.optional(LabelSelector),
  namespaceRegexes: z._default(list(namespaceRegex), []),
});
export type Condition = z.infer<typeof Condition>;

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

/** What ESO's stores have and the relay refuses by name. */
export const SECRET_STORE_VOCABULARY: Vocabulary = {
  invalid: 'DECLARATION_INVALID',
  unsupported: 'DECLARATION_UNSUPPORTED',
  unsupportedFields: new Map([
    ['spec.retrySettings', 'the relay has its own, and the queue’s after them'],
    ...providersRefused('spec.provider'),
  ]),
  unsupportedWords: new Map([['spec.provider.aws.service', OTHER_SERVICES]]),
  quiet: ['spec.provider.aws.externalID'],
};
