import { expect, test } from '@jest/globals';
import { createConnections } from '../../../lambda/cluster/connections.ts';
import type { Transport } from '../../../lambda/cluster/https-transport.ts';
import { FakeClock } from '../../support/fakes.ts';

const SECOND = 1000;

function start(describe?: () => Promise<{ url: string; ca: string }>) {
  const clock = new FakeClock();
  const log: string[] = [];
  let asked = 0;
  const connections = createConnections({
    clock,
    describe: () => {
      asked += 1;
      return describe?.() ?? Promise.resolve({ url: `https://endpoint-${asked}/`, ca: 'pem' });
    },
    open: ({ url }): Transport => ({
      send: () => Promise.reject(new Error('not sent in this test')),
      dropIdle: () => log.push(`drop ${url}`),
      close: () => log.push(`close ${url}`),
    }),
  });
  const pass = (ms: number): void => void (clock.time = new Date(clock.time.getTime() + ms));
  return { connections, log, pass, asked: () => asked };
}

test('requests that run at once, and those that follow, share one connection', async () => {
  const { connections, asked } = start();

  const [one, two] = await Promise.all([connections.current(), connections.current()]);
  const three = await connections.current();

  expect([two, three]).toEqual([one, one]);
  expect(one.url).toBe('https://endpoint-1');
  expect(asked()).toBe(1);
});

test('a description that failed is asked for again', async () => {
  let fails = true;
  const { connections } = start(() =>
    fails ? Promise.reject(new Error('no EKS')) : Promise.resolve({ url: 'https://e', ca: 'pem' }),
  );
  await expect(connections.current()).rejects.toThrow('no EKS');

  fails = false;

  await expect(connections.current()).resolves.toMatchObject({ url: 'https://e' });
});

test('an endpoint that proves wrong after a while is asked for again', async () => {
  const { connections, log, pass } = start();
  const first = await connections.current();
  pass(30 * SECOND);

  expect(connections.failed(first)).toBe('renewed');

  expect((await connections.current()).url).toBe('https://endpoint-2');
  expect(log).toEqual(['close https://endpoint-1/']);
});

test('an endpoint that was asked for moments ago is not asked for again: a cluster that is down stays one call', async () => {
  const { connections, asked, pass } = start();
  const first = await connections.current();
  pass(30 * SECOND - 1);

  expect(connections.failed(first)).toBe('same');

  expect(await connections.current()).toBe(first);
  expect(asked()).toBe(1);
});

test('requests that fail together renew the connection once', async () => {
  const { connections, asked, pass } = start();
  const first = await connections.current();
  pass(30 * SECOND);

  expect([connections.failed(first), connections.failed(first)]).toEqual(['renewed', 'renewed']);
  await connections.current();
  pass(30 * SECOND);
  expect(connections.failed(first)).toBe('renewed');

  await connections.current();
  expect(asked()).toBe(2);
});

test('after a pause the idle connections are dropped, which the server has ended by then', async () => {
  const { connections, log, pass } = start();
  await connections.current();
  pass(60 * SECOND);
  await connections.current();
  expect(log).toEqual([]);

  pass(60 * SECOND + 1);
  await connections.current();

  expect(log).toEqual(['drop https://endpoint-1/']);
});
