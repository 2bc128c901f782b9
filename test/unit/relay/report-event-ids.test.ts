import { expect, test } from '@jest/globals';
import type { Outcome } from '../../../lambda/relay/outcome.ts';
import { reportEventIds } from '../../../lambda/relay/report-event-ids.ts';

function kept(name: string, ...events: readonly string[]): Outcome {
  return {
    kind: 'kept',
    target: { cluster: 'dev', namespace: 'shop', name: `${name}-secret` },
    declaration: `shop/${name}`,
    attempts: 1,
    causes: events.map((event) => ({ event })),
  };
}

test.each([
  { about: 'dev/ExternalSecret shop/db', what: 'the status of a declaration', ids: ['event-1'] },
  { about: 'dev/Secret shop/flags-secret', what: 'an Event about a Secret', ids: ['event-1', 'event-2'] },
  { about: 'dev/ClusterExternalSecret common', what: 'what tells of several', ids: ['event-1', 'event-2'] },
])('$what goes back to the events of what it tells', ({ about, ids }) => {
  const idsOf = reportEventIds([kept('db', 'event-1'), kept('flags', 'event-1', 'event-2')]);

  expect(idsOf({ cluster: 'dev', about })).toEqual(ids);
});

test('a report in another cluster goes back to none of them', () => {
  expect(reportEventIds([kept('db', 'event-1')])({ cluster: 'prod', about: 'prod/Secret shop/db' })).toEqual(
    [],
  );
});
