import { ANNOTATION } from '../contract.ts';
import { declarationId } from '../model/declaration.ts';
import type { Declaration } from '../model/declaration.ts';
import type { Observed, OwnerReference } from '../model/target.ts';

const API_VERSION = 'external-secrets.io/v1';

/**
 * The object that a Secret goes with when it is deleted, as ESO sets it: creation policy Owner, of a declaration that is an object. `Block`:
 * who deletes the object in the foreground waits for the Secret (https://kubernetes.io/docs/concepts/architecture/garbage-collection/).
 */
export function ownerOf({ origin, target }: Declaration): OwnerReference | undefined {
  if (origin === undefined || target.creationPolicy !== 'Owner') return undefined;
  const { kind, name } = origin.ref;
  return { apiVersion: API_VERSION, kind, name, uid: origin.uid, controller: true, blockOwnerDeletion: true };
}

/**
 * Decides what the owner references of a Secret should be; undefined where they are so. Those of others stay. Pure.
 *
 * | the references hold                               | Owner, declared by an object | any other declaration |
 * |---------------------------------------------------|------------------------------|-----------------------|
 * | nothing of the declaration                        | it is added                  | as it should be       |
 * | the declaration's object                          | as it should be              | it is taken out       |
 * | one that was of its name before, or is not exact  | it is replaced               | it is taken out       |
 */
export function ownersToSet(
  declaration: Declaration,
  observed: Observed,
): readonly OwnerReference[] | undefined {
  const wanted = ownerOf(declaration);
  const own = observed.ownerReferences.filter((reference) => isOwn(reference, declaration, observed));
  const right =
    wanted === undefined ? own.length === 0 : own.length === 1 && own.every((one) => equal(one, wanted));
  if (right) return undefined;
  const others = observed.ownerReferences.filter((reference) => !own.includes(reference));
  return wanted === undefined ? others : [...others, wanted];
}

/**
 * Who stands in the way: another ExternalSecret that owns the Secret, or, where the declaration is to own it, anybody, because an object has one
 * controller.
 */
export function rivalOwner(declaration: Declaration, observed: Observed): OwnerReference | undefined {
  const controller = observed.ownerReferences.find((reference) => reference.controller === true);
  if (controller === undefined || isOwn(controller, declaration, observed)) return undefined;
  return isDeclaring(controller) || ownerOf(declaration) !== undefined ? controller : undefined;
}

/** By name and not by uid, as in ESO: an object that was made anew is the same declaration. Only the relay names ClusterExternalSecrets. */
function isOwn(reference: OwnerReference, declaration: Declaration, { annotations }: Observed): boolean {
  if (!isDeclaring(reference)) return false;
  return reference.kind === 'ExternalSecret'
    ? reference.name === declaration.name
    : annotations[ANNOTATION.declaration] === declarationId(declaration);
}

/** Whether it is an object of ESO's API, of whatever version. */
function isDeclaring({ apiVersion }: OwnerReference): boolean {
  return apiVersion.startsWith('external-secrets.io/');
}

function equal(a: OwnerReference, b: OwnerReference): boolean {
  return (
    a.apiVersion === b.apiVersion &&
    a.kind === b.kind &&
    a.name === b.name &&
    a.uid === b.uid &&
    a.controller === b.controller &&
    a.blockOwnerDeletion === b.blockOwnerDeletion
  );
}
