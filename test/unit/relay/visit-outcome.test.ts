import { expect, test } from '@jest/globals';
import { RelayError } from '../../../lambda/errors.ts';
import { NO_MEMORY } from '../../../lambda/model/rollout-memory.ts';
import { visitOutcome } from '../../../lambda/relay/visit-outcome.ts';
import type { Visited } from '../../../lambda/relay/visit-rollouts.ts';
import { pendingSecrets } from '../../../lambda/rollout/view.ts';
import { aChangedSecret, aRecord, aWorkload } from '../../support/rollout-builders.ts';

const secrets = pendingSecrets([aChangedSecret()], { policy: 'auto', reloader: 'detect' });
const concluded = (state: 'complete' | 'failed'): Visited['recorded'] =>
  secrets.map((secret) => ({ secret, record: aRecord({ state }), cases: [] }));
const NOTHING: Visited = {
  restarted: [],
  recorded: [],
  failed: [],
  held: [],
  unseen: new Map(),
  next: undefined,
};
const error = new RelayError('CLUSTER_FORBIDDEN', 'x');

/** Each on top of those below it. */
const STEPS: readonly (readonly [string, Partial<Visited>])[] = [
  ['nothing', {}],
  ['held', { held: secrets.map((secret) => ({ secret, why: ['the namespace is paused'] })) }],
  ['following', { next: { namespaces: ['shop'], at: undefined, active: true, memory: NO_MEMORY } }],
  ['complete', { recorded: concluded('complete') }],
  ['restarted', { restarted: [{ workload: aWorkload(), secrets, annotations: {} }] }],
  ['failed', { recorded: concluded('failed') }],
  ['not written', { failed: [{ where: 'x', namespace: 'shop', secrets, error, restarts: [] }] }],
  ['not looked at', { unseen: new Map([['shop', error]]) }],
];

test.each(STEPS.map(([outcome], at) => [outcome, at] as const))('%s', (outcome, at) => {
  const visited = STEPS.slice(0, at + 1).reduce<Visited>((sum, [, more]) => ({ ...sum, ...more }), NOTHING);

  expect(visitOutcome(visited)).toBe(outcome);
});
