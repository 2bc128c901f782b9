import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { newestOf, owedByEvents, valuesOf } from '../../../../local/soak/expected.ts';
import { currentsOf, planOf } from '../../../../local/soak/plan.ts';
import { seededRandom } from '../../../../local/soak/random.ts';
import { SETTING, canaryOf, valueOf } from '../../../../local/soak/setting.ts';
import { TROUBLES } from '../../../../local/soak/troubles.ts';
import type { Act, Step } from '../../../../local/soak/step.ts';

const stepsOf = (...acts: readonly Act[]): readonly Step[] => acts.map((act) => ({ act, pauseMs: 0 }));
const rotate = (source: string, kind: 'once' | 'lost' = 'once'): Act => ({
  kind: 'rotate',
  source,
  how: 'put',
  delivery: { kind },
});

test('a seed decides every number, and another seed others', () => {
  const numbers = (seed: number): readonly number[] => {
    const random = seededRandom(seed);
    return [random.next(), random.next(), random.next()];
  };

  expect(numbers(7)).toEqual(numbers(7));
  expect(numbers(7)).not.toEqual(numbers(8));
});

test('numbers lie within their bounds, and each of a few is drawn', () => {
  const random = seededRandom(1);
  const drawn = Array.from({ length: 200 }, () => random.between(3, 6));

  expect(new Set(drawn)).toEqual(new Set([3, 4, 5, 6]));
});

test('a seed decides the plan, and a shorter plan is the beginning of a longer one, but for its end', () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const plan = planOf(seed, 60, SETTING);

      expect(planOf(seed, 60, SETTING)).toEqual(plan);
      expect(planOf(seed, 20, SETTING)).toEqual([...plan.slice(0, 20), ...plan.slice(60)]);
    }),
    { numRuns: 50 },
  );
});

test('a plan goes back only to versions that there are and that are not current, and replays only changes that were', () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const plan = planOf(seed, 150, SETTING);

      for (const [at, { act }] of plan.entries()) {
        const before = currentsOf(plan.slice(0, at), SETTING);
        if (act.kind === 'rollback') {
          expect(before.get(act.source)?.at(-1)).not.toBe(act.to);
          expect(before.get(act.source)).toContain(act.to);
        }
        if (act.kind === 'replay') expect(act.change).toBeLessThan(before.get(act.source)?.length ?? 0);
      }
    }),
    { numRuns: 20 },
  );
});

test('a plan of some length has every kind of act, of delivery and of trouble', () => {
  const plan = planOf(1, 3000, SETTING);
  const deliveries = plan.flatMap(({ act }) => ('delivery' in act ? [act.delivery.kind] : []));
  const troubles = plan.flatMap(({ act }) => (act.kind === 'trouble' ? [act.trouble] : []));

  expect(new Set(plan.map(({ act }) => act.kind)).size).toBe(10);
  expect(new Set(deliveries)).toEqual(new Set(['once', 'twice', 'lost', 'late']));
  for (const side of ['cluster', 'aws'] as const)
    expect(troubles.flatMap((trouble) => (trouble.side === side ? [trouble.fault] : []))).toEqual(
      expect.arrayContaining([...TROUBLES[side]]),
    );
});

test('a plan ends so that events owe every key of every Secret, and with a cluster that answers nothing until the last rest', () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(100), (seed, steps) => {
      const plan = planOf(seed, steps, SETTING);
      const down = plan.findLastIndex(({ act }) => act.kind === 'trouble');
      const after = plan.slice(down + 1).map(({ act }) => act);

      expect(plan[down]?.act).toMatchObject({ trouble: { side: 'cluster', share: 1 }, steps: after.length });
      expect(after.map(({ kind }) => kind)).toEqual([...SETTING.sources.map(() => 'rotate'), 'rest']);
      for (const [id, { sources }] of SETTING.declared)
        expect(owedByEvents(plan, SETTING).get(id)).toEqual(sources);
    }),
    { numRuns: 50 },
  );
});

test('what is current follows rotations and rollbacks', () => {
  const steps = stepsOf(
    rotate('soak-0'),
    rotate('soak-0'),
    { kind: 'rollback', source: 'soak-0', to: 1, delivery: { kind: 'once' } },
    rotate('soak-0'),
  );

  expect(currentsOf(steps, SETTING).get('soak-0')).toEqual([0, 1, 2, 1, 3]);
  expect(newestOf(valuesOf(5, steps, SETTING), SETTING).get('shared/pair-0')).toEqual({
    'soak-0': valueOf(5, 'soak-0', 3),
    'soak-1': valueOf(5, 'soak-1', 0),
  });
});

test.each([
  { when: 'its event came', acts: [rotate('soak-0')], owed: ['soak-0'] },
  { when: 'its event was lost', acts: [rotate('soak-0'), rotate('soak-0', 'lost')], owed: [] },
  { when: 'nothing changed', acts: [rotate('soak-1')], owed: [] },
  {
    when: 'somebody edited the Secret after it',
    acts: [rotate('soak-0'), { kind: 'edit', secret: 'alone/single-0', key: 'soak-0' } as const],
    owed: [],
  },
  {
    when: 'somebody deleted the Secret before it',
    acts: [{ kind: 'delete', secret: 'alone/single-0' } as const, rotate('soak-0')],
    owed: ['soak-0'],
  },
])('$when: the events owe $owed', ({ acts, owed }) => {
  expect(owedByEvents(stepsOf(...acts), SETTING).get('alone/single-0')).toEqual(owed);
});

test('every value begins with the canary, and no name of the setting does', () => {
  expect(valueOf(3, 'soak-0', 4)).toContain(canaryOf(3));
  expect(JSON.stringify([SETTING, ...SETTING.declared])).not.toContain(canaryOf(3));
});
