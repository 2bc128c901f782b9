import { afterEach, expect, jest, test } from '@jest/globals';
import { RelayError } from '../../../lambda/errors.ts';
import { sayReports } from '../../../lambda/handlers/say-reports.ts';
import type { Reports } from '../../../lambda/relay/report.ts';
import { logger } from '../../../lambda/telemetry/logger.ts';
import { createApiCalls } from '../../../lambda/telemetry/api-calls.ts';
import { publishMetrics } from '../../../lambda/telemetry/metrics.ts';
import { catchMetrics } from '../../support/emf.ts';
import { fakePorts } from '../../support/fakes.ts';
import { CLUSTER } from '../declarations/cluster-objects.ts';
import { compiled } from '../declarations/sources.ts';

const signal = new AbortController().signal;
const NOW = new Date('2026-01-05T12:00:00Z');

function events(count: number): Reports {
  const event = (n: number): Reports['events'][number] => ({
    cluster: CLUSTER.name,
    regarding: { apiVersion: 'v1', kind: 'Secret', namespace: 'shop', name: `s${n}`, uid: undefined },
    ...{ type: 'Normal', reason: 'Updated', message: 'secret updated', topic: 'version' },
  });
  return { statuses: [], events: Array.from({ length: count }, (_, n) => event(n)), now: NOW };
}

afterEach(() => {
  jest.restoreAllMocks();
});

test('what cannot be said fails nothing, is counted in full, and is logged in a few lines', async () => {
  const ports = fakePorts();
  const lines = jest.spyOn(logger, 'error').mockImplementation(() => undefined);
  const published = catchMetrics();
  ports.reports.before = () => {
    throw new RelayError('CLUSTER_REJECTED', 'as the test says');
  };

  await sayReports(
    events(30),
    { ...compiled(), clusters: [CLUSTER] },
    () => ({ messageId: '1' }),
    ports,
    signal,
  );

  publishMetrics({ calls: createApiCalls() });
  expect(published).toMatchObject([{ name: 'ReportsFailed', values: [30] }]);
  expect(lines.mock.calls.map(([what]) => what)).toEqual([
    ...Array<string>(10).fill('report failed'),
    'more reports failed',
  ]);
});

test('no Event is written where a cluster’s access lets the relay write none', async () => {
  const ports = fakePorts();
  const config = { ...compiled(), clusters: [{ ...CLUSTER, events: 'none' as const }] };

  await sayReports(events(1), config, () => ({}), ports, signal);

  expect(ports.reports.events).toEqual([]);
});
