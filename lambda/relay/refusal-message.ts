import type { ClusterObject } from '../declarations/cluster-object.ts';
import { describeProblems } from '../declarations/problems.ts';
import type { Problem } from '../declarations/problems.ts';

/** ESO's words for why an object is not brought about, and the problems. */
export function refusalMessage({ origin }: ClusterObject, problems: readonly Problem[]): string {
  return `${whatFailed(origin.ref.kind === 'ClusterExternalSecret', problems)}: ${describeProblems(problems)}`;
}

function whatFailed(expanded: boolean, problems: readonly Problem[]): string {
  const conflicts = problems.filter(({ code }) => code === 'DECLARATION_CONFLICT');
  if (conflicts.length === 0) return 'could not get secret data from provider';
  return expanded && conflicts.some(({ found }) => found.startsWith('ExternalSecret '))
    ? 'external secret already exists in namespace'
    : 'target is owned by another ExternalSecret';
}
