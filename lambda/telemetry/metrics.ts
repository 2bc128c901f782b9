import { Metrics } from '@aws-lambda-powertools/metrics';
import { METRIC, METRIC_NAMESPACE } from '../contract.ts';
import type { Outcome } from '../relay/outcome.ts';
import type { ReportFailure } from '../relay/report.ts';
import type { CountedCalls } from './api-calls.ts';

/** EMF: metrics are log lines, so they cost no API call and no time. */
const metrics = new Metrics({ namespace: METRIC_NAMESPACE });

type AnyMetric = (typeof METRIC)[keyof typeof METRIC];
/** A metric that has no dimension but the relay's name. */
type PlainMetric = Extract<AnyMetric, { readonly by: readonly [] }>;
type MetricBy = Exclude<AnyMetric, PlainMetric>;

/** Notes a value, which is published at the end of the invocation. */
export function note({ name, unit }: PlainMetric, value: number): void {
  metrics.addMetric(name, unit, value);
}

/** Notes how long something took, in milliseconds: never less than nothing, as two clocks may differ. */
export function noteTime(
  metric: Extract<PlainMetric, { readonly unit: 'Milliseconds' }>,
  from: Date,
  to: Date,
): void {
  note(metric, Math.max(0, to.getTime() - from.getTime()));
}

/** Publishes a value at once: one line of EMF holds one value of each dimension. */
function publish<M extends MetricBy>(
  { name, unit }: M,
  dimensions: Readonly<Record<M['by'][number], string>>,
  value: number,
): void {
  const one = metrics.singleMetric();
  for (const [dimension, its] of Object.entries<string>(dimensions)) one.addDimension(dimension, its);
  one.addMetric(name, unit, value);
}

/** Publishes what was noted, and the requests that were sent: at the end of each invocation, however it ended. */
export function publishMetrics({ calls }: { readonly calls: Pick<CountedCalls, 'take'> }): void {
  for (const [api, count] of calls.take()) publish(METRIC.apiCalls, { api }, count);
  if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
}

/** Measures what became of the targets: one value for each count, however many targets there are. */
export function countOutcomes(outcomes: readonly Outcome[]): void {
  const counts = new Map<PlainMetric, number>();
  for (const outcome of outcomes) {
    for (const metric of metricsOf(outcome)) counts.set(metric, (counts.get(metric) ?? 0) + 1);
    if (outcome.kind === 'failed') countFailure(outcome.target.cluster, outcome.error.code);
    if (outcome.kind === 'written') noteArrival(outcome);
  }
  for (const [metric, count] of counts) note(metric, count);
}

/** From the change that had waited longest, where an event told when it happened: be it pushed at once, tried again or a person's redrive. */
function noteArrival({ causes = [], at }: Extract<Outcome, { kind: 'written' }>): void {
  const [rotated] = causes.flatMap((cause) => cause.rotated ?? []);
  if (rotated !== undefined) noteTime(METRIC.propagation, rotated, at);
}

function metricsOf(outcome: Outcome): readonly PlainMetric[] {
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

/**
 * Counts what a sweep looked at, and what of that was as it should be. Both where anything was looked at, so that their quotient is never of two
 * different sweeps.
 */
export function countSwept(outcomes: readonly Outcome[]): void {
  if (outcomes.length === 0) return;
  note(METRIC.swept, outcomes.length);
  note(METRIC.sweptInSync, outcomes.filter(wasInSync).length);
}

/**
 * | outcome                                | was in sync                                           |
 * |----------------------------------------|-------------------------------------------------------|
 * | kept                                   | yes                                                   |
 * | skipped, for a sync window             | no: it holds another version than the source          |
 * | skipped otherwise                      | yes: nothing is to be done, as the declaration says   |
 * | written, deleted, failed               | no                                                    |
 */
function wasInSync(outcome: Outcome): boolean {
  return outcome.kind === 'kept' || (outcome.kind === 'skipped' && outcome.reason !== 'sync-window');
}

/** One failure by cluster and code, and one in all, which an alarm can watch without knowing either. */
export function countFailure(cluster: string, reason: string): void {
  note(METRIC.failed, 1);
  publish(METRIC.failedByReason, { cluster, reason }, 1);
}

/** Statuses and Events that could not be written. The Secrets are right, so that no alarm watches this one. */
export function countReportFailures(failures: readonly ReportFailure[]): void {
  if (failures.length > 0) note(METRIC.reportsFailed, failures.length);
}
