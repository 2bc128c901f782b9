import { forward, jsonAnswer, jsonError, membersOf } from './exchange.ts';
import type { Answer, Incoming } from './exchange.ts';

/**
 * The answer to sqs:StartMessageMoveTask, which moto lacks (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html).
 * AWS moves in the background; here all is moved when the answer comes.
 */
export async function moveMessages(moto: string, incoming: Incoming): Promise<Answer> {
  const { SourceArn, DestinationArn } = membersOf(incoming.body);
  const [from, to] = [queueOf(moto, SourceArn), queueOf(moto, DestinationArn)];
  if (from === undefined || to === undefined)
    return jsonError(400, 'InvalidParameterValue', 'the ARNs of both queues are needed');
  const call = async (action: string, body: object): Promise<Readonly<Record<string, unknown>>> => {
    const headers = { ...incoming.headers, 'x-amz-target': `AmazonSQS.${action}` };
    const answer = await forward(moto, { ...incoming, headers, body: JSON.stringify(body) });
    if (answer.status !== 200) throw new Error(`${action} was answered ${answer.status}`);
    return membersOf(answer.body);
  };
  for (;;) {
    const { Messages } = await call('ReceiveMessage', { QueueUrl: from, MaxNumberOfMessages: 10 });
    if (!Array.isArray(Messages) || Messages.length === 0) break;
    for (const message of Messages.map((item: unknown) => membersOf(JSON.stringify(item)))) {
      await call('SendMessage', { QueueUrl: to, MessageBody: message['Body'] });
      await call('DeleteMessage', { QueueUrl: from, ReceiptHandle: message['ReceiptHandle'] });
    }
  }
  return jsonAnswer(200, { TaskHandle: 'local' });
}

/** The URL of a queue at the emulator: `arn:aws:sqs:REGION:ACCOUNT:NAME`. */
function queueOf(moto: string, arn: unknown): string | undefined {
  const [, account, name] = /^arn:aws:sqs:[^:]+:(\d+):([^:]+)$/u.exec(String(arn)) ?? [];
  return name === undefined ? undefined : `${moto}/${account ?? ''}/${name}`;
}
