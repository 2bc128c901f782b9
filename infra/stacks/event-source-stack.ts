import { Duration, Stack, Validations } from 'aws-cdk-lib';
import type { StackProps } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { Deployment, Home } from '../../lambda/declarations/deployment.ts';
import type { CompiledConfig, Service } from '../../lambda/model/config.ts';
import { changeRules, patternProps } from '../event-patterns.ts';
import { forwardingBusArn } from '../event-sources.ts';

export interface EventSourceStackProps extends StackProps {
  readonly config: CompiledConfig;
  readonly deployment: Deployment;
  /** The relays that need events from here. */
  readonly homes: readonly Home[];
  /** The services that hold what is declared here. */
  readonly services: readonly Service[];
  /** This stack's account. */
  readonly account: string;
}

const UNDELIVERED =
  'It is the end of the line: what it holds is told by its alarm, and done by the next sweep.';

/**
 * Forwards the events of an account and region to the relays, which hear only their own default bus
 * (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-account.html).
 */
export class EventSourceStack extends Stack {
  constructor(scope: Construct, id: string, props: EventSourceStackProps) {
    super(scope, id, props);
    const { config, deployment, account } = props;
    const undelivered = new sqs.Queue(this, 'Undelivered', {
      encryption: sqs.QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    Validations.of(undelivered).acknowledge(
      { id: 'AwsSolutions-SQS3', reason: UNDELIVERED },
      { id: 'Serverless-SQSRedrivePolicy', reason: UNDELIVERED },
    );
    new cloudwatch.Alarm(this, 'UndeliveredAlarm', {
      alarmName: `${deployment.name}-undelivered`,
      alarmDescription:
        'Keyrelay: events could not be forwarded to the relay, which learns of the changes at its next sweep. Runbook: docs/operations.md#undelivered.',
      metric: undelivered.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(5) }),
      threshold: 0,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
    const buses = props.homes.map((home) =>
      events.EventBus.fromEventBusArn(this, home.name, forwardingBusArn(deployment, home)),
    );
    for (const { id: name, pattern } of changeRules(props.services, {
      config,
      deployment,
      accounts: [account],
    }))
      new events.Rule(this, name, {
        description: 'Keyrelay: forwards events of secrets to the relay',
        eventPattern: patternProps(pattern),
        targets: buses.map((bus) => new targets.EventBus(bus, { deadLetterQueue: undelivered })),
      });
  }
}
