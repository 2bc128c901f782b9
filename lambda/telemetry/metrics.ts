import { MetricUnit, Metrics } from '@aws-lambda-powertools/metrics';
import { METRIC, METRIC_NAMESPACE } from '../contract.ts';
import type { Outcome } from '../relay/outcome.ts';
import type { ReportFailure } from '../relay/report.ts';

/** EMF: metrics are log lines, so they cost no API call and no time. */
export const metrics = new Metrics({ namespace: METRIC_NAMESPACE });

/** Counts what became of the targets: one value for each metric, however many targets there are. */
export function countOutcomes(outcomes: readonly Outcome[]): void {
  const counts = new Map<string, number>();
  for (const outcome of outcomes) {
    for (const name of metricsOf(outcome)) counts.set(name, (counts.get(name) ?? 0) + 1);
    if (outcome.kind === 'failed') countFailure(outcome.target.cluster, outcome.error.code);
  }
  for (const [name, count] of counts) metrics.addMetric(name, MetricUnit.Count, count);
}

function metricsOf(outcome: Outcome): readonly string[] {
  switch (outcome.kind) {
    case 'written':
      return outcome.reason === 'drift' ? [METRIC.written, METRIC.driftRepaired] : [METRIC.written];
    case 'deleted':
      return [METRIC.deleted];
    case 'kept':
    case 'skipped':
      return [METRIC.inSync];
    case 'failed':
      return [];
  }
}

/** One failure by cluster and code, and one in all, which an alarm can watch without knowing either. */
export function countFailure(cluster: string, code: string): void {
  metrics.addMetric(METRIC.failed, MetricUnit.Count, 1);
  const one = metrics.singleMetric();
  one.addDimension('cluster', cluster);
  one.addDimension('reason', code);
  one.addMetric(METRIC.failedByReason, MetricUnit.Count, 1);
}

/** Statuses and Events that could not be written. The Secrets are right, so that no alarm watches this one. */
export function countReportFailures(failures: readonly ReportFailure[]): void {
  if (failures.length > 0) metrics.addMetric(METRIC.reportsFailed, MetricUnit.Count, failures.length);
}

/** Time from the change at the source to the Secret in the cluster. */
export function measurePropagation(changed: Date, written: Date): void {
  metrics.addMetric(
    METRIC.propagation,
    MetricUnit.Milliseconds,
    Math.max(0, written.getTime() - changed.getTime()),
  );
}
