import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { EventBridge } from '@aws-sdk/client-eventbridge';
import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { SQS } from '@aws-sdk/client-sqs';
import { randomUUID } from 'node:crypto';
import { membersOf } from '../../../local/aws/facade/exchange.ts';
import { startAws } from '../../../local/aws/start-aws.ts';
import type { LocalAws } from '../../../local/aws/start-aws.ts';
import { silentProgress } from '../../../local/progress.ts';
import { startReaper } from '../../../local/reaper.ts';
import type { Reaper } from '../../../local/reaper.ts';

const MAX_RECEIVES = 2;

let reaper: Reaper;
let aws: LocalAws;
let secrets: SecretsManager;
let events: EventBridge;
let sqs: SQS;
/** Part of every name of one test, so that tests on one emulator do not meet. */
let id: string;
let queue: string;
let deadLetters: string;

beforeAll(async () => {
  reaper = await startReaper();
  aws = await startAws({ progress: silentProgress, reaper, region: 'eu-west-1' });
  const credentials = { accessKeyId: 'AKIALOCAL', secretAccessKey: 'any' };
  const client = { endpoint: aws.endpoint, region: aws.region, credentials };
  secrets = new SecretsManager(client);
  events = new EventBridge(client);
  sqs = new SQS(client);
});

afterAll(async () => {
  for (const client of [secrets, events, sqs]) client.destroy();
  await aws.stop();
  await reaper.release();
});

beforeEach(async () => {
  id = `test-${randomUUID()}`;
  deadLetters = await createQueue('dead', {});
  const redrive = { deadLetterTargetArn: await arnOf(deadLetters), maxReceiveCount: MAX_RECEIVES };
  queue = await createQueue('queue', { RedrivePolicy: JSON.stringify(redrive) });
  const pattern = {
    source: ['aws.secretsmanager'],
    'detail-type': ['Secret Label Updated'],
    detail: { name: [{ prefix: `${id}/` }] },
  };
  await events.putRule({ Name: id, EventPattern: JSON.stringify(pattern) });
  await events.putTargets({ Rule: id, Targets: [{ Id: 'queue', Arn: await arnOf(queue) }] });
});

describe('the event of a moved label', () => {
  test('is what AWS documents, whole', async () => {
    const { ARN = '', VersionId } = await secrets.createSecret({ Name: `${id}/db`, SecretString: 'fake-1' });

    const [event] = await receiveEvents();

    expect(event).toEqual({
      version: '0',
      id: expect.stringMatching(/^[\da-f-]{36}$/u),
      'detail-type': 'Secret Label Updated',
      source: 'aws.secretsmanager',
      account: '123456789012',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/u),
      region: 'eu-west-1',
      resources: [ARN],
      detail: { name: `${id}/db`, labelUpdated: 'AWSCURRENT', versionId: VersionId },
    });
  });

  test('comes once for each change of the value, in their order', async () => {
    const { VersionId: created } = await secrets.createSecret({ Name: `${id}/db`, SecretString: 'fake-1' });
    const { VersionId: put } = await secrets.putSecretValue({ SecretId: `${id}/db`, SecretString: 'fake-2' });
    const { VersionId: updated } = await secrets.updateSecret({
      SecretId: `${id}/db`,
      SecretString: 'fake-3',
    });

    expect(await receiveMoves()).toEqual([created, put, updated].map((version) => ['AWSCURRENT', version]));
  });

  test('of a rotation comes when the label moves, not when the version appears', async () => {
    const { VersionId: first } = await secrets.createSecret({ Name: `${id}/db`, SecretString: 'fake-1' });
    const { VersionId: second } = await secrets.putSecretValue({
      SecretId: `${id}/db`,
      SecretString: 'fake-2',
      VersionStages: ['AWSPENDING'],
    });
    expect(await receiveMoves()).toEqual([['AWSCURRENT', first]]);

    await secrets.updateSecretVersionStage({
      SecretId: `${id}/db`,
      VersionStage: 'AWSCURRENT',
      RemoveFromVersionId: first,
      MoveToVersionId: second,
    });

    expect(await receiveMoves()).toEqual([['AWSCURRENT', second]]);
  });

  test('comes for a label of one’s own too', async () => {
    const { VersionId: first } = await secrets.createSecret({ Name: `${id}/db`, SecretString: 'fake-1' });
    await receiveEvents();

    await secrets.updateSecretVersionStage({
      SecretId: `${id}/db`,
      VersionStage: 'BLUE',
      MoveToVersionId: first,
    });

    expect(await receiveMoves()).toEqual([['BLUE', first]]);
  });

  test('names its own version where changes are made at the same time', async () => {
    await secrets.createSecret({ Name: `${id}/db`, SecretString: 'fake-0' });
    await receiveEvents();

    const changes = Array.from({ length: 5 }, (_, n) =>
      secrets.putSecretValue({ SecretId: `${id}/db`, SecretString: `fake-${n + 1}` }),
    );
    const versions = (await Promise.all(changes)).map(({ VersionId }) => VersionId);

    const moves = await receiveMoves();
    expect(moves.map(([, version]) => version).sort()).toEqual(versions.sort());
  });

  test('does not come where no label moved, nor for a secret that the rule does not match', async () => {
    const token = randomUUID();
    await secrets.createSecret({ Name: `${id}/db`, SecretString: 'fake-1', ClientRequestToken: token });
    await receiveEvents();

    await secrets.createSecret({ Name: `other-${id}`, SecretString: 'fake-1' });
    await secrets.putSecretValue({ SecretId: `${id}/db`, SecretString: 'fake-1', ClientRequestToken: token });
    await secrets.updateSecret({ SecretId: `${id}/db`, Description: 'a database' });
    await secrets.tagResource({ SecretId: `${id}/db`, Tags: [{ Key: 'team', Value: 'shop' }] });
    await secrets.deleteSecret({ SecretId: `${id}/db`, RecoveryWindowInDays: 7 });
    await secrets.restoreSecret({ SecretId: `${id}/db` });

    expect(await receiveEvents()).toEqual([]);
  });
});

