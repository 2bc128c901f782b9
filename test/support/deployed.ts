import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EventBridge } from '@aws-sdk/client-eventbridge';
import type { SQS } from '@aws-sdk/client-sqs';
import { clientOptions, sqsOf } from '../../local/relay/queues.ts';
import { startPump } from '../../local/relay/pump.ts';
import { startFunction } from '../../local/relay/start-function.ts';
import type { LocalFunction } from '../../local/relay/start-function.ts';
import type { Local } from '../../local/start-local.ts';
import { fieldsOf } from './resolved-template.ts';
import type { Resource } from './resolved-template.ts';

type Resources = ReadonlyMap<string, Resource>;

/** What CloudFormation makes of a template on the local environment, as far as the relay's templates go. */
export interface Deployed {
  /** By FunctionName, or by logical id where it has none. */
  readonly functions: ReadonlyMap<string, LocalFunction>;
  stop(): Promise<void>;
}

/**
 * Makes the queues, the rules and the functions of a template: queues with their attributes, rules with their patterns and targets, functions
 * from CDK's own assets with the template's environment and as the template's roles, fed as its event source mappings say.
 */
export async function deploy(local: Local, resources: Resources, assembly: string): Promise<Deployed> {
  const sqs = sqsOf(local.aws);
  await createQueues(sqs, resources);
  await createRules(local, resources);
  const functions = new Map<string, LocalFunction>();
  for (const [id, { Properties }] of ofType(resources, 'AWS::Lambda::Function'))
    if (Properties['Handler'] === 'index.handler')
      functions.set(id, await functionOf(local, id, Properties, assembly));
  const pumps = ofType(resources, 'AWS::Lambda::EventSourceMapping').map(([, { Properties }]) => {
    const target = functions.get(String(Properties['FunctionName']));
    const named = [...functions].find(([id]) => nameOf(resources, id) === Properties['FunctionName'])?.[1];
    const run = target ?? named;
    if (run === undefined) throw new Error(`no function ${String(Properties['FunctionName'])}`);
    return startPump({
      sqs,
      queueUrl: urlOf(local, String(Properties['EventSourceArn']).split(':').at(-1) ?? ''),
      region: local.aws.region,
      batchSize: Number(Properties['BatchSize']),
      target: () => run,
    });
  });
  return {
    functions: new Map([...functions].map(([id, item]) => [nameOf(resources, id), item])),
    stop: async () => {
      await Promise.all(pumps.map((pump) => pump.stop()));
      await Promise.all([...functions.values()].map((item) => item.stop()));
      sqs.destroy();
    },
  };
}

function ofType(resources: Resources, type: string): readonly (readonly [string, Resource])[] {
  return [...resources].filter(([, { Type }]) => Type === type);
}

function nameOf(resources: Resources, id: string): string {
  const name = resources.get(id)?.Properties['FunctionName'];
  return typeof name === 'string' ? name : id;
}

function urlOf({ aws }: Local, name: string): string {
  return `${aws.endpoint}/${aws.account}/${name}`;
}

const QUEUE_ATTRIBUTES = ['VisibilityTimeout', 'MessageRetentionPeriod', 'KmsMasterKeyId'];

/** A queue that others fall back on comes first. */
async function createQueues(sqs: SQS, resources: Resources): Promise<void> {
  const queues = ofType(resources, 'AWS::SQS::Queue').toSorted(
    ([, a], [, b]) => Number('RedrivePolicy' in a.Properties) - Number('RedrivePolicy' in b.Properties),
  );
  for (const [id, { Properties }] of queues) {
    const plain = QUEUE_ATTRIBUTES.flatMap((name) =>
      textsOf(Properties[name]).map((text) => [name, text] as const),
    );
    const { RedrivePolicy: redrive } = Properties;
    await sqs.createQueue({
      QueueName: id,
      Attributes: {
        ...Object.fromEntries(plain),
        ...(redrive === undefined ? {} : { RedrivePolicy: JSON.stringify(redrive) }),
      },
    });
  }
}

function textsOf(value: unknown): readonly string[] {
  return typeof value === 'string' || typeof value === 'number' ? [String(value)] : [];
}

async function createRules(local: Local, resources: Resources): Promise<void> {
  const events = new EventBridge(clientOptions(local.aws));
  for (const [id, { Properties }] of ofType(resources, 'AWS::Events::Rule')) {
    const { EventPattern: pattern, Targets: targets } = Properties;
    if (pattern === undefined) continue;
    await events.putRule({
      Name: id,
      EventPattern: JSON.stringify(pattern),
    });
    const list = Array.isArray(targets) ? targets.map(fieldsOf) : [];
    await events.putTargets({
      Rule: id,
      Targets: list.map(({ Id, Arn }) => ({ Id: String(Id), Arn: String(Arn) })),
    });
  }
  events.destroy();
}

async function functionOf(
  local: Local,
  id: string,
  properties: Resource['Properties'],
  assembly: string,
): Promise<LocalFunction> {
  const { aws } = local;
  const key = String(fieldsOf(properties['Code'])['S3Key']).replace('.zip', '');
  const variables = Object.entries(fieldsOf(fieldsOf(properties['Environment'])['Variables'])).map(
    ([name, value]) =>
      [name, String(value).replace(`https://sqs.${aws.region}.amazonaws.com`, aws.endpoint)] as const,
  );
  const credentials = await aws.assumeRole(String(properties['Role']), id.slice(0, 60));
  return startFunction({
    name: id,
    bundle: join(assembly, `asset.${key}`, 'index.mjs'),
    env: {
      ...Object.fromEntries(variables),
      AWS_ENDPOINT_URL: aws.endpoint,
      AWS_REGION: aws.region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_SESSION_TOKEN: credentials.sessionToken,
    },
  });
}

/** A template of an assembly, as text of CloudFormation. */
export function templateIn(assembly: string, stack: string): Record<string, unknown> {
  const value: unknown = JSON.parse(readFileSync(join(assembly, `${stack}.template.json`), 'utf8'));
  return { ...fieldsOf(value) };
}
