import { MetricUnit, Metrics } from '@aws-lambda-powertools/metrics';
import { METRIC, METRIC_NAMESPACE } from '../contract.ts';
import type { Outcome } from '../relay/outcome.ts';

/** EMF: metrics are log lines, so they cost no API call and no time. */
export const metrics = new Metrics({ namespace: METRIC_NAMESPACE });

/** Counts what became of each target. */
export function countOutcomes(outcomes: readonly Outcome[]): void {
  for (const outcome of outcomes) {
    switch (outcome.kind) {
      case 'written':
        metrics.addMetric(METRIC.written, MetricUnit.Count, 1);
        if (outcome.reason === 'drift') metrics.addMetric(METRIC.driftRepaired, MetricUnit.Count, 1);
        break;
      case 'deleted':
        metrics.addMetric(METRIC.deleted, MetricUnit.Count, 1);
        break;
      case 'kept':
      case 'skipped':
        metrics.addMetric(METRIC.inSync, MetricUnit.Count, 1);
        break;
      case 'failed':
        countFailure(outcome.target.cluster, outcome.error.code);
        break;
    }
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

/** Time from the change at the source to the Secret in the cluster. */
export function measurePropagation(changed: Date, written: Date): void {
  metrics.addMetric(
    METRIC.propagation,
    MetricUnit.Milliseconds,
    Math.max(0, written.getTime() - changed.getTime()),
  );
}
