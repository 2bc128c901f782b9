import { LABEL, TAKE_OVER_ANNOTATION } from '../contract.ts';
import { RelayError } from '../errors.ts';
import { objectId } from '../model/declared-object.ts';
import type { DeclaredObject } from '../model/declared-object.ts';
import { targetId } from '../model/target.ts';
import type { Observed, OwnerReference, Target } from '../model/target.ts';
import type { Standing } from './eso-standing.ts';

/** It waits for its finalizers. */
export function terminating(target: Target): RelayError {
  return new RelayError(
    'TARGET_CONTENDED',
    `${targetId(target)} is being deleted and waits for its finalizers; it is created again once it is gone`,
  );
}

/** It is External Secrets Operator's. */
export function ownedByEso(target: Target, standing: Extract<Standing, 'owned' | 'contended'>): RelayError {
  return standing === 'owned'
    ? new RelayError(
        'TARGET_OWNED_BY_ESO',
        `${targetId(target)} belongs to External Secrets Operator; once that no longer reconciles it, annotate the ExternalSecret with ${TAKE_OVER_ANNOTATION}: "true"`,
      )
    : new RelayError(
        'ESO_STILL_RUNS',
        `${targetId(target)} was written by External Secrets Operator after Keyrelay had written it; stop the operator, or set spec.controller of the store, so that one of the two has it`,
      );
}

/** It goes with another object. */
export function owned(target: Target, { kind, name }: OwnerReference): RelayError {
  return new RelayError(
    'TARGET_OWNED',
    `${targetId(target)} is owned by another object (${kind} ${name}), with which it is deleted; rename the target, or take that owner reference off the Secret`,
  );
}

/** Another controller brings the whole ExternalSecret about. */
export function heldByOther({ ref }: DeclaredObject, manager: string): RelayError {
  return new RelayError(
    'ESO_STILL_RUNS',
    `${objectId(ref)} is brought about by another controller (${manager} writes its status); stop that, or set spec.controller of the store, or, where it has stopped, annotate the ExternalSecret with ${TAKE_OVER_ANNOTATION}: "true"`,
  );
}

/** It is somebody else's. */
export function notOurs(target: Target, observed: Observed): RelayError {
  const owner =
    observed.labels[LABEL.managedBy] ??
    [...new Set([...observed.keyOwners.values()].flatMap((set) => [...set]))].join(', ');
  return new RelayError(
    'TARGET_NOT_OURS',
    `${targetId(target)} exists and belongs to someone else (${owner === '' ? 'no manager is recorded' : owner}); delete it, rename the target, use creationPolicy Merge, or annotate the ExternalSecret with ${TAKE_OVER_ANNOTATION}: "true"`,
  );
}
