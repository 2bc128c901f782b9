import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

export interface RelayQueuesProps {
  /** Encrypts what rests in the queues: names of secrets and clusters, never values. */
  readonly encryptionKey: kms.IKey;
  /** The longest that one delivery may take: the functions' timeouts. */
  readonly pushTimeout: Duration;
  readonly shardTimeout: Duration;
  readonly rolloutTimeout: Duration;
}

/**
 * Lambda asks for six times the function's timeout, so that a throttled batch is not delivered twice
 * (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html).
 */
const VISIBILITY_FACTOR = 6;
/** A target's own retries are messages of their own, with backoff: this counts whole batches that nobody could handle. */
export const MAX_RECEIVES = 10;

/** The queues between the triggers and the functions, and the one where what failed for good waits to be redriven. */
export class RelayQueues extends Construct {
  readonly push: sqs.Queue;
  readonly shard: sqs.Queue;
  readonly rollout: sqs.Queue;
  readonly deadLetter: sqs.Queue;

  constructor(scope: Construct, id: string, props: RelayQueuesProps) {
    super(scope, id);
    const shared = {
      encryption: sqs.QueueEncryption.KMS,
      encryptionMasterKey: props.encryptionKey,
      enforceSSL: true,
      removalPolicy: RemovalPolicy.DESTROY,
    };
    // Two weeks, the longest that there is: a weekend and a holiday may pass before somebody looks.
    this.deadLetter = new sqs.Queue(this, 'DeadLetter', { ...shared, retentionPeriod: Duration.days(14) });
    Validations.of(this.deadLetter).acknowledge({
      id: 'Serverless-SQSRedrivePolicy',
      reason: 'It is the end of the line: an alarm tells, and an operator redrives it.',
    });
    const deadLetterQueue = { queue: this.deadLetter, maxReceiveCount: MAX_RECEIVES };
    this.push = new sqs.Queue(this, 'Push', {
      ...shared,
      deadLetterQueue,
      visibilityTimeout: Duration.seconds(props.pushTimeout.toSeconds() * VISIBILITY_FACTOR),
      retentionPeriod: Duration.days(4),
    });
    this.shard = new sqs.Queue(this, 'Shard', {
      ...shared,
      deadLetterQueue,
      visibilityTimeout: Duration.seconds(props.shardTimeout.toSeconds() * VISIBILITY_FACTOR),
      // The next sweep makes them anew.
      retentionPeriod: Duration.days(1),
    });
    this.rollout = new sqs.Queue(this, 'Rollout', {
      ...shared,
      deadLetterQueue,
      visibilityTimeout: Duration.seconds(props.rolloutTimeout.toSeconds() * VISIBILITY_FACTOR),
      // The next sweep sees what is pending.
      retentionPeriod: Duration.days(1),
    });
  }
}
