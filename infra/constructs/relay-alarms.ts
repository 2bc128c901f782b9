import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import type * as events from 'aws-cdk-lib/aws-events';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { METRIC } from '../../lambda/contract.ts';
import { lastSweeps, scheduleSeconds } from '../schedule.ts';
import { inSyncShare, relayMetric } from './relay-metric.ts';
import type { RelayQueues } from './relay-queues.ts';

export interface RelayAlarmsProps {
  /** Dimension `service` of the relay's metrics, and beginning of the alarms' names. */
  readonly name: string;
  readonly topic: sns.ITopic;
  readonly queues: RelayQueues;
  readonly functions: {
    readonly push: lambda.IFunction;
    readonly reconcile: lambda.IFunction;
    readonly shard: lambda.IFunction;
    readonly rollout: lambda.IFunction;
  };
  readonly rules: readonly events.IRule[];
  /** EventBridge expression. */
  readonly schedule: string;
  readonly propagationSeconds: number;
}

const RUNBOOK = 'docs/operations.md';
/** Percent. What changed since the last sweep and no event told of is far less; one Secret of ten that is repaired each time is not. */
const IN_SYNC = 95;

interface AlarmSpec {
  readonly metric: cloudwatch.IMetric;
  readonly description: string;
  readonly threshold: number;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm?: number;
  readonly comparison?: cloudwatch.ComparisonOperator;
  readonly missing?: cloudwatch.TreatMissingData;
}

/** What somebody must know of; each alarm says what to do. */
export class RelayAlarms extends Construct {
  readonly alarms: readonly cloudwatch.Alarm[];

  constructor(scope: Construct, id: string, props: RelayAlarmsProps) {
    super(scope, id);
    const specs = { ...failureAlarms(props), ...delayAlarms(props), ...platformAlarms(props) };
    this.alarms = Object.entries(specs).map(([name, spec]) => this.alarm(name, spec, props));
  }

  private alarm(id: string, spec: AlarmSpec, { name, topic }: RelayAlarmsProps): cloudwatch.Alarm {
    const alarm = new cloudwatch.Alarm(this, id, {
      alarmName: `${name}-${id}`,
      alarmDescription: `${spec.description} Runbook: ${RUNBOOK}#${id}.`,
      metric: spec.metric,
      threshold: spec.threshold,
      evaluationPeriods: spec.evaluationPeriods,
      ...(spec.datapointsToAlarm === undefined ? {} : { datapointsToAlarm: spec.datapointsToAlarm }),
      comparisonOperator: spec.comparison ?? cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: spec.missing ?? cloudwatch.TreatMissingData.NOT_BREACHING,
    });
    const notify = new actions.SnsAction(topic);
    alarm.addAlarmAction(notify);
    alarm.addOkAction(notify);
    return alarm;
  }
}

function failureAlarms({ name, queues, schedule }: RelayAlarmsProps): Readonly<Record<string, AlarmSpec>> {
  const { period: seconds, periods, sweeps } = lastSweeps(schedule);
  const period = Duration.seconds(seconds);
  return {
    'dead-letters': {
      metric: queues.deadLetter.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1) }),
      description:
        'A change could not be delivered and waits in the dead-letter queue: see why in the logs, cure it, redrive the queue.',
      threshold: 0,
      evaluationPeriods: 1,
    },
    // One failed interval may be an API server that restarted; the retries have passed by the next.
    'push-failures': {
      metric: relayMetric(name, METRIC.failed, { statistic: 'Sum', period }),
      description:
        'Secrets fail to be written in sweep after sweep: TargetsFailedByReason tells the cluster and the reason.',
      threshold: 0,
      evaluationPeriods: 2,
    },
    // In one sweep, what is newly declared is written too.
    'in-sync': {
      metric: inSyncShare(name, period),
      description: `Sweep after sweep, less than ${IN_SYNC} % of the Secrets is found in sync: events do not arrive, somebody else changes the Secrets, or they cannot be written.`,
      threshold: IN_SYNC,
      comparison: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: periods,
      datapointsToAlarm: sweeps,
    },
    'rollout-failures': {
      metric: relayMetric(name, METRIC.rolloutFailed, { statistic: 'Sum', period: Duration.minutes(5) }),
      description:
        'Workloads were restarted for a changed Secret and did not become available: pods may hold the previous value. The log names them.',
      threshold: 0,
      evaluationPeriods: 1,
    },
    // A receipt that is refused for good is refused once.
    'receipt-failures': {
      metric: relayMetric(name, METRIC.receiptsFailed, { statistic: 'Sum', period: Duration.minutes(5) }),
      description:
        'The event bus did not take receipts: whoever waits for them is not told of changes, or later. The log says why.',
      threshold: 0,
      evaluationPeriods: 1,
    },
  };
}

