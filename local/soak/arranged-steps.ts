import type { Setting } from './setting.ts';
import type { Act, Step, Trouble } from './step.ts';

/** Longer than a push takes that is not held up. */
const HELD_MS = 1000;
const WITHIN_BURST_MS = 150;
const HELD_WRITES: Trouble = {
  side: 'cluster',
  action: 'apply',
  fault: { kind: 'slow', ms: HELD_MS },
  share: 'every other',
};
/** Every request to the cluster fails. */
const DOWN: Trouble = {
  side: 'cluster',
  fault: { kind: 'refusal', refusal: { status: 503, reason: 'ServiceUnavailable' }, passed: 'not' },
  share: 1,
};
/** Longer than a push asks again. */
const DOWN_MS = 2500;

/**
 * Each of some sources changes twice in a row while writes are held up. What the first change led to waits to be written when the second comes,
 * which the other push function, idle until then, reads and writes: what was read earlier is written later.
 */
export function burstOf(sources: readonly string[]): readonly Step[] {
  const pair = (source: string): readonly Step[] =>
    [HELD_MS, WITHIN_BURST_MS].map((pauseMs) => ({ act: plainChange(source), pauseMs }));
  return [
    now({ kind: 'rest' }),
    now({ kind: 'trouble', trouble: HELD_WRITES, steps: 1 + 2 * sources.length }),
    ...sources.flatMap(pair),
  ];
}

/**
 * After a burst of all, every source changes once more, its event comes, and no push of it can succeed at first. Nothing that happened before is
 * left, and nothing happens after, so that it is up to what the relay does about its own failures.
 */
export function endOf({ sources }: Setting): readonly Step[] {
  return [
    ...burstOf(sources),
    now({ kind: 'rest' }),
    now({ kind: 'trouble', trouble: DOWN, steps: 1 + sources.length }),
    ...sources.map((source) => now(plainChange(source))),
    { act: { kind: 'rest' }, pauseMs: DOWN_MS },
  ];
}

function plainChange(source: string): Act {
  return { kind: 'rotate', source, how: 'put', delivery: { kind: 'once' } };
}

function now(act: Act): Step {
  return { act, pauseMs: 0 };
}
