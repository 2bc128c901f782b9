import type { RelayError } from '../errors.ts';
import type { DesiredSecret, Marks, OwnerReference, Precondition, Target } from './target.ts';

/** Why a Secret is written. */
export const WRITE_REASONS = [
  /** There was none. */
  'missing',
  /** The source holds another version than the Secret. */
  'version',
  /** The declaration asks for something else than it did. */
  'declaration',
  /** Somebody changed the Secret: its keys, labels, annotations or owners are not as they were written. */
  'drift',
  /** It was somebody else's or External Secrets Operator's, and the declaration says to take it over. */
  'take-over',
] as const;
export type WriteReason = (typeof WRITE_REASONS)[number];

/** Why nothing is done. */
export type SkipReason =
  /** Creation policy Merge, and nobody created the Secret yet. */
  | 'target-missing'
  /** Creation policy None. */
  | 'policy-none'
  /** The source holds another version, and the declaration's sync windows are closed: the next reconcile within one writes it. */
  | 'sync-window'
  /** The source is gone or empty, and the deletion policy is Retain, or there is nothing to delete. */
  | 'retained';

/** What to do with one target: data, so that a dry run prints it and the Lambda carries it out. */
export type Action =
  | { readonly kind: 'create'; readonly desired: DesiredSecret; readonly reason: 'missing' }
  | {
      readonly kind: 'update';
      readonly desired: DesiredSecret;
      readonly precondition: Precondition;
      readonly reason: WriteReason;
      /** Keys that server-side apply would leave behind, because somebody else owns them. */
      readonly prune: readonly string[];
      /** Labels and annotations that are taken away: what made it another controller's, and what the declaration no longer asks for. */
      readonly unmark?: Marks | undefined;
      /** The owner references that it should have, where it has others. */
      readonly ownerReferences?: readonly OwnerReference[] | undefined;
    }
  | {
      readonly kind: 'delete';
      readonly target: Target;
      readonly precondition: Precondition;
      readonly reason: 'source-gone' | 'undeclared';
    }
  | { readonly kind: 'keep'; readonly target: Target }
  | { readonly kind: 'skip'; readonly target: Target; readonly reason: SkipReason }
  | { readonly kind: 'refuse'; readonly target: Target; readonly error: RelayError };
