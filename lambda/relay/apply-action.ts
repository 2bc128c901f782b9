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
      const written = await secrets.apply(action.desired, action.precondition, signal);
      if (action.prune.length > 0) await secrets.prune(action.desired.target, action.prune, written, signal);
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
