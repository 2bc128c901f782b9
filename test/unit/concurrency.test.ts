import { describe, expect, test } from '@jest/globals';
import { createGate, mapLimited } from '../../lambda/concurrency.ts';

/** Runs that end when the test says so. */
function gates() {
  const open: (() => void)[] = [];
  const begun: number[] = [];
  const run = (item: number): Promise<string> => {
    begun.push(item);
    return new Promise((resolve) => open.push(() => resolve(`done ${item}`)));
  };
  return { begun, open, run, openNext: () => open.shift()?.() };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('no more than the limit run at once, and a free place is taken at once', async () => {
  const { begun, open, run, openNext } = gates();

  const all = mapLimited([1, 2, 3, 4], 2, run);
  expect(begun).toEqual([1, 2]);
  openNext();
  await settle();
  expect(begun).toEqual([1, 2, 3]);

  while (open.length > 0) {
    openNext();
    await settle();
  }
  expect(await all).toEqual(['done 1', 'done 2', 'done 3', 'done 4']);
});

test('results keep the order of the items, whichever ends first', async () => {
  const results = await mapLimited([3, 1, 2], 3, async (item) => {
    for (let turn = 0; turn < item; turn += 1) await settle();
    return item;
  });

  expect(results).toEqual([3, 1, 2]);
});

test('after a failure nothing further begins, and the whole fails with its reason', async () => {
  const begun: number[] = [];

  const all = mapLimited([1, 2, 3], 1, (item) => {
    begun.push(item);
    return item === 2 ? Promise.reject(new Error('broken')) : Promise.resolve(item);
  });

  await expect(all).rejects.toThrow('broken');
  expect(begun).toEqual([1, 2]);
});

test.each([
  { items: [], limit: 4, results: [] },
  { items: [1], limit: 4, results: [1] },
  { items: [1, 2], limit: 0, results: [1, 2] },
])('with $items.length items and limit $limit none is lost', async ({ items, limit, results }) => {
  expect(await mapLimited(items, limit, (item) => Promise.resolve(item))).toEqual(results);
});

describe('a gate', () => {
  test('lets several loops together do no more at once than one would', async () => {
    const gate = createGate(2);
    let running = 0;
    let most = 0;
    const task = (): Promise<void> =>
      gate(async () => {
        running += 1;
        most = Math.max(most, running);
        await settle();
        running -= 1;
      });

    await Promise.all([mapLimited([1, 2, 3], 3, task), mapLimited([4, 5, 6], 3, task)]);

    expect([most, running]).toEqual([2, 0]);
  });

  test('begins what it is asked for in the order of asking', async () => {
    const gate = createGate(1);
    const begun: number[] = [];

    await Promise.all([1, 2, 3].map((n) => gate(() => Promise.resolve(begun.push(n)))));

    expect(begun).toEqual([1, 2, 3]);
  });

  test('is not held shut by what failed', async () => {
    const gate = createGate(1);

    await expect(gate(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');

    expect(await gate(() => Promise.resolve('passed'))).toBe('passed');
  });
});
