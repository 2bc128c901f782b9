import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { SQS } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { always } from '../../../local/faults/plans.ts';
import { depthOf, sqsOf } from '../../../local/relay/queues.ts';
import { startFaultyRelay } from '../../support/faulty-relay.ts';
import type { FaultyRelay } from '../../support/faulty-relay.ts';
import { until } from '../../support/until.ts';

/** What an operator does after a cluster was down for longer than the queue tries: the command of docs/operations.md, as it stands there. */
const NAMES = ['a', 'b', 'c'];
const AWS_CLI = fileURLToPath(new URL('../../support/aws-cli.ts', import.meta.url));

let world: FaultyRelay;
let sqs: SQS;
let folder: string;

beforeAll(async () => {
  world = await startFaultyRelay({
    declared: new Map(NAMES.map((name) => [name, [name]])),
    maxReceiveCount: 2,
    visibilitySeconds: 1,
  });
  sqs = sqsOf(world.local.aws);
  folder = await mkdtemp(join(tmpdir(), 'keyrelay-redrive-'));
}, 900_000);

afterAll(async () => {
  sqs.destroy();
  await world.stop();
  await rm(folder, { recursive: true, force: true });
});

test('what a cluster that was down left in the dead-letter queue is brought about by the documented command', async () => {
  const { queues } = world.relay;
  const down = {
    kind: 'refusal',
    refusal: { status: 503, reason: 'ServiceUnavailable' },
    passed: 'not',
  } as const;
  world.proxy.use(always({}, down));
  for (const name of NAMES) await world.manager.putSecretValue({ SecretId: name, SecretString: 'fake-2' });
  await until(async () => (await depthOf(sqs, queues.deadLetter)) >= NAMES.length);
  await until(async () => (await depthOf(sqs, queues.push)) === 0);
  world.calm();
  expect(NAMES.map((name) => world.history(name).at(-1))).toEqual(NAMES.map((name) => `${name}=fake-1`));

  await run(await documentedCommand(), {
    DEAD_LETTER_QUEUE_URL: queues.deadLetter,
    PUSH_QUEUE_URL: queues.push,
  });

  await until(() => Promise.resolve(NAMES.every((name) => world.history(name).at(-1) === `${name}=fake-2`)));
  await world.relay.settled();
  expect(await depthOf(sqs, queues.deadLetter)).toBe(0);
  expect(NAMES.map((name) => world.history(name))).toEqual(
    NAMES.map((name) => [`${name}=fake-1`, `${name}=fake-2`]),
  );
});

/** The shell block of the section on redriving. */
async function documentedCommand(): Promise<string> {
  const page = await readFile(new URL('../../../docs/operations.md', import.meta.url), 'utf8');
  const [, section = ''] = page.split('\n## Redriving\n');
  const [, command] = /```sh\n([\s\S]*?)```/u.exec(section) ?? [];
  if (command === undefined) throw new Error('docs/operations.md has no command to redrive');
  return command;
}

/** Runs it in a shell that finds `aws`. */
async function run(command: string, variables: Readonly<Record<string, string>>): Promise<void> {
  const aws = join(folder, 'aws');
  await writeFile(aws, `#!/bin/sh\nexec '${process.execPath}' '${AWS_CLI}' "$@"\n`);
  await chmod(aws, 0o755);
  const PATH = [folder, process.env['PATH'] ?? ''].join(delimiter);
  await promisify(execFile)('sh', ['-euc', command], {
    env: { ...world.local.aws.env, AWS_REGION: world.local.aws.region, ...variables, PATH },
  });
}
