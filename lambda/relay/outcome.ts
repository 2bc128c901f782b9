import type { RelayError } from '../errors.ts';
import type { Action } from '../model/action.ts';
import type { SourceVersion } from '../model/source.ts';
import type { Target } from '../model/target.ts';

/** What became of one target: the record that logs, metrics and retries are made from. Holds no value. */
export type Outcome = {
  readonly target: Target;
  /** `namespace/name` of the declaration; undefined for a Secret that nobody declares. */
  readonly declaration: string | undefined;
  /** How often the target was observed: more than 1 after a conflict. */
  readonly attempts: number;
} & (
  | {
      readonly kind: 'written';
      readonly action: 'create' | 'update';
      readonly reason: string;
      readonly versions: ReadonlyMap<string, SourceVersion>;
    }
  | { readonly kind: 'deleted'; readonly reason: string }
  | { readonly kind: 'kept' }
  | { readonly kind: 'skipped'; readonly reason: string }
  | { readonly kind: 'failed'; readonly error: RelayError }
);

/** What is known of a target before it is known what became of it. */
export type OutcomeHead = Pick<Outcome, 'target' | 'declaration' | 'attempts'>;

/** The outcome of an action that was carried out. */
export function outcomeOf(
  action: Action,
  head: OutcomeHead,
  versions: ReadonlyMap<string, SourceVersion>,
): Outcome {
  switch (action.kind) {
    case 'create':
    case 'update':
      return { ...head, kind: 'written', action: action.kind, reason: action.reason, versions };
    case 'delete':
      return { ...head, kind: 'deleted', reason: action.reason };
    case 'keep':
      return { ...head, kind: 'kept' };
    case 'skip':
      return { ...head, kind: 'skipped', reason: action.reason };
    case 'refuse':
      return { ...head, kind: 'failed', error: action.error };
  }
}
