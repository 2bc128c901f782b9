import type { CompiledConfig } from '../model/config.ts';
import type { Ports } from '../relay/ports.ts';
import { report } from '../relay/report.ts';
import type { Reports } from '../relay/report.ts';
import { countReportFailures } from '../telemetry/metrics.ts';
import { logReportFailures } from '../telemetry/report.ts';
import type { CorrelationOf } from '../telemetry/report.ts';

/**
 * Says in the clusters what came of it. Comes last, after whatever is to be tried again is on its way: what cannot be said is logged and counted,
 * and fails nothing.
 */
export async function sayReports(
  { events, ...reports }: Reports,
  { clusters }: CompiledConfig,
  correlationOf: CorrelationOf,
  ports: Ports,
  signal: AbortSignal,
): Promise<void> {
  const silent = new Set(clusters.flatMap((cluster) => (cluster.events === 'none' ? [cluster.name] : [])));
  const told = events.filter(({ cluster }) => !silent.has(cluster));
  const failures = await report({ ...reports, events: told }, ports, signal);
  logReportFailures(failures, correlationOf);
  countReportFailures(failures);
}
