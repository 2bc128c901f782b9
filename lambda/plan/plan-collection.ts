import { ANNOTATION } from '../contract.ts';
import { RelayError } from '../errors.ts';
import type { Action } from '../model/action.ts';
import type { Settings } from '../model/config.ts';
import { targetId } from '../model/target.ts';
import type { ListedSecret } from '../model/target.ts';
import { isFree } from './eso-standing.ts';

/** What one cluster's sweep may delete, or why it deletes nothing. */
export type Collection =
  | { readonly kind: 'actions'; readonly actions: readonly Action[] }
  | { readonly kind: 'refused'; readonly error: RelayError };

export interface CollectionInput {
  readonly cluster: string;
  /** Every managed Secret of the cluster: the whole list or none. */
  readonly listed: readonly ListedSecret[];
  /** `targetId` of every declared target. */
  readonly declared: ReadonlySet<string>;
  readonly limits: Settings['garbageCollection'];
  readonly now: Date;
  /** `any-number` when a person said so for this sweep. */
  readonly allowance: 'configured' | 'any-number';
}

/**
 * Decides which Secrets are deleted because nobody declares them any more. Pure.
 *
 * | undeclared Secret of creation policy | action                                   |
 * |--------------------------------------|------------------------------------------|
 * | Owner                                | delete                                   |
 * | Owner, written within the grace time | nothing: a newer deployment may know it  |
 * | Orphan, or none recorded             | nothing                                  |
 * | any, and ESO wrote to it since       | nothing: it went back to ESO             |
 *
 * More than the configured share at once is refused as a whole: that looks like a mistake, not like a clean-up.
 */
export function planCollection(input: CollectionInput): Collection {
  const condemned = input.listed.filter((secret) => isCondemned(secret, input));
  const { maxShare, minimum } = input.limits;
  const limit = Math.max(minimum, Math.floor(maxShare * input.listed.length));
  if (input.allowance === 'configured' && condemned.length > limit) {
    return { kind: 'refused', error: tooMany(input, condemned.length, limit) };
  }
  const actions = condemned.map(({ target, observed }): Action => {
    const { uid, resourceVersion } = observed;
    return { kind: 'delete', target, precondition: { uid, resourceVersion }, reason: 'undeclared' };
  });
  return { kind: 'actions', actions };
}

function isCondemned({ target, observed }: ListedSecret, input: CollectionInput): boolean {
  if (input.declared.has(targetId(target)) || observed.terminating) return false;
  if (observed.annotations[ANNOTATION.creationPolicy] !== 'Owner' || !isFree(observed, input.now))
    return false;
  const age = input.now.getTime() - (observed.writtenAt?.getTime() ?? 0);
  return age >= input.limits.graceSeconds * 1000;
}

function tooMany(input: CollectionInput, found: number, limit: number): RelayError {
  return new RelayError(
    'GC_REFUSED',
    `${input.cluster}: ${found} of ${input.listed.length} managed Secrets are no longer declared, and one sweep may delete ${limit}; ` +
      `if that is meant, invoke the reconcile function once with {"allowMassDeletion": true}, or raise settings.garbageCollection.maxShare`,
  );
}
