import type { Expansion } from '../declarations/cluster-expansions.ts';
import type { FromCluster } from '../declarations/from-cluster.ts';
import type { Interval } from '../model/declared-object.ts';
import { declarationId } from '../model/declaration.ts';
import { heldBy } from '../plan/held-by.ts';
import { nextExpansionStatus } from './next-expansion-status.ts';
import type { NamespaceResults } from './next-expansion-status.ts';
import type { Outcome } from './outcome.ts';
import type { Work } from './ports.ts';
import type { StatusReport } from './report.ts';
import { refusalMessage } from './refusal-message.ts';
import { isAnothers, verdictOf } from './verdict.ts';
import { workId } from './work-id.ts';

/** What became of some namespaces of a cluster. */
export interface ExpansionFindings {
  readonly found: FromCluster;
  readonly work: readonly Work[];
  readonly outcomes: readonly Outcome[];
}

/**
 * What there is to say of the ClusterExternalSecrets of a cluster. Pure. One that another controller brings about keeps that one's status.
 *
 * @param which a push tells of those that it did something for, a sweep of all
 */
export function reportsOfExpansions(
  findings: ExpansionFindings,
  which: 'all' | 'concerned',
  schedule: Interval | undefined,
  now: Date,
): readonly StatusReport[] {
  const { found, work, outcomes } = findings;
  const outcomesOf = Map.groupBy(outcomes, ({ target, declaration }) => workId(target.cluster, declaration));
  return found.expansions.flatMap((expansion): readonly StatusReport[] => {
    const { origin } = expansion.object;
    const own = work.flatMap(({ declaration, cluster }) =>
      declaration.origin === origin
        ? (outcomesOf.get(workId(cluster, declarationId(declaration))) ?? []).map((outcome) => ({
            declaration,
            outcome,
            schedule,
          }))
        : [],
    );
    if (which === 'concerned' && own.length === 0) return [];
    if (own.some(({ outcome }) => outcome.kind === 'failed' && isAnothers(outcome.error))) return [];
    if (found.others.some((object) => object.origin === origin)) return [];
    const results: NamespaceResults = new Map([
      ...refusalsOf(expansion, found),
      ...own.flatMap((finding) => {
        const verdict = verdictOf(finding);
        if (verdict === undefined) return [];
        return [[finding.declaration.namespace, verdict.ready ? undefined : verdict.message] as const];
      }),
    ]);
    const next: StatusReport['next'] = (object) =>
      heldBy(object, false, now) === undefined ? nextExpansionStatus(object, expansion, results) : undefined;
    return [{ object: origin, next }];
  });
}

function refusalsOf(
  { object: { origin } }: Expansion,
  { refused }: FromCluster,
): readonly (readonly [string, string])[] {
  return refused.flatMap(({ object, problems }) =>
    object.origin === origin ? [[object.namespace, refusalMessage(object, problems)] as const] : [],
  );
}
