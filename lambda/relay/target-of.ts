import { declarationId } from '../model/declaration.ts';
import type { Target } from '../model/target.ts';
import type { OutcomeHead } from './outcome.ts';
import type { Work } from './ports.ts';

/** The Secret that a piece of work is about. */
export function targetOf({ declaration, cluster }: Pick<Work, 'declaration' | 'cluster'>): Target {
  return { cluster, namespace: declaration.namespace, name: declaration.target.name };
}

/** What is known of a piece of work before it is begun. */
export function headOf(
  work: Pick<Work, 'declaration' | 'cluster' | 'causes'>,
  attempts: number,
): OutcomeHead {
  const { declaration, causes } = work;
  return { target: targetOf(work), declaration: declarationId(declaration), causes, attempts };
}
