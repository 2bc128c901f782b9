import { ROLLOUT_ANNOTATION } from '../contract.ts';
import type { Cluster } from '../model/config.ts';
import type { RolloutPolicy } from '../model/rollout.ts';
import type { Report } from './own-annotations.ts';
import { quote } from './problems.ts';

const PATH = ['metadata', 'annotations', ROLLOUT_ANNOTATION];

/**
 * Which workloads are restarted when the Secret changes; undefined: as each cluster's configuration says. A cluster whose configuration says `off`
 * has not let the relay restart anything, and a declaration cannot: that is a mistake where it is so for every cluster that the declaration is for.
 *
 * @param names the clusters that it is for
 */
export function rolloutOf(
  annotations: Readonly<Record<string, string>>,
  names: readonly string[],
  clusters: readonly Cluster[],
  report: Report,
): RolloutPolicy | undefined {
  const policy = annotations[ROLLOUT_ANNOTATION];
  if (policy === undefined || policy === 'off') return policy;
  if (policy !== 'annotated' && policy !== 'auto') {
    report(PATH, quote(policy), '"auto", "annotated" or "off"');
    return undefined;
  }
  const own = clusters.filter(({ name }) => names.includes(name));
  if (own.length > 0 && own.every(({ rollouts }) => rollouts === undefined))
    report(
      PATH,
      quote(policy),
      `a cluster whose rollouts are not off (clusters[].rollouts.policy of ${own.map(({ name }) => name).join(', ')})`,
    );
  return policy;
}
