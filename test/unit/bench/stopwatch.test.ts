import { expect, test } from '@jest/globals';
import { createStopwatch } from '../../../bench/stopwatch.ts';

test('calls side by side count once, what is between calls does not, and failures count too', async () => {
  let now = 0;
  const stopwatch = createStopwatch(() => now);
  const ends: (() => void)[] = [];
  const port = stopwatch.watch({
    name: 'a port',
    call: () => new Promise<void>((resolve) => void ends.push(resolve)),
    fail: () => Promise.reject(new Error('refused')),
  });
  const end = async (done: Promise<unknown>): Promise<void> => {
    ends.shift()?.();
    await done;
  };

  const first = port.call();
  now = 10;
  const second = port.call();
  now = 15;
  await end(first);
  now = 30;
  await end(second);
  now = 100;
  await expect(port.fail()).rejects.toThrow('refused');

  expect(port.name).toBe('a port');
  expect(stopwatch.elapsed()).toBe(30);
  stopwatch.reset();
  expect(stopwatch.elapsed()).toBe(0);
});
