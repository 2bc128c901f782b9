import type { Context, SQSEvent } from 'aws-lambda';
import { toSqsEvent } from '../../local/relay/queues.ts';

/** What Lambda tells a function of an invocation with a minute left. */
export const context: Context = {
  callbackWaitsForEmptyEventLoop: false,
  functionName: 'test',
  functionVersion: '1',
  invokedFunctionArn: 'arn',
  memoryLimitInMB: '512',
  awsRequestId: 'request',
  logGroupName: 'group',
  logStreamName: 'stream',
  getRemainingTimeInMillis: () => 60_000,
  /* eslint-disable @typescript-eslint/no-deprecated -- the type asks for what nobody calls */
  done: () => undefined,
  fail: () => undefined,
  succeed: () => undefined,
  /* eslint-enable @typescript-eslint/no-deprecated */
};

/** A batch of messages: `m0`, `m1` and so on. */
export function eventOf(...bodies: readonly string[]): SQSEvent {
  return toSqsEvent(
    bodies.map((Body, n) => ({ MessageId: `m${n}`, ReceiptHandle: `r${n}`, Body })),
    'eu-west-1',
  );
}

/** The answer that has these messages delivered again, and no others. */
export function failing(...ids: readonly string[]) {
  return { batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) };
}

/** Secrets Manager's native event of a new current version. */
export function labelEvent(name = 'shop/db', id = 'event-1'): string {
  return JSON.stringify({
    id,
    'detail-type': 'Secret Label Updated',
    source: 'aws.secretsmanager',
    account: '111122223333',
    time: '2025-01-01T00:00:00Z',
    region: 'eu-west-1',
    resources: [],
    detail: { name, labelUpdated: 'AWSCURRENT', versionId: 'version-1' },
  });
}
