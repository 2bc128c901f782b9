import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import * as cloudtrail from 'aws-cdk-lib/aws-cloudtrail';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';

/**
 * A trail of write management events, for accounts without one: EventBridge gets CloudTrail's events only where a trail is logging
 * (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html). Its files are kept for a month.
 */
export class ManagementTrail extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const bucket = new s3.Bucket(this, 'Bucket', {
      encryption: s3.BucketEncryption.S3_MANAGED,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      versioned: true,
      lifecycleRules: [{ expiration: Duration.days(31), noncurrentVersionExpiration: Duration.days(1) }],
      // An audit log is nobody's to delete with a stack.
      removalPolicy: RemovalPolicy.RETAIN,
    });
    Validations.of(bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'The bucket of the trail itself: logging its access would log the logging.',
    });
    const trail = new cloudtrail.Trail(this, 'Trail', {
      // @ts-expect-error CDK's Bucket and IBucket differ in how they spell an absent property.
      bucket,
      isMultiRegionTrail: false,
      includeGlobalServiceEvents: false,
      managementEvents: cloudtrail.ReadWriteType.WRITE_ONLY,
      enableFileValidation: true,
    });
    Validations.of(trail).acknowledge({
      id: 'Serverless-CloudTrail',
      reason: 'Management events only: they are all that tells of secrets.',
    });
  }
}
