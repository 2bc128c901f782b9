/** The kinds with which teams declare, and whose `status` the relay writes. */
export type DeclaredKind = 'ExternalSecret' | 'ClusterExternalSecret' | 'SecretStore' | 'ClusterSecretStore';

/** Names one object of a cluster that declares. */
export interface ObjectRef {
  readonly cluster: string;
  readonly kind: DeclaredKind;
  /** Empty for a cluster-scoped one. */
  readonly namespace: string;
  readonly name: string;
}

/** `cluster/kind namespace/name`, for messages and map keys. */
export function objectId({ cluster, kind, namespace, name }: ObjectRef): string {
  return `${cluster}/${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`;
}

/** An object that declares, as far as its status is concerned. */
export interface DeclaredObject {
  readonly ref: ObjectRef;
  readonly uid: string;
  /** Counts the changes of its spec. */
  readonly generation: number;
  readonly resourceVersion: string;
  /** What `status.syncedResourceVersion` says when this state of the object is brought about: generation, and a hash of labels and annotations. */
  readonly version: string;
  readonly status: ObjectStatus;
  readonly statusWriters: StatusWriters;
  /** `spec.refreshInterval` of an ExternalSecret, where it has one. */
  readonly refreshInterval?: Interval | undefined;
}

/** A duration as it was written, and what it means. */
export interface Interval {
  readonly text: string;
  readonly seconds: number;
}

/** `status`, as ESO's kinds have it: the members that are known here. Times are RFC 3339 in UTC, to the second. */
export interface ObjectStatus {
  readonly conditions: readonly Condition[];
  readonly refreshTime?: string | undefined;
  readonly syncedResourceVersion?: string | undefined;
  readonly binding?: { readonly name: string } | undefined;
  readonly capabilities?: string | undefined;
  /** Of a ClusterExternalSecret, as the next two; both are sorted. */
  readonly externalSecretName?: string | undefined;
  readonly provisionedNamespaces?: readonly string[] | undefined;
  readonly failedNamespaces?: readonly NamespaceFailure[] | undefined;
}

/** Why a namespace has not what a ClusterExternalSecret asks for there. */
export interface NamespaceFailure {
  readonly namespace: string;
  readonly reason?: string | undefined;
}

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
  readonly lastTransitionTime?: string | undefined;
}

/** Who wrote the status last, by its managed fields (to the second). */
export interface StatusWriters {
  /** When the relay did; undefined where it never did. */
  readonly relay: Date | undefined;
  /** Somebody else whose refresh time or conditions stand there, such as a running ESO. */
  readonly other: { readonly manager: string; readonly at: Date } | undefined;
}
