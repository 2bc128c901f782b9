/** A Kubernetes object as it is applied. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

/** A kind of object that lies in a cluster for the relay. */
export interface ManifestKind {
  readonly apiVersion: string;
  readonly kind: string;
  /** As the API's paths call it. */
  readonly plural: string;
}

/** Every kind that is rendered, in the order in which they are applied: the fence first, the permission last. */
export const MANIFEST_KINDS: readonly ManifestKind[] = [
  {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    plural: 'validatingadmissionpolicies',
  },
  {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicyBinding',
    plural: 'validatingadmissionpolicybindings',
  },
  { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', plural: 'clusterroles' },
  { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRoleBinding', plural: 'clusterrolebindings' },
  { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', plural: 'roles' },
  { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding', plural: 'rolebindings' },
];

/**
 * What declarations in a cluster are kinds of. It is none of the above: it is offered to a cluster that has none, and never removed, because
 * every object of the kind would go with it.
 */
export const CRD: ManifestKind = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
};

/** The path of all objects of a kind, or of those of a namespace. */
export function collectionPath({ apiVersion, plural }: ManifestKind, namespace?: string): string {
  return `/apis/${apiVersion}${namespace === undefined ? '' : `/namespaces/${namespace}`}/${plural}`;
}

/** The path of an object of one of `MANIFEST_KINDS`, or of a CRD; undefined for any other. */
export function manifestPath({ kind, metadata }: Pick<Manifest, 'kind' | 'metadata'>): string | undefined {
  const known = [...MANIFEST_KINDS, CRD].find((candidate) => candidate.kind === kind);
  return known === undefined ? undefined : `${collectionPath(known, metadata.namespace)}/${metadata.name}`;
}
