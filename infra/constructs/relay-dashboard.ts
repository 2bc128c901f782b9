import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { METRIC, METRIC_NAMESPACE } from '../../lambda/contract.ts';
import type { Metric } from '../../lambda/contract.ts';
import { inSyncShare, relayMetric } from './relay-metric.ts';
import type { RelayQueues } from './relay-queues.ts';

export interface RelayDashboardProps {
  /** Dimension `service` of the relay's metrics, and name of the dashboard. */
  readonly name: string;
  readonly queues: RelayQueues;
  readonly functions: readonly lambda.Function[];
  readonly alarms: readonly cloudwatch.Alarm[];
}

const HALF = 12;

/** Three questions at a glance: is everything in sync, how long does a change take to arrive, what is failing and where. */
export class RelayDashboard extends Construct {
  constructor(scope: Construct, id: string, props: RelayDashboardProps) {
    super(scope, id);
    const dashboard = new cloudwatch.Dashboard(this, 'Dashboard', {
      dashboardName: props.name,
      defaultInterval: Duration.days(1),
    });
    dashboard.addWidgets(
      new cloudwatch.AlarmStatusWidget({ title: 'Alarms', alarms: [...props.alarms], width: 24, height: 3 }),
    );
    dashboard.addWidgets(...syncWidgets(props));
    dashboard.addWidgets(...sweepWidgets(props));
    dashboard.addWidgets(...arrivalWidgets(props));
    dashboard.addWidgets(...rolloutWidgets(props));
    dashboard.addWidgets(...failureWidgets(props));
    dashboard.addWidgets(...callWidgets(props));
    dashboard.addWidgets(...functionWidgets(props));
  }
}

function graph(title: string, left: readonly cloudwatch.IMetric[], label?: string): cloudwatch.GraphWidget {
  return new cloudwatch.GraphWidget({
    title,
    width: HALF,
    height: 6,
    left: [...left],
    leftYAxis: { min: 0, ...(label === undefined ? {} : { label, showUnits: false }) },
  });
}

function syncWidgets({ name }: RelayDashboardProps): readonly cloudwatch.IWidget[] {
  const sum = (metric: Metric, label: string): cloudwatch.Metric =>
    relayMetric(name, metric, { statistic: 'Sum', period: Duration.hours(1), label });
  return [
    graph('Is everything in sync? Secrets by outcome, per hour', [
      sum(METRIC.inSync, 'in sync'),
      sum(METRIC.written, 'written'),
      sum(METRIC.failed, 'failed'),
    ]),
    graph('Repaired and removed, per hour', [
      sum(METRIC.driftRepaired, 'drift repaired'),
      sum(METRIC.deleted, 'deleted'),
    ]),
  ];
}

function sweepWidgets({ name }: RelayDashboardProps): readonly cloudwatch.IWidget[] {
  const period = Duration.hours(1);
  return [
    graph('How much was in sync before the sweep?', [inSyncShare(name, period)], '%'),
    graph(
      'How long does a sweep take?',
      [relayMetric(name, METRIC.sweepDuration, { statistic: 'Maximum', period, label: 'whole sweep' })],
      'ms',
    ),
  ];
}

function arrivalWidgets({ name, queues }: RelayDashboardProps): readonly cloudwatch.IWidget[] {
  const latency = (statistic: string): cloudwatch.Metric =>
    relayMetric(name, METRIC.propagation, { statistic, period: Duration.minutes(5), label: statistic });
  return [
    graph('How long does a change take to arrive?', ['p50', 'p99', 'max'].map(latency), 'ms'),
    graph(
      'How long do changes wait?',
      [queues.push, queues.shard, queues.rollout].map((queue) =>
        queue.metricApproximateAgeOfOldestMessage({ period: Duration.minutes(1), statistic: 'Maximum' }),
      ),
      's',
    ),
  ];
}

function rolloutWidgets({ name }: RelayDashboardProps): readonly cloudwatch.IWidget[] {
  const period = Duration.minutes(5);
  const sum = (metric: Metric, label: string): cloudwatch.Metric =>
    relayMetric(name, metric, { statistic: 'Sum', period, label });
  return [
    graph(
      'How long until the last pod has a change?',
      ['p50', 'p99', 'max'].map((statistic) =>
        relayMetric(name, METRIC.podPropagation, { statistic, period, label: statistic }),
      ),
      'ms',
    ),
    graph('Rollouts', [
      sum(METRIC.restarted, 'workloads restarted'),
      sum(METRIC.rolledOut, 'complete'),
      sum(METRIC.rolloutFailed, 'failed'),
    ]),
  ];
}

/** A line for each value of the metric's own dimensions: which there are is not known before. */
function lines(name: string, { name: metric, by }: Metric): cloudwatch.MathExpression {
  const schema = [METRIC_NAMESPACE, ...[...by, 'service'].toSorted()].join(',');
  const search = `SEARCH('{${schema}} MetricName="${metric}" service="${name}"', 'Sum', 300)`;
  return new cloudwatch.MathExpression({ expression: search, label: '', period: Duration.minutes(5) });
}

function callWidgets({ name }: RelayDashboardProps): readonly cloudwatch.IWidget[] {
  const sum = (metric: Metric, label: string): cloudwatch.Metric =>
    relayMetric(name, metric, { statistic: 'Sum', period: Duration.minutes(5), label });
  return [
    graph('Which APIs are called, and how often?', [lines(name, METRIC.apiCalls)]),
    graph('What could not be told?', [
      sum(METRIC.receiptsFailed, 'receipts'),
      sum(METRIC.reportsFailed, 'statuses and Events'),
    ]),
  ];
}

function failureWidgets({ name, queues }: RelayDashboardProps): readonly cloudwatch.IWidget[] {
  return [
    graph('What is failing, and where?', [lines(name, METRIC.failedByReason)]),
    graph('Dead letters', [
      queues.deadLetter.metricApproximateNumberOfMessagesVisible({
        period: Duration.minutes(1),
        statistic: 'Maximum',
      }),
    ]),
  ];
}

function functionWidgets({ functions }: RelayDashboardProps): readonly cloudwatch.IWidget[] {
  const period = Duration.minutes(5);
  return [
    graph(
      'Functions: duration, p99',
      functions.map((item) => item.metricDuration({ period, statistic: 'p99' })),
      'ms',
    ),
    graph(
      'Functions: errors and throttles',
      functions.flatMap((item) => [item.metricErrors({ period }), item.metricThrottles({ period })]),
    ),
  ];
}