describe('a queue', () => {
  test('hides a received message until it is given back, and counts how often it was received', async () => {
    await sqs.sendMessage({ QueueUrl: queue, MessageBody: 'hello' });

    const first = await receive(queue);
    const hidden = await receive(queue);
    await giveBack(first[0]?.ReceiptHandle);
    const second = await receive(queue);

    expect(
      [first, hidden, second].map((messages) => messages.map((message) => message.Attributes)),
    ).toMatchObject([[{ ApproximateReceiveCount: '1' }], [], [{ ApproximateReceiveCount: '2' }]]);
  });

  test('moves a message that was received too often to the dead-letter queue', async () => {
    await sqs.sendMessage({ QueueUrl: queue, MessageBody: 'poison' });
    for (let n = 0; n < MAX_RECEIVES; n += 1) {
      const [message] = await receive(queue);
      await giveBack(message?.ReceiptHandle);
    }

    expect(await receive(queue)).toEqual([]);
    expect(await receive(deadLetters)).toMatchObject([{ Body: 'poison' }]);
  });

  test('holds a delayed message back, and then gives it', async () => {
    await sqs.sendMessage({ QueueUrl: queue, MessageBody: 'later', DelaySeconds: 1 });

    const now = await receive(queue);
    const { Messages: later } = await sqs.receiveMessage({ QueueUrl: queue, WaitTimeSeconds: 20 });

    expect(now).toEqual([]);
    expect(later).toMatchObject([{ Body: 'later' }]);
  });

  test('no longer has a message that was deleted', async () => {
    await sqs.sendMessage({ QueueUrl: queue, MessageBody: 'done' });
    const [message] = await receive(queue);
    await giveBack(message?.ReceiptHandle);
    const [again] = await receive(queue);

    await sqs.deleteMessage({ QueueUrl: queue, ReceiptHandle: again?.ReceiptHandle });

    const { Attributes } = await sqs.getQueueAttributes({ QueueUrl: queue, AttributeNames: ['All'] });
    expect(Attributes).toMatchObject({
      ApproximateNumberOfMessages: '0',
      ApproximateNumberOfMessagesNotVisible: '0',
    });
  });
});

async function createQueue(suffix: string, attributes: Readonly<Record<string, string>>): Promise<string> {
  const { QueueUrl = '' } = await sqs.createQueue({
    QueueName: `${id}-${suffix}`,
    // Longer than any test: a message comes back only when it is given back.
    Attributes: { VisibilityTimeout: '600', ...attributes },
  });
  return QueueUrl;
}

async function arnOf(url: string): Promise<string> {
  const { Attributes } = await sqs.getQueueAttributes({ QueueUrl: url, AttributeNames: ['QueueArn'] });
  return Attributes?.['QueueArn'] ?? '';
}

async function receive(url: string) {
  const { Messages = [] } = await sqs.receiveMessage({
    QueueUrl: url,
    MaxNumberOfMessages: 10,
    MessageSystemAttributeNames: ['All'],
  });
  return Messages;
}

async function giveBack(handle: string | undefined): Promise<void> {
  await sqs.changeMessageVisibility({ QueueUrl: queue, ReceiptHandle: handle, VisibilityTimeout: 0 });
}

/** The events that are in the queue now: the emulator delivers before it answers the change. */
async function receiveEvents(): Promise<readonly unknown[]> {
  return (await receive(queue)).map(({ Body = '' }): unknown => JSON.parse(Body));
}

/** Label and version of each event. */
async function receiveMoves(): Promise<readonly (readonly unknown[])[]> {
  return (await receive(queue)).map(({ Body = '' }) => {
    const { labelUpdated, versionId } = membersOf(JSON.stringify(membersOf(Body)['detail']));
    return [labelUpdated, versionId];
  });
}
