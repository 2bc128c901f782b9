import type { Action } from '../model/action.ts';
import type { ClusterSecrets } from '../model/ports.ts';

/** Carries out one action, each write under what was observed. A refused action has nothing to carry out. */
export async function applyAction(
  action: Action,
  secrets: ClusterSecrets,
  signal: AbortSignal,
): Promise<void> {
  switch (action.kind) {
    case 'create':
      await secrets.create(action.desired, signal);
      return;
    case 'update': {
      const { desired, precondition, prune: keys, unmark: marks, ownerReferences } = action;
      const written = await secrets.apply(desired, precondition, signal);
      if (keys.length > 0 || marks !== undefined || ownerReferences !== undefined)
        await secrets.prune(desired.target, { keys, marks, ownerReferences }, written, signal);
      return;
    }
    case 'delete':
      await secrets.remove(action.target, action.precondition, signal);
      return;
    case 'keep':
    case 'skip':
    case 'refuse':
      return;
  }
}
