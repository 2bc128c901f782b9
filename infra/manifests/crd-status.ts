import type { StructuralSchema } from './structural-schema.ts';

const TEXT = { type: 'string' } as const;
const TIME = { type: 'string', format: 'date-time' } as const;

function object(
  properties: Readonly<Record<string, StructuralSchema>>,
  required: readonly string[] = [],
): StructuralSchema {
  return { type: 'object', properties, ...(required.length === 0 ? {} : { required }) };
}

function list(items: StructuralSchema): StructuralSchema {
  return { type: 'array', items };
}

const CONDITION = { type: TEXT, status: TEXT, message: TEXT } as const;
const REQUIRED = ['status', 'type'];
const CONDITIONS = list(object({ ...CONDITION, reason: TEXT, lastTransitionTime: TIME }, REQUIRED));

/** What is told of an ExternalSecret, in ESO's words (https://external-secrets.io/latest/api/spec/#external-secrets.io/v1.ExternalSecretStatus). */
export const EXTERNAL_SECRET_STATUS = object({
  conditions: CONDITIONS,
  refreshTime: { ...TIME, nullable: true },
  syncedResourceVersion: TEXT,
  binding: object({ name: { ...TEXT, default: '' } }),
});

/** https://external-secrets.io/latest/api/spec/#external-secrets.io/v1.ClusterExternalSecretStatus */
export const CLUSTER_EXTERNAL_SECRET_STATUS = object({
  conditions: list(object(CONDITION, REQUIRED)),
  externalSecretName: TEXT,
  provisionedNamespaces: list(TEXT),
  failedNamespaces: list(object({ namespace: TEXT, reason: TEXT }, ['namespace'])),
});

/** https://external-secrets.io/latest/api/spec/#external-secrets.io/v1.SecretStoreStatus */
export const STORE_STATUS = object({ conditions: CONDITIONS, capabilities: TEXT });
