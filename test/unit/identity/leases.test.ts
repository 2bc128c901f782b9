import { expect, test } from '@jest/globals';
import { createLeases } from '../../../lambda/identity/leases.ts';
import type { Lease } from '../../../lambda/identity/leases.ts';
import { FakeClock } from '../../support/fakes.ts';

function start() {
  const clock = new FakeClock();
  const leases = createLeases<string>(clock);
  let made = 0;
  const make = (): Promise<Lease<string>> => {
    made += 1;
    return Promise.resolve({ value: `value-${made}`, until: clock.now().getTime() + 1000 });
  };
  const pass = (ms: number): void => void (clock.time = new Date(clock.time.getTime() + ms));
  return { leases, make, pass, made: () => made };
}

test('what is good is made once, and again when it has ended', async () => {
  const { leases, make, pass } = start();

  expect(await leases('a', make)).toBe('value-1');
  pass(999);
  expect(await leases('a', make)).toBe('value-1');
  pass(1);
  expect(await leases('a', make)).toBe('value-2');
});

test('many that ask at once get the same, before there is any and after it has ended', async () => {
  const { leases, make, pass, made } = start();

  const first = await Promise.all(Array.from({ length: 50 }, () => leases('a', make)));
  pass(1000);
  const second = await Promise.all(Array.from({ length: 50 }, () => leases('a', make)));

  expect([new Set(first).size, new Set(second).size, made()]).toEqual([1, 1, 2]);
});

test('each key has its own', async () => {
  const { leases, make } = start();

  expect(await Promise.all([leases('a', make), leases('b', make)])).toEqual(['value-1', 'value-2']);
});

test('a failure is everybody’s who waited, and is not kept', async () => {
  const { leases, make } = start();
  const fail = (): Promise<Lease<string>> => Promise.reject(new Error('no'));

  const both = await Promise.allSettled([leases('a', fail), leases('a', make)]);

  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await leases('a', make)).toBe('value-1');
});
