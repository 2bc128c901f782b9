import { askingEvents } from './outcome.ts';
import type { Outcome } from './outcome.ts';
import type { ReportFailure } from './report.ts';

/**
 * The ids of the events that a status or an Event goes back to: those of the outcome that it tells, or of all in its cluster where it tells of several
 * (a ClusterExternalSecret). Pure.
 */
export function reportEventIds(
  outcomes: readonly Outcome[],
): (report: Pick<ReportFailure, 'cluster' | 'about'>) => readonly string[] {
  const told = outcomes.flatMap((outcome) => {
    const { cluster, namespace, name } = outcome.target;
    const objects = [`ExternalSecret ${outcome.declaration ?? ''}`, `Secret ${namespace}/${name}`];
    const keys = [cluster, ...objects.map((object) => `${cluster}/${object}`)];
    return keys.map((key) => ({ key, ids: askingEvents(outcome) }));
  });
  const known = Map.groupBy(told, ({ key }) => key);
  return ({ cluster, about }) => {
    const found = known.get(about) ?? known.get(cluster) ?? [];
    return [...new Set(found.flatMap(({ ids }) => ids))];
  };
}
