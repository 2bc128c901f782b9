// `aws sqs …` as pages write it, by the SDK, for machines without AWS's command line: a command becomes the call of its name, an option the member of its
// name, `--query A.B --output text` prints one member. Endpoint and credentials come from the environment, as with the original.
import { SQS } from '@aws-sdk/client-sqs';
import { fieldsOf } from './resolved-template.ts';

const pascal = (words: string): string =>
  words.replaceAll(/(?:^|-)([a-z])/gu, (_, letter: string) => letter.toUpperCase());

const [service, command = '', ...rest] = process.argv.slice(2);
const options = new Map(
  rest.flatMap((word, at) => (word.startsWith('--') ? [[word.slice(2), rest[at + 1] ?? ''] as const] : [])),
);
const query = options.get('query');
const given = [...options].filter(([name]) => name !== 'query' && name !== 'output');
const input = Object.fromEntries(
  given.map(([name, value]) => [pascal(name), name.endsWith('-names') ? [value] : value]),
);

const sqs = new SQS();
const calls: Readonly<Record<string, () => Promise<unknown>>> = {
  'get-queue-attributes': () => sqs.getQueueAttributes({ QueueUrl: undefined, ...input }),
  'start-message-move-task': () => sqs.startMessageMoveTask({ SourceArn: undefined, ...input }),
};
const call = calls[command];
if (service !== 'sqs' || call === undefined)
  throw new Error(`not understood: ${process.argv.slice(2).join(' ')}`);
const answer = await call();
const member = (query ?? '').split('.').reduce<unknown>((found, name) => fieldsOf(found)[name], answer);
console.log(query === undefined ? JSON.stringify(answer) : String(member));
