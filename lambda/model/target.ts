import { FIELD_MANAGER } from '../contract.ts';
import type { Sensitive } from '../sensitive.ts';

/** One Secret in one cluster. */
export interface Target {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
}

/** `cluster/namespace/name`, for messages and map keys. */
export function targetId(target: Target): string {
  return `${target.cluster}/${target.namespace}/${target.name}`;
}

/** Name of a field -> the field managers that own it, from `managedFields`. */
export type Owners = ReadonlyMap<string, ReadonlySet<string>>;

/** Whether the relay owns the field: its value is then the one that the relay wrote. */
export function owns(owners: Owners, name: string): boolean {
  return owners.get(name)?.has(FIELD_MANAGER) === true;
}

/** The fields that the relay owns, with others or alone. */
export function ownNames(owners: Owners): readonly string[] {
  return [...owners.keys()].filter((name) => owns(owners, name));
}

/** What the cluster holds, seen from metadata alone: no secret value leaves the cluster for it. */
export interface Observed {
  readonly uid: string;
  readonly resourceVersion: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** Key of `data` -> the field managers that own it, from `managedFields`. A key without an owner is not listed. */
  readonly keyOwners: Owners;
  /** The same of labels and annotations: whoever changes one takes it over. */
  readonly metadataOwners: { readonly labels: Owners; readonly annotations: Owners };
  /** When the relay last wrote it, to the second, from `managedFields`; undefined where it never did. */
  readonly writtenAt: Date | undefined;
  /** When External Secrets Operator last wrote it, to the second; absent where it never did. */
  readonly esoWrittenAt?: Date | undefined;
  readonly ownerReferences: readonly OwnerReference[];
  /** Whether it is being deleted (`deletionTimestamp` is set). */
  readonly terminating: boolean;
}

/** What an object goes with (https://kubernetes.io/docs/concepts/overview/working-with-objects/owners-dependents/). */
export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean | undefined;
  readonly blockOwnerDeletion?: boolean | undefined;
}

/** An Observed that came from a list, with the name that goes with it. */
export interface ListedSecret {
  readonly target: Target;
  readonly observed: Observed;
}

/** Labels and annotations by which another controller knows a Secret as its own. */
export interface Marks {
  readonly labels: readonly string[];
  readonly annotations: readonly string[];
}

/** What is taken out of a Secret, whoever owns it. */
export interface Removal {
  /** Of `data`. */
  readonly keys: readonly string[];
  readonly marks?: Marks | undefined;
  /** The owner references in place of those that are there; as they are where undefined. */
  readonly ownerReferences?: readonly OwnerReference[] | undefined;
}

/** A Secret as it is before it is changed, read whole: only to tell whether a write changes its data. */
export interface HeldSecret {
  readonly annotations: Readonly<Record<string, string>>;
  readonly data: ReadonlyMap<string, Sensitive<Uint8Array>>;
}

/** What a write may be done under: the object as it was observed and no other. */
export interface Precondition {
  readonly uid: string;
  readonly resourceVersion: string;
}

/** The Secret to write, complete: nothing is added to it below the plan. */
export interface DesiredSecret {
  readonly target: Target;
  /** Undefined where the declaration names none: `Opaque` on creation, left as it is on an update. */
  readonly type: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly data: ReadonlyMap<string, Sensitive<Uint8Array>>;
  readonly finalizers?: readonly string[];
  readonly immutable?: true;
  /** What it goes with; looked at on creation only, because an update may find owners of others. */
  readonly owner?: OwnerReference;
}
