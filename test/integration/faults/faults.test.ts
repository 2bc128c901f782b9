import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { startFaultyRelay } from '../../support/faulty-relay.ts';
import type { FaultyRelay } from '../../support/faulty-relay.ts';
import { until } from '../../support/until.ts';
import { AWS_ROWS, CLUSTER_ROWS } from './fault-rows.ts';

/**
 * Each kind of fault, met by a bundled function on its way to a real API server and to AWS: what the relay makes of it, that the Secret is right
 * once the fault is over, and that it held nothing in between but the value before, whole, and the value after, whole.
 */
const TABLE = [...CLUSTER_ROWS, ...AWS_ROWS].map((row, n) => ({ ...row, name: `row-${n}` }));

let world: FaultyRelay;

beforeAll(async () => {
  const rows = TABLE.map(({ name }): [string, string[]] => [name, [name, `${name}-b`]]);
  world = await startFaultyRelay({ declared: new Map(rows) });
}, 900_000);

afterEach(() => world.calm());

afterAll(() => world.stop());

const rotate = (name: string) => world.manager.putSecretValue({ SecretId: name, SecretString: 'fake-2' });
const held = (name: string, data: string) =>
  until(() => Promise.resolve(world.history(name).at(-1) === data));
const failedWith = (name: string, code: string) =>
  until(() => Promise.resolve(world.codes(name).includes(code)));

test.each(TABLE)('$fault: $code', async ({ name, cluster, aws, code, also }) => {
  world.proxy.use(cluster?.(name));
  world.local.aws.chaos.use(aws?.(name));

  await rotate(name);
  if (code !== undefined) {
    await failedWith(name, code);
    world.calm();
  }
  await held(name, `${name}-b=fake-1 ${name}=fake-2`);

  expect(world.history(name)).toEqual([`${name}-b=fake-1 ${name}=fake-1`, `${name}-b=fake-1 ${name}=fake-2`]);
  expect(world.codes(name).filter((logged) => logged !== also)).toEqual(code === undefined ? [] : [code]);
});
