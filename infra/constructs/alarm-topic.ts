import { Validations } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import type { Deployment } from '../../lambda/declarations/deployment.ts';

/** The topic that is declared, or one of the relay's own with the declared addresses. */
export function alarmTopic(scope: Construct, { alarms }: Deployment, masterKey: kms.IKey): sns.ITopic {
  if (alarms.topicArn !== undefined) return sns.Topic.fromTopicArn(scope, 'Topic', alarms.topicArn);
  const topic = new sns.Topic(scope, 'Topic', { displayName: 'Keyrelay', masterKey, enforceSSL: true });
  for (const address of alarms.emails) topic.addSubscription(new subscriptions.EmailSubscription(address));
  Validations.of(topic).acknowledge({
    id: 'Serverless-SNSRedrivePolicy',
    reason: 'SNS retries e-mail by itself, and the alarm stays visible on the dashboard.',
  });
  return topic;
}
