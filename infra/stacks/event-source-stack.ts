import { Duration, Stack } from 'aws-cdk-lib';
import type { StackProps } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { Deployment, Home } from '../../lambda/declarations/deployment.ts';
import type { CompiledConfig } from '../../lambda/model/config.ts';
import { cloudTrailPattern, labelUpdatedPattern } from '../event-patterns.ts';
import type { EventPattern } from '../event-patterns.ts';
import { forwardingBusArn } from '../event-sources.ts';

export interface EventSourceStackProps extends StackProps {
  readonly config: CompiledConfig;
  readonly deployment: Deployment;
  /** The relays that need events from here. */
  readonly homes: readonly Home[];
  /** This stack's account. */
  readonly account: string;
}

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
    const buses = props.homes.map((home) =>
      events.EventBus.fromEventBusArn(this, home.name, forwardingBusArn(deployment, home)),
    );
    const rule = (name: string, pattern: EventPattern): events.Rule =>
      new events.Rule(this, name, {
        description: 'Keyrelay: forwards events of secrets to the relay',
        eventPattern: {
          account: [...pattern.account],
          source: [...pattern.source],
          detailType: [...pattern['detail-type']],
          detail: pattern.detail,
        },
        targets: buses.map((bus) => new targets.EventBus(bus, { deadLetterQueue: undelivered })),
      });
    rule('LabelUpdated', labelUpdatedPattern({ config, deployment, accounts: [account] }));
    rule('CloudTrail', cloudTrailPattern({ accounts: [account] }));
  }
}
