import { describe, expect, test } from '@jest/globals';
import { nextPace, startingPace } from '../../../lambda/cluster/pace-limit.ts';
import type { PaceState } from '../../../lambda/cluster/pace-limit.ts';
import { createPace } from '../../../lambda/cluster/pace.ts';
import type { Outcome } from '../../../lambda/cluster/retry-policy.ts';
import { FakeClock } from '../../support/fakes.ts';

const MAX = 16;

function after(
  state: PaceState,
  signs: readonly (readonly [number | undefined, number])[],
  everyMs = 2000,
): PaceState {
  return signs.reduce(
    (held, [status, ms], index) => nextPace(held, { status, ms, now: (index + 1) * everyMs }, MAX),
    state,
  );
}

const times = <T>(count: number, value: T): readonly T[] => Array.from({ length: count }, () => value);

describe('the limit', () => {
  test.each([
    { what: 'a fast answer', signs: times(1, [200, 10] as const), limit: 16 },
    { what: '429', signs: times(1, [429, 10] as const), limit: 8 },
    { what: '429 again and again', signs: times(9, [429, 10] as const), limit: 1 },
    { what: 'no answer', signs: times(3, [undefined, 10] as const), limit: 16 },
    { what: 'answers that are slow from the first', signs: times(30, [200, 900] as const), limit: 16 },
    {
      what: 'answers that are slower, but fast',
      signs: [[200, 1], ...times(30, [200, 100] as const)] as const,
      limit: 16,
    },
  ])('is $limit after $what', ({ signs, limit }) => {
    expect(after(startingPace(MAX), signs).limit).toBe(limit);
  });

  test('falls when answers take many times what they took', () => {
    const calm = after(startingPace(MAX), times(20, [200, 20] as const));

    expect(after(calm, times(20, [200, 2000] as const)).limit).toBeLessThan(4);
  });

  test('is lowered once for many refusals of one moment', () => {
    expect(after(startingPace(MAX), times(5, [429, 10] as const), 10).limit).toBe(8);
  });

  test('comes back, a step for each round of answers', () => {
    const halved = nextPace(startingPace(MAX), { status: 429, ms: 1, now: 0 }, MAX);

    expect(after(halved, times(8, [200, 10] as const)).limit).toBeCloseTo(9, 0);
    expect(after(halved, times(500, [200, 10] as const)).limit).toBe(MAX);
  });
});

const answer = (status: number): Outcome => ({ kind: 'answer', response: { status, headers: {}, body: '' } });

describe('a pace', () => {
  const signal = new AbortController().signal;

  test('runs no more at once than the limit, in the order of asking', async () => {
    const pace = createPace(2, new FakeClock());
    const begun: number[] = [];
    const ends: (() => void)[] = [];
    const all = [0, 1, 2, 3].map((n) =>
      pace.run(
        () => {
          begun.push(n);
          return new Promise((resolve) => ends.push(() => resolve(answer(200))));
        },
        true,
        signal,
      ),
    );
    await Promise.resolve();
    const first = [...begun];
    ends[1]?.();
    await all[1];
    await Promise.resolve();

    expect(first).toEqual([0, 1]);
    expect(begun).toEqual([0, 1, 2]);
    for (let n = 0; n < 4; n += 1) {
      ends[n]?.();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect((await Promise.all(all)).length).toBe(4);
  });

  test('slows down after 429, and not for a list that takes long', async () => {
    const clock = new FakeClock();
    const pace = createPace(8, clock);
    await pace.run(() => Promise.resolve(answer(200)), true, signal);
    await pace.run(() => clock.sleep(60_000, signal).then(() => answer(200)), false, signal);
    const before = pace.limit();
    await pace.run(() => Promise.resolve(answer(429)), false, signal);

    expect([before, pace.limit()]).toEqual([8, 4]);
  });

  test('gives its place to the next when an exchange fails', async () => {
    const pace = createPace(1, new FakeClock());
    const failing = pace.run(() => Promise.reject(new Error('defect')), true, signal);
    const next = pace.run(() => Promise.resolve(answer(200)), true, signal);

    await expect(failing).rejects.toThrow('defect');
    expect(await next).toEqual(answer(200));
  });

  test('lets go of what waits when the time ends', async () => {
    const pace = createPace(1, new FakeClock());
    const end = new AbortController();
    let finish: (outcome: Outcome) => void = () => undefined;
    const running = pace.run(() => new Promise((resolve) => (finish = resolve)), true, signal);
    const waiting = pace.run(() => Promise.resolve(answer(200)), true, end.signal);
    end.abort();

    await expect(waiting).rejects.toMatchObject({ code: 'DEADLINE' });
    finish(answer(200));
    expect(await running).toEqual(answer(200));
    expect(await pace.run(() => Promise.resolve(answer(201)), true, signal)).toEqual(answer(201));
  });
});
