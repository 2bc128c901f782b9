import type { Action } from '../model/action.ts';
import type { ClusterSecrets } from '../model/ports.ts';
import { markChange } from '../rollout/mark-change.ts';
import type { Marked, MarkOptions } from '../rollout/mark-change.ts';

/** What was written, and to which object. */
export interface Applied {
  readonly marked: Marked;
  readonly uid: string;
}

/**
 * Carries out one action, each write under what was observed. A refused action has nothing to carry out.
 *
 * @returns what was written; undefined where nothing was
 */
export async function applyAction(
  action: Action,
  options: Omit<MarkOptions, 'reason'>,
  secrets: ClusterSecrets,
  signal: AbortSignal,
): Promise<Applied | undefined> {
  switch (action.kind) {
    case 'create': {
      const marked = markChange(action.desired, undefined, [], { ...options, reason: action.reason });
      const { uid } = await secrets.create(marked.desired, signal);
      return { marked, uid };
    }
    case 'update': {
      const { desired, precondition, prune: keys, unmark: marks, ownerReferences } = action;
      const held = await secrets.hold(desired.target, precondition, signal);
      const marked = markChange(desired, held, keys, { ...options, reason: action.reason });
      const written = await secrets.apply(marked.desired, precondition, signal);
      if (keys.length > 0 || marks !== undefined || ownerReferences !== undefined)
        await secrets.prune(desired.target, { keys, marks, ownerReferences }, written, signal);
      return { marked, uid: written.uid };
    }
    case 'delete':
      await secrets.remove(action.target, action.precondition, signal);
      return undefined;
    case 'keep':
    case 'skip':
    case 'refuse':
      return undefined;
  }
}
