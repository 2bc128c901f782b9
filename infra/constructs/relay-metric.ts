import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { METRIC_NAMESPACE } from '../../lambda/contract.ts';
import type { Metric } from '../../lambda/contract.ts';

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
