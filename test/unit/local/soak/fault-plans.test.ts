import { expect, test } from '@jest/globals';
import type { Fault, Seen } from '../../../../local/faults/fault.ts';
import { createTroubles } from '../../../../local/soak/fault-plans.ts';
import { seededRandom } from '../../../../local/soak/random.ts';
import type { Trouble } from '../../../../local/soak/step.ts';

const SLOW: Fault = { kind: 'slow', ms: 5 };
const troublesWith = (trouble: Pick<Trouble, 'share' | 'action'>) => {
  const troubles = createTroubles(seededRandom(1), () => undefined);
  troubles.begin({ side: 'cluster', fault: SLOW, ...trouble }, 3);
  return troubles;
};
const seen = (action: string, path: string): Seen => ({ action, path, body: '' });

test('of the requests for one thing every other is hit, the first of them too', () => {
  const plan = troublesWith({ action: 'apply', share: 'every other' }).planOf('cluster');

  expect(['/a', '/a', '/b', '/a', '/b'].map((path) => plan(seen('apply', path)))).toEqual([
    ...[SLOW, undefined, SLOW],
    ...[SLOW, undefined],
  ]);
});

test('requests of other actions, and those to the other side, are not hit', () => {
  const troubles = troublesWith({ action: 'apply', share: 1 });

  expect(troubles.planOf('cluster')(seen('get', '/a'))).toBeUndefined();
  expect(troubles.planOf('aws')(seen('apply', '/a'))).toBeUndefined();
  expect(troubles.planOf('cluster')(seen('apply', '/a'))).toEqual(SLOW);
  expect([...troubles.met]).toEqual([['cluster, apply: slow', 1]]);
});

test.each([
  { step: 2, hit: SLOW },
  { step: 3, hit: undefined },
])('what lasts until step 3 hits at step $step: $hit', ({ step, hit }) => {
  const troubles = troublesWith({ share: 1 });

  troubles.reach(step);

  expect(troubles.planOf('cluster')(seen('get', '/a'))).toEqual(hit);
});
