import { afterEach, expect, jest, test } from '@jest/globals';
import { RelayError } from '../../../lambda/errors.ts';
import type { Outcome } from '../../../lambda/relay/outcome.ts';
import { createApiCalls } from '../../../lambda/telemetry/api-calls.ts';
import { countSwept, publishMetrics } from '../../../lambda/telemetry/metrics.ts';
import { catchMetrics } from '../../support/emf.ts';

afterEach(() => void jest.restoreAllMocks());

const head = {
  target: { cluster: 'dev', namespace: 'shop', name: 'db' },
  declaration: 'shop/db',
  attempts: 1,
};
const kept: Outcome = { ...head, kind: 'kept' };
const written: Outcome = {
  ...head,
  ...{ kind: 'written', action: 'update', reason: 'drift', versions: new Map(), at: new Date(0) },
};

/** What is published of a sweep with these outcomes. */
function sums(outcomes: readonly Outcome[]): Readonly<Record<string, readonly number[]>> {
  const published = catchMetrics();
  countSwept(outcomes);
  publishMetrics({ calls: createApiCalls() });
  return Object.fromEntries(published.map(({ name, values }) => [name, values]));
}

test.each<[string, Outcome, number]>([
  ['kept', kept, 1],
  ['waits for its sync window', { ...head, kind: 'skipped', reason: 'sync-window' }, 0],
  ['has nothing to be done', { ...head, kind: 'skipped', reason: 'policy-none' }, 1],
  ['is retained', { ...head, kind: 'skipped', reason: 'retained' }, 1],
  ['was repaired', written, 0],
  ['was deleted', { ...head, kind: 'deleted', reason: 'source-gone' }, 0],
  ['failed', { ...head, kind: 'failed', error: new RelayError('SOURCE_DENIED', 'shop/db') }, 0],
])('a swept target that %s', (_, outcome, inSync) => {
  expect(sums([kept, outcome])).toEqual({ SweptTargets: [2], SweptTargetsInSync: [1 + inSync] });
});

test('a sweep that finds nothing in sync says so, and one that looks at nothing says nothing', () => {
  expect(sums([written])).toEqual({ SweptTargets: [1], SweptTargetsInSync: [0] });
  expect(sums([])).toEqual({});
});
