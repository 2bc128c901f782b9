import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { RelayError } from '../../../lambda/errors.ts';
import type { Tracing } from '../../../lambda/model/ports.ts';
import { tracedSqs } from '../../../lambda/queue/traced-sqs.ts';
import { sendAll } from '../../../lambda/queue/sqs-queue.ts';
import { createTracing } from '../../../lambda/telemetry/tracing.ts';
import { FakeSqs } from '../../support/fake-sqs.ts';
import { until } from '../../support/until.ts';
import { TRACED, startXrayDaemon } from '../../support/xray-daemon.ts';
import type { Subsegment, XrayDaemon } from '../../support/xray-daemon.ts';

const db = { cluster: 'dev', namespace: 'shop', name: 'db' };
let daemon: XrayDaemon;
/** The real library, which sends to the daemon. */
let traced: Tracing;
let untraced: Tracing;

beforeAll(async () => {
  daemon = await startXrayDaemon();
  const environment = { ...TRACED.env, AWS_XRAY_DAEMON_ADDRESS: daemon.address };
  Object.assign(process.env, environment);
  traced = await createTracing(environment);
  untraced = await createTracing({});
});

afterAll(() => daemon.close());

/** What the daemon is sent of the step with this name. */
const sent = (name: string): Promise<Subsegment> =>
  until(() => Promise.resolve(daemon.subsegments().find((segment) => segment.name === name)));

describe.each(['traced', 'untraced'] as const)('a step that is %s', (which) => {
  const tracing = (): Tracing => ({ traced, untraced })[which];

  test('gives what it runs', async () => {
    await expect(tracing().step('observe', db, () => Promise.resolve('seen'))).resolves.toBe('seen');
  });

  test('fails as what it runs fails', async () => {
    const failure = new Error('as it is');

    await expect(tracing().step('observe', db, () => Promise.reject(failure))).rejects.toBe(failure);
  });
});

describe('X-Ray is told', () => {
  test('what a step is about and what came of it, as part of the function’s trace', async () => {
    await traced.step('render', { ...db, what: 'test' }, () => Promise.resolve(3), String);

    expect(await sent('render')).toMatchObject({
      trace_id: TRACED.root,
      parent_id: TRACED.parent,
      fault: false,
      annotations: { ...db, what: 'test', outcome: '3' },
    });
  });

  test.each([
    {
      name: 'foreseen',
      failure: new RelayError('CLUSTER_THROTTLED', 'canary-7d1'),
      code: 'CLUSTER_THROTTLED',
    },
    { name: 'unforeseen', failure: new Error('canary-7d1'), code: 'UNEXPECTED' },
  ])('that a step failed, by its code and no text: $name', async ({ name, failure, code }) => {
    await expect(traced.step(name, { cluster: 'dev' }, () => Promise.reject(failure))).rejects.toBe(failure);

    expect(await sent(name)).toMatchObject({ fault: true, annotations: { cluster: 'dev', outcome: code } });
    expect(daemon.datagrams.join('')).not.toContain('canary-7d1');
  });

  test('that one step is within another', async () => {
    await traced.step('outer', {}, () => traced.step('inner', {}, () => Promise.resolve()));

    expect((await sent('inner')).parent_id).toBe((await sent('outer')).id);
  });

  test('no more of a subject than it takes, and nothing where there is none', async () => {
    await traced.step('long', { namespace: 'n'.repeat(2000), name: '' }, () => Promise.resolve());

    expect((await sent('long')).annotations).toEqual({ namespace: 'n'.repeat(1000), outcome: 'done' });
  });
});

describe('a message', () => {
  test('of a traced function belongs to the step that sends it', async () => {
    const sqs = new FakeSqs();

    await sendAll(tracedSqs(sqs, traced), 'https://sqs.test/1/queue', [{ body: 'one', delaySeconds: 0 }]);

    const { id, annotations } = await sent('send');
    expect(annotations).toEqual({ what: 'queue', outcome: 'done' });
    expect(sqs.batches[0]?.Entries).toMatchObject([
      {
        MessageBody: 'one',
        MessageSystemAttributes: {
          AWSTraceHeader: {
            DataType: 'String',
            StringValue: `Root=${TRACED.root};Parent=${id};Sampled=1`,
          },
        },
      },
    ]);
  });

  test('of any other names no trace', async () => {
    const sqs = new FakeSqs();

    await sendAll(tracedSqs(sqs, untraced), 'queue', [{ body: 'one', delaySeconds: 0 }]);

    expect(sqs.batches[0]?.Entries).toEqual([{ Id: '0', MessageBody: 'one', DelaySeconds: 0 }]);
  });

  test('that is not taken is said', async () => {
    const sqs = new FakeSqs();
    sqs.refuses = () => true;

    expect(await sendAll(tracedSqs(sqs, traced), 'q', [{ body: 'one', delaySeconds: 0 }])).toEqual(
      new Set([0]),
    );
  });
});

/** In a process of its own, which has loaded nothing else. */
const SCRIPT = `
  import { createRequire } from 'node:module';
  import { createTracing } from '${fileURLToPath(new URL('../../../lambda/telemetry/tracing.ts', import.meta.url))}';
  await createTracing({ AWS_XRAY_DAEMON_ADDRESS: process.argv[1] });
  const loaded = Object.keys(createRequire(import.meta.url).cache);
  console.log(loaded.some((path) => path.includes('aws-xray-sdk-core')) ? 'loaded' : 'not loaded');
`;

test.each([
  { where: 'nothing is traced', address: [], library: 'not loaded' },
  { where: 'the function is traced', address: ['127.0.0.1:2000'], library: 'loaded' },
])('where $where, the library is $library', ({ address, library }) => {
  const out = execFileSync(process.execPath, ['--input-type=module', '-e', SCRIPT, '--', ...address], {
    env: { NODE_NO_WARNINGS: '1' },
    encoding: 'utf8',
  });

  expect(out.trim()).toBe(library);
});
