import type { Target } from '../model/target.ts';
import type { Work } from './ports.ts';

/** The Secret that a piece of work is about. */
export function targetOf({ declaration, cluster }: Pick<Work, 'declaration' | 'cluster'>): Target {
  return { cluster, namespace: declaration.namespace, name: declaration.target.name };
}
