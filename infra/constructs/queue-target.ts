import { Duration } from 'aws-cdk-lib';
import type * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as sqs from 'aws-cdk-lib/aws-sqs';

/** EventBridge tries for so long where the queue does not take an event, and then gives it to the dead-letter queue. */
const MAX_AGE = Duration.hours(24);

/**
 * A queue as target of a rule, and of no other rule than those bound to it. CDK's own (`targets.SqsQueue`) admits every rule of the account
 * to an encrypted queue, and puts conditions on the use of the key that EventBridge does not fulfil
 * (https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services); `serviceKey` grants the key.
 */
export function queueTarget(queue: sqs.IQueue, deadLetter: sqs.IQueue): events.IRuleTarget {
  return {
    bind: (rule) => {
      admitRule(queue, rule);
      admitRule(deadLetter, rule);
      return {
        arn: queue.queueArn,
        deadLetterConfig: { arn: deadLetter.queueArn },
        retryPolicy: { maximumEventAgeInSeconds: MAX_AGE.toSeconds() },
      };
    },
  };
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-sqs-permissions */
function admitRule(queue: sqs.IQueue, rule: events.IRuleRef): void {
  queue.addToResourcePolicy(
    new iam.PolicyStatement({
      principals: [new iam.ServicePrincipal('events.amazonaws.com')],
      actions: ['sqs:SendMessage'],
      resources: [queue.queueArn],
      conditions: { ArnEquals: { 'aws:SourceArn': rule.ruleRef.ruleArn } },
    }),
  );
}
