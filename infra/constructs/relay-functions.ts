import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import * as logs from 'aws-cdk-lib/aws-logs';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { ENV } from '../../lambda/contract.ts';
import type { FunctionName } from '../bundle.ts';
import { NODE_OPTIONS } from '../node-options.ts';
import type { RelayNetwork } from './relay-network.ts';
import { networkStatement } from './relay-network.ts';
import { acknowledgeTracing, acknowledgeNetwork } from './acknowledgements.ts';
import { MAX_RECEIVES } from './relay-queues.ts';
import type { RelayQueues } from './relay-queues.ts';

/** A batch is handled well within these; whatever is not finished is handed back before the end. */
export const TIMEOUT = {
  push: Duration.seconds(60),
  reconcile: Duration.seconds(60),
  'reconcile-shard': Duration.minutes(5),
  rollout: Duration.seconds(60),
} as const satisfies Record<FunctionName, Duration>;

/**
 * Processor time comes with memory (https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html). The relay needs less than
 * 256 MB (bench/README.md); a push is about latency, and most of a cold start is parsing code.
 */
const MEMORY_MB = {
  push: 1024,
  reconcile: 512,
  'reconcile-shard': 1024,
  rollout: 512,
} as const satisfies Record<FunctionName, number>;

export interface RelayFunctionsProps {
  /** Beginning of the functions' names. */
  readonly name: string;
  /** Folder with one folder for each function: `index.mjs` and `config.json`. */
  readonly code: string;
  /** Of push, reconcile-shard and rollout, which call clusters. */
  readonly role: iam.Role;
  readonly queues: RelayQueues;
  readonly encryptionKey: kms.IKey;
  /** 12 digits. */
  readonly account: string;
  readonly network: RelayNetwork | undefined;
  readonly logRetention: logs.RetentionDays;
  /** How many batches of events are handled at once, 2 to 1000. */
  readonly pushConcurrency: number;
  /** How many shards are reconciled at once, 2 to 1000. */
  readonly shardConcurrency: number;
}

/** The four functions, from the same bundles that the tests run. */
export class RelayFunctions extends Construct {
  readonly push: lambda.Function;
  readonly reconcile: lambda.Function;
  readonly shard: lambda.Function;
  readonly rollout: lambda.Function;

  constructor(scope: Construct, id: string, props: RelayFunctionsProps) {
    super(scope, id);
    const { queues, role } = props;
    const reconcileRole = new iam.Role(this, 'ReconcileRole', {
      description: 'Keyrelay: cuts a sweep into shards; it reads no secret and reaches no cluster',
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
    });
    this.push = this.function('push', role, props);
    this.shard = this.function('reconcile-shard', role, props);
    this.rollout = this.function('rollout', role, props);
    this.reconcile = this.function('reconcile', reconcileRole, props);
    allowSending(role, [queues.push, queues.rollout, queues.deadLetter], props.encryptionKey);
    allowSending(reconcileRole, [queues.shard, queues.deadLetter], props.encryptionKey);
    // EventBridge invokes it asynchronously: what fails for good would be gone with a log line.
    const reconcile = this.reconcile.node.defaultChild;
    if (reconcile instanceof lambda.CfnFunction)
      reconcile.deadLetterConfig = { targetArn: queues.deadLetter.queueArn };
    // One second: the events of one change (native and CloudTrail's) come together and become one push. A queue that is busy fills the
    // batch before that. The limit on concurrency is the event source's own, so that what waits stays in the queue and is not throttled
    // into the dead-letter queue (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html).
    this.push.addEventSource(
      new SqsEventSource(queues.push, {
        batchSize: 10,
        maxBatchingWindow: Duration.seconds(1),
        reportBatchItemFailures: true,
        maxConcurrency: props.pushConcurrency,
      }),
    );
    this.shard.addEventSource(
      new SqsEventSource(queues.shard, {
        batchSize: 1,
        reportBatchItemFailures: true,
        maxConcurrency: props.shardConcurrency,
      }),
    );
    // The messages of one cluster that come together become one visit; two at a time, the least that there is, so that few coincide.
    this.rollout.addEventSource(
      new SqsEventSource(queues.rollout, {
        batchSize: 10,
        maxBatchingWindow: Duration.seconds(1),
        reportBatchItemFailures: true,
        maxConcurrency: 2,
      }),
    );
    this.acknowledgeSources();
  }

