import { EventBridge } from '@aws-sdk/client-eventbridge';
import { SQS } from '@aws-sdk/client-sqs';
import type { Message } from '@aws-sdk/client-sqs';
import type { LocalAws } from '../aws/start-aws.ts';

/** The queues of a deployment, as the stacks make them. */
export interface Queues {
  readonly push: string;
  readonly shard: string;
  readonly rollout: string;
  readonly deadLetter: string;
}

export interface QueueOptions {
  /** Part of every name, so that deployments on one emulator do not meet. */
  readonly name: string;
  readonly visibilitySeconds: number;
  readonly maxReceiveCount: number;
}

/** An SQS client of the emulator's administrator. */
export function sqsOf({ env, region }: LocalAws): SQS {
  return new SQS({ endpoint: endpointOf(env), region, credentials: credentialsOf(env) });
}

/** Endpoint and credentials of the emulator, for any client. */
export function clientOptions({ env, region }: LocalAws) {
  return { endpoint: endpointOf(env), region, credentials: credentialsOf(env) };
}

/** Makes the queues, and the rule that sends the stores' native events to the push queue. */
export async function createQueues(
  aws: LocalAws,
  { name, visibilitySeconds, maxReceiveCount }: QueueOptions,
): Promise<Queues> {
  const sqs = sqsOf(aws);
  const create = async (suffix: string, deadLetter?: string): Promise<string> => {
    const redrive =
      deadLetter === undefined
        ? {}
        : {
            RedrivePolicy: JSON.stringify({
              deadLetterTargetArn: await arnOf(sqs, deadLetter),
              maxReceiveCount,
            }),
          };
    const { QueueUrl = '' } = await sqs.createQueue({
      QueueName: `${name}-${suffix}`,
      Attributes: { VisibilityTimeout: String(visibilitySeconds), ...redrive },
    });
    return QueueUrl.replace(/^http:\/\/[^/]+/u, aws.endpoint);
  };
  const deadLetter = await create('dead');
  const queues = {
    deadLetter,
    push: await create('push', deadLetter),
    shard: await create('shard', deadLetter),
    rollout: await create('rollout', deadLetter),
  };
  const events = new EventBridge(clientOptions(aws));
  const rules = [
    {
      Name: name,
      source: 'aws.secretsmanager',
      pattern: { 'detail-type': ['Secret Label Updated'], detail: { labelUpdated: ['AWSCURRENT'] } },
    },
    {
      Name: `${name}-parameters`,
      source: 'aws.ssm',
      pattern: { 'detail-type': ['Parameter Store Change'] },
    },
  ];
  const target = { Id: 'push', Arn: await arnOf(sqs, queues.push) };
  for (const { Name, source, pattern } of rules) {
    await events.putRule({ Name, EventPattern: JSON.stringify({ source: [source], ...pattern }) });
    await events.putTargets({ Rule: Name, Targets: [target] });
  }
  events.destroy();
  sqs.destroy();
  return queues;
}

async function arnOf(sqs: SQS, queueUrl: string): Promise<string> {
  const { Attributes } = await sqs.getQueueAttributes({ QueueUrl: queueUrl, AttributeNames: ['QueueArn'] });
  return Attributes?.['QueueArn'] ?? '';
}

/** Messages of a queue: those that wait, those that somebody has received, and those that are held back. */
export async function depthOf(sqs: SQS, queueUrl: string): Promise<number> {
  const names = [
    'ApproximateNumberOfMessages',
    'ApproximateNumberOfMessagesNotVisible',
    'ApproximateNumberOfMessagesDelayed',
  ] as const;
  const { Attributes = {} } = await sqs.getQueueAttributes({
    QueueUrl: queueUrl,
    AttributeNames: [...names],
  });
  return names.reduce((sum, attribute) => sum + Number(Attributes[attribute] ?? 0), 0);
}

/** What Lambda hands to a function for received messages (https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html). */
export function toSqsEvent(messages: readonly Message[], region: string) {
  return {
    Records: messages.map(({ MessageId = '', ReceiptHandle = '', Body = '', Attributes = {} }) => ({
      messageId: MessageId,
      receiptHandle: ReceiptHandle,
      body: Body,
      attributes: {
        ApproximateReceiveCount: '1',
        SentTimestamp: '0',
        SenderId: 'local',
        ApproximateFirstReceiveTimestamp: '0',
        ...Attributes,
      },
      messageAttributes: {},
      md5OfBody: '',
      eventSource: 'aws:sqs',
      eventSourceARN: '',
      awsRegion: region,
    })),
  };
}

function endpointOf(env: LocalAws['env']): string {
  return env['AWS_ENDPOINT_URL'] ?? '';
}

function credentialsOf(env: LocalAws['env']): { accessKeyId: string; secretAccessKey: string } {
  return { accessKeyId: env['AWS_ACCESS_KEY_ID'] ?? '', secretAccessKey: env['AWS_SECRET_ACCESS_KEY'] ?? '' };
}