function delayAlarms({
  name,
  queues,
  functions,
  schedule,
  propagationSeconds,
}: RelayAlarmsProps): Readonly<Record<string, AlarmSpec>> {
  const { period: seconds, periods, sweeps } = lastSweeps(schedule);
  const period = Duration.seconds(seconds);
  return {
    'reconcile-age': {
      metric: new cloudwatch.MathExpression({
        label: 'sweeps begun',
        expression: 'invocations - errors',
        usingMetrics: {
          invocations: functions.reconcile.metricInvocations({ period }),
          errors: functions.reconcile.metricErrors({ period }),
        },
        period,
      }),
      description:
        'No sweep has begun for two intervals: drift and lost events go unnoticed. See the reconcile function and its rule.',
      threshold: 1,
      comparison: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: periods,
      missing: cloudwatch.TreatMissingData.BREACHING,
    },
    'sweep-duration': {
      metric: relayMetric(name, METRIC.sweepDuration, { statistic: 'Maximum', period }),
      description:
        'Sweeps take longer than the interval between two of them: they overlap, and what they repair is repaired late.',
      threshold: scheduleSeconds(schedule) * 1000,
      evaluationPeriods: periods,
      datapointsToAlarm: sweeps,
    },
    propagation: {
      metric: relayMetric(name, METRIC.propagation, { statistic: 'p99', period: Duration.minutes(5) }),
      description:
        'Changed secrets take long to arrive in the clusters: see throttles, the age of the push queue and failing clusters.',
      threshold: propagationSeconds * 1000,
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
    },
    'queue-age': {
      metric: queues.push.metricApproximateAgeOfOldestMessage({
        period: Duration.minutes(5),
        statistic: 'Maximum',
      }),
      description:
        'Changes wait in the push queue: the push function fails, is throttled or has too little concurrency.',
      threshold: 900,
      evaluationPeriods: 2,
    },
    // A message may be meant to wait for up to 15 minutes.
    'rollout-age': {
      metric: queues.rollout.metricApproximateAgeOfOldestMessage({
        period: Duration.minutes(5),
        statistic: 'Maximum',
      }),
      description:
        'Rollouts wait in their queue: the rollout function fails, is throttled or does not reach a cluster.',
      threshold: 1800,
      evaluationPeriods: 2,
    },
  };
}

function platformAlarms({ functions, rules }: RelayAlarmsProps): Readonly<Record<string, AlarmSpec>> {
  const period = Duration.minutes(5);
  const all = [functions.push, functions.reconcile, functions.shard, functions.rollout];
  const sum = (label: string, metrics: readonly cloudwatch.IMetric[]): cloudwatch.MathExpression =>
    new cloudwatch.MathExpression({
      label,
      expression: metrics.map((_, index) => `m${index}`).join(' + '),
      usingMetrics: Object.fromEntries(metrics.map((metric, index) => [`m${index}`, metric])),
      period,
    });
  return {
    throttles: {
      metric: sum(
        'throttles',
        all.map((item) => item.metricThrottles({ period })),
      ),
      description: 'Lambda refuses invocations: raise the account’s concurrency, or lower the relay’s.',
      threshold: 0,
      evaluationPeriods: 3,
    },
    errors: {
      metric: sum(
        'errors',
        all.map((item) => item.metricErrors({ period })),
      ),
      description: 'A function ended with an error or ran out of time: see its log.',
      threshold: 0,
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
    },
    'failed-invocations': {
      metric: sum(
        'failed invocations',
        rules.map(
          (rule) =>
            new cloudwatch.Metric({
              namespace: 'AWS/Events',
              metricName: 'FailedInvocations',
              dimensionsMap: { RuleName: rule.ruleName },
              statistic: 'Sum',
              period,
            }),
        ),
      ),
      description: 'EventBridge could not hand over events: see the policies of the queues and of their key.',
      threshold: 0,
      evaluationPeriods: 1,
    },
  };
}