  private acknowledgeSources(): void {
    for (const scope of [this.push, this.shard, this.rollout])
      Validations.of(scope).acknowledge(
        {
          id: 'Serverless-LambdaDLQ',
          reason: 'SQS invokes it synchronously: the queue has the dead-letter queue.',
        },
        {
          id: 'Serverless-LambdaEventSourceMappingDestination',
          reason: 'What cannot be handled goes to the dead-letter queue of the queue that it came from.',
        },
      );
  }

  /** All of them, for what concerns each. */
  all(): readonly lambda.Function[] {
    return [this.push, this.reconcile, this.shard, this.rollout];
  }

  private function(name: FunctionName, role: iam.Role, props: RelayFunctionsProps): lambda.Function {
    const { queues, network } = props;
    const nodeOptions = NODE_OPTIONS[name];
    const functionName = `${props.name}-${name}`;
    const logGroup = new logs.LogGroup(this, `${name}-logs`, {
      logGroupName: `/aws/lambda/${functionName}`,
      retention: props.logRetention,
      encryptionKey: props.encryptionKey,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    logGroup.grantWrite(role);
    if (network !== undefined) role.addToPolicy(networkStatement());
    acknowledgeTracing(role);
    if (network !== undefined) acknowledgeNetwork(role);
    return new lambda.Function(this, name, {
      functionName,
      description: DESCRIPTION[name],
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      handler: 'index.handler',
      code: lambda.Code.fromAsset(`${props.code}/${name}`),
      memorySize: MEMORY_MB[name],
      timeout: TIMEOUT[name],
      role,
      logGroup,
      tracing: lambda.Tracing.ACTIVE,
      ...(network === undefined ? {} : network.placement),
      environment: {
        [ENV.account]: props.account,
        [ENV.pushQueue]: queues.push.queueUrl,
        [ENV.shardQueue]: queues.shard.queueUrl,
        [ENV.rolloutQueue]: queues.rollout.queueUrl,
        [ENV.deadLetterQueue]: queues.deadLetter.queueUrl,
        [ENV.maxReceives]: String(MAX_RECEIVES),
        POWERTOOLS_SERVICE_NAME: props.name,
        POWERTOOLS_LOG_LEVEL: 'INFO',
        ...(nodeOptions === undefined ? {} : { NODE_OPTIONS: nodeOptions }),
      },
    });
  }
}

const DESCRIPTION = {
  push: 'Keyrelay: pushes a changed secret to the clusters that declare it',
  reconcile: 'Keyrelay: begins a sweep over everything that is declared',
  'reconcile-shard': 'Keyrelay: reconciles one namespace of one cluster, or collects what nobody declares',
  rollout: 'Keyrelay: restarts the workloads whose Secrets changed, and follows them to the last pod',
} as const satisfies Record<FunctionName, string>;

/** By hand and not by `grantSendMessages`, which would add wildcards for the key. */
function allowSending(role: iam.Role, queues: readonly sqs.Queue[], key: kms.IKey): void {
  role.addToPolicy(
    new iam.PolicyStatement({
      actions: ['sqs:SendMessage'],
      resources: queues.map(({ queueArn }) => queueArn),
    }),
  );
  // SQS sends with a data key of the queue's own (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html).
  role.addToPolicy(
    new iam.PolicyStatement({ actions: ['kms:GenerateDataKey', 'kms:Decrypt'], resources: [key.keyArn] }),
  );
}
