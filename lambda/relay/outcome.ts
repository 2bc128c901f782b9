import { ANNOTATION } from '../contract.ts';
import type { RelayError } from '../errors.ts';
import type { Cause } from '../model/change-marks.ts';
import type { Action, SkipReason, WriteReason } from '../model/action.ts';
import type { SourceVersion } from '../model/source.ts';
import type { Target } from '../model/target.ts';
import type { Marked } from '../rollout/mark-change.ts';

/** What became of one target: the record that logs, metrics and retries are made from. Holds no value. */
export type Outcome = {
  readonly target: Target;
  /** `namespace/name` of the declaration; undefined for a Secret that nobody declares. */
  readonly declaration: string | undefined;
  /** Of the Secret, where it is there. */
  readonly uid?: string | undefined;
  /** How often the target was observed: more than 1 after a conflict. */
  readonly attempts: number;
  /** Whether workloads wait to be restarted for what the Secret holds, be it written now or before. */
  readonly restartsDue?: boolean;
  /** What asked for it, the earliest first. */
  readonly causes?: readonly Cause[] | undefined;
  /** Of the Secret as it is now, or was until it was deleted; undefined where that is not known. */
  readonly annotations?: Readonly<Record<string, string>> | undefined;
  /** Those from before a change of the data, where workloads still waited for the change before it. */
  readonly overtaken?: Readonly<Record<string, string>> | undefined;
} & (
  | {
      readonly kind: 'written';
      readonly action: 'create' | 'update';
      readonly reason: WriteReason;
      readonly versions: ReadonlyMap<string, SourceVersion>;
      /** When the cluster had taken the write. */
      readonly at: Date;
      /** The new one; undefined where the data is as it was. */
      readonly revision?: string | undefined;
    }
  | { readonly kind: 'deleted'; readonly reason: Extract<Action, { kind: 'delete' }>['reason'] }
  | { readonly kind: 'kept' }
  | { readonly kind: 'skipped'; readonly reason: SkipReason }
  | { readonly kind: 'failed'; readonly error: RelayError }
);

/** What is known of a target before it is known what became of it. */
export type OutcomeHead = Pick<
  Outcome,
  'target' | 'declaration' | 'uid' | 'attempts' | 'restartsDue' | 'causes' | 'annotations' | 'overtaken'
>;

/** The ids of the events that asked for it, as far as events did. */
export function askingEvents({ causes = [] }: Pick<Outcome, 'causes'>): readonly string[] {
  return [...new Set(causes.flatMap(({ event }) => event ?? []))];
}

/** What a write was made from and came to. */
export interface Done {
  readonly versions: ReadonlyMap<string, SourceVersion>;
  /** Undefined where nothing was written. */
  readonly marked: Marked | undefined;
  readonly at: Date;
}

/** The outcome of an action that was carried out. */
export function outcomeOf(action: Action, head: OutcomeHead, { versions, marked, at }: Done): Outcome {
  switch (action.kind) {
    case 'create':
    case 'update': {
      const revision = marked?.changed === true ? marked.desired.annotations[ANNOTATION.revision] : undefined;
      const { kind, reason } = action;
      return { ...head, kind: 'written', action: kind, reason, versions, at, revision };
    }
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
