import { RESTARTED_AT_ANNOTATION } from '../contract.ts';
import type { Cluster } from '../model/config.ts';
import type { Workload } from '../model/workload.ts';
import type { Conclusion } from '../rollout/plan-rollouts.ts';
import { cut } from './error-parts.ts';
import type { Receipt } from './receipt.ts';
import { receiptId } from './receipt-id.ts';
import { causeParts, commonParts, timesOf, writeKey } from './receipt-parts.ts';

/** So many workloads that failed are named; all are counted. */
const MAX_NAMES = 50;

/** The receipt of a change whose rollout is over. Pure. */
export function receiptOfRollout(
  { secret, record, cases }: Conclusion,
  cluster: Pick<Cluster, 'name' | 'region' | 'account'>,
): Receipt {
  const { target, observed, revision, change } = secret;
  const subject = { cluster, target, uid: observed.uid, annotations: observed.annotations };
  const outcome = record.state === 'complete' ? 'complete' : 'rollout-failed';
  const started = startOf(
    cases.map(({ workload }) => workload),
    change.written,
  );
  return {
    ...commonParts(subject),
    ...causeParts(change),
    id: receiptId(outcome, ...writeKey(subject, change)),
    outcome,
    ...(change.reason === undefined ? {} : { reason: change.reason }),
    revision,
    dataChanged: true,
    times: {
      ...timesOf(change),
      written: change.written.toISOString(),
      ...(started === undefined ? {} : { rolloutStarted: started.toISOString() }),
      rolloutEnded: record.at.toISOString(),
    },
    workloads: {
      complete: record.restarted,
      left: record.left,
      stopped: record.stopped,
      failed: record.failed.length,
      failedNames: record.failed.slice(0, MAX_NAMES),
    },
    ...(outcome === 'complete' ? {} : { error: { code: 'ROLLOUT_FAILED', message: whyOf(cases) } }),
  };
}

/** When the first of its workloads was restarted since the change; one that Reloader restarted counts. */
function startOf(workloads: readonly Workload[], written: Date): Date | undefined {
  const times = workloads.flatMap(({ templateAnnotations, reloadedAt }) => [
    Date.parse(templateAnnotations[RESTARTED_AT_ANNOTATION] ?? ''),
    reloadedAt?.getTime() ?? Number.NaN,
  ]);
  const since = times.filter((time) => time >= written.getTime());
  return since.length === 0 ? undefined : new Date(Math.min(...since));
}

function whyOf(cases: Conclusion['cases']): string {
  const reasons = cases.flatMap(({ state, workload: { ref } }) =>
    state.kind === 'failed' ? [`${ref.kind}/${ref.name}: ${state.why}`] : [],
  );
  return cut(reasons.join('; '));
}
