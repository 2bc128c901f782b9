import * as z from 'zod/mini';
import { LABEL, MANAGED_BY } from '../../lambda/contract.ts';
import { ExternalSecret } from '../../lambda/declarations/external-secret-schema.ts';
import { SecretStore } from '../../lambda/declarations/secret-store-schema.ts';
import { CRD } from '../../lambda/model/manifest.ts';
import type { Manifest } from '../../lambda/model/manifest.ts';
import { CLUSTER_EXTERNAL_SECRET_STATUS, EXTERNAL_SECRET_STATUS, STORE_STATUS } from './crd-status.ts';
import { structuralSchema } from './structural-schema.ts';
import type { StructuralSchema } from './structural-schema.ts';

const GROUP = 'external-secrets.io';

interface Kind {
  readonly kind: string;
  readonly shortName: string;
  readonly scope: 'Namespaced' | 'Cluster';
  readonly spec: StructuralSchema;
  readonly status: StructuralSchema;
  /** What `kubectl get` shows: name, JSON path, and the type where it is no text. */
  readonly columns: readonly (readonly [name: string, jsonPath: string, type?: 'date'])[];
  readonly selectable?: readonly string[];
}

const readyCondition = (field: string): string => `.status.conditions[?(@.type=="Ready")].${field}`;

const STORE = {
  spec: structuralSchema(SecretStore.shape.spec),
  status: STORE_STATUS,
  columns: [
    ['AGE', '.metadata.creationTimestamp', 'date'],
    ['Status', readyCondition('reason')],
    ['Capabilities', '.status.capabilities'],
    ['Ready', readyCondition('status')],
  ],
} as const;

const KINDS: readonly Kind[] = [
  {
    kind: 'ExternalSecret',
    shortName: 'es',
    scope: 'Namespaced',
    spec: structuralSchema(ExternalSecret.shape.spec),
    status: EXTERNAL_SECRET_STATUS,
    columns: [
      ['StoreType', '.spec.secretStoreRef.kind'],
      ['Store', '.spec.secretStoreRef.name'],
      ['Refresh Interval', '.spec.refreshInterval'],
      ['Status', readyCondition('reason')],
      ['Ready', readyCondition('status')],
      ['Last Sync', '.status.refreshTime', 'date'],
    ],
    selectable: [
      '.spec.secretStoreRef.name',
      '.spec.secretStoreRef.kind',
      '.spec.target.name',
      '.spec.refreshInterval',
    ],
  },
  {
    kind: 'ClusterExternalSecret',
    shortName: 'ces',
    scope: 'Cluster',
    spec: structuralSchema(z.looseObject({ externalSecretSpec: ExternalSecret.shape.spec })),
    status: CLUSTER_EXTERNAL_SECRET_STATUS,
    columns: [
      ['Store', '.spec.externalSecretSpec.secretStoreRef.name'],
      ['Refresh Interval', '.spec.refreshTime'],
      ['Ready', readyCondition('status')],
    ],
  },
  { kind: 'SecretStore', shortName: 'ss', scope: 'Namespaced', ...STORE },
  { kind: 'ClusterSecretStore', shortName: 'css', scope: 'Cluster', ...STORE },
];

/**
 * The kinds with which a cluster declares Secrets itself, for one that has no External Secrets Operator: the names, columns and status of ESO's own
 * CRDs, and the schemas by which the relay reads. They belong to no relay, because several may read them, and removing them would remove every
 * declaration.
 */
export function crds(): readonly Manifest[] {
  return KINDS.map(crd);
}

function crd({ kind, shortName, scope, spec, status, columns, selectable }: Kind): Manifest {
  const singular = kind.toLowerCase();
  const names = {
    ...{ kind, singular, listKind: `${kind}List`, plural: `${singular}s` },
    ...{ shortNames: [shortName], categories: ['external-secrets'] },
  };
  const properties = {
    apiVersion: { type: 'string' },
    kind: { type: 'string' },
    metadata: { type: 'object' },
    ...{ spec, status },
  };
  const version = {
    ...{ name: 'v1', served: true, storage: true },
    schema: {
      openAPIV3Schema: { type: 'object', properties, 'x-kubernetes-preserve-unknown-fields': true },
    },
    subresources: { status: {} },
    additionalPrinterColumns: columns.map(([name, jsonPath, type = 'string']) => ({ name, jsonPath, type })),
    ...(selectable === undefined ? {} : { selectableFields: selectable.map((jsonPath) => ({ jsonPath })) }),
  };
  return {
    apiVersion: CRD.apiVersion,
    kind: CRD.kind,
    metadata: { name: `${names.plural}.${GROUP}`, labels: { [LABEL.managedBy]: MANAGED_BY } },
    spec: { group: GROUP, scope, names, versions: [version] },
  };
}
