import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { matches } from '../../../local/faults/fault.ts';
import type { Fault, FaultPlan, Matching } from '../../../local/faults/fault.ts';
import { always } from '../../../local/faults/plans.ts';
import { startFaultyRelay } from '../../support/faulty-relay.ts';
import type { FaultyRelay } from '../../support/faulty-relay.ts';
import { until } from '../../support/until.ts';
import { AWS_ROWS, CLUSTER_ROWS } from './fault-rows.ts';

/**
 * Each kind of fault, met by a bundled function on its way to a real API server and to AWS: what the relay makes of it, that the Secret is right
 * once the fault is over, and that it held nothing in between but the value before, whole, and the value after, whole.
 */
/** Of the tests below, whose faults are met in an order of their own. */
const MORE = ['lag', 'queue-refuses', 'queue-in-part'] as const;
const TABLE = [...CLUSTER_ROWS, ...AWS_ROWS].map((row, n) => ({ ...row, name: `row-${n}` }));

let world: FaultyRelay;

beforeAll(async () => {
  const rows = TABLE.map(({ name }): [string, string[]] => [name, [name, `${name}-b`]]);
  const others = MORE.map((name): [string, string[]] => [name, [name]]);
  world = await startFaultyRelay({ declared: new Map([...rows, ...others]) });
}, 900_000);

afterEach(() => world.calm());

afterAll(() => world.stop());

const rotate = (name: string, value = 'fake-2') =>
  world.manager.putSecretValue({ SecretId: name, SecretString: value });
const held = (name: string, data: string) =>
  until(() => Promise.resolve(world.history(name).at(-1) === data));
const failedWith = (name: string, code: string) =>
  until(() => Promise.resolve(world.codes(name).includes(code)));

test.each(TABLE)('$fault: $code', async ({ name, cluster, aws, trouble, code, also }) => {
  world.proxy.use(cluster?.(name));
  world.local.aws.chaos.use(aws?.(name));
  if (trouble !== undefined) await world.suffer(trouble);

  await rotate(name);
  if (code !== undefined) {
    await failedWith(name, code);
    world.calm();
  }
  await held(name, `${name}-b=fake-1 ${name}=fake-2`);

  expect(world.history(name)).toEqual([`${name}-b=fake-1 ${name}=fake-1`, `${name}-b=fake-1 ${name}=fake-2`]);
  expect(world.codes(name).filter((logged) => logged !== also)).toEqual(code === undefined ? [] : [code]);
});

test('a cache of the API server that lags leads to a conflict and a new look, and nothing goes backwards', async () => {
  const path = /\/secrets\/lag(?:\?|$)/u;
  await rotate('lag');
  await held('lag', 'lag=fake-2');
  await world.relay.settled();
  const writes = counted(() => undefined, { action: 'apply', path });
  const lagging = always({ action: 'get', path }, { kind: 'stale' });
  world.proxy.use((seen) => writes.plan(seen) ?? (writes.count() === 0 ? lagging(seen) : undefined));

  await rotate('lag', 'fake-3');
  await held('lag', 'lag=fake-3');

  expect(world.history('lag')).toEqual(['lag=fake-1', 'lag=fake-2', 'lag=fake-3']);
  expect(writes.count()).toBe(2);
  expect(world.codes('lag')).toEqual([]);
});

test.each([
  {
    name: 'queue-refuses',
    fault: { kind: 'refusal', refusal: { status: 400, reason: 'ThrottlingException' }, passed: 'not' },
    calls: 4,
  },
  { name: 'queue-in-part', fault: { kind: 'degraded' }, calls: 1 },
] as const)(
  'a target that the queue does not take back is not lost: $fault.kind',
  async ({ name, fault, calls }) => {
    const send = { action: 'SendMessageBatch' };
    const sends = counted(always(send, fault), send);
    world.proxy.use(always({ action: 'get', path: new RegExp(`/secrets/${name}`, 'u') }, BROKEN));
    world.local.aws.chaos.use(sends.plan);

    await rotate(name);
    await until(() => Promise.resolve(sends.count() >= calls));
    world.calm();

    await held(name, `${name}=fake-2`);
    expect(world.history(name)).toEqual([`${name}=fake-1`, `${name}=fake-2`]);
  },
);

const BROKEN: Fault = {
  kind: 'refusal',
  refusal: { status: 503, reason: 'ServiceUnavailable' },
  passed: 'not',
};

/** A plan, and how many requests of a kind it saw. */
function counted(plan: FaultPlan, matching: Matching) {
  let count = 0;
  const counting: FaultPlan = (seen) => {
    if (matches(matching, seen)) count += 1;
    return plan(seen);
  };
  return { plan: counting, count: () => count };
}
