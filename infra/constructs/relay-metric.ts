import type { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { METRIC, METRIC_NAMESPACE } from '../../lambda/contract.ts';
import type { Metric } from '../../lambda/contract.ts';

/**
 * How much of what sweeps looked at was as it should be, in percent: what they had to write, could not write or had to leave is the rest. Without a
 * value where nothing was swept.
 */
export function inSyncShare(service: string, period: Duration): cloudwatch.MathExpression {
  const sum = (metric: Metric): cloudwatch.Metric =>
    relayMetric(service, metric, { statistic: 'Sum', period });
  return new cloudwatch.MathExpression({
    label: 'in sync',
    expression: '100 * inSync / swept',
    usingMetrics: { inSync: sum(METRIC.sweptInSync), swept: sum(METRIC.swept) },
    period,
  });
}

/** A metric of the relay, which Powertools writes with the dimension `service`. */
export function relayMetric(
  service: string,
  { name: metricName }: Metric,
  options: cloudwatch.MetricOptions,
): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace: METRIC_NAMESPACE,
    metricName,
    dimensionsMap: { service },
    ...options,
  });
}
