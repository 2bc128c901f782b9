import type { FromCluster } from '../declarations/from-cluster.ts';
import { RelayError } from '../errors.ts';
import { serializeShard } from '../events/sqs-message.ts';
import type { ShardMessage } from '../events/sqs-message.ts';
import { backoffSeconds, sendAll } from '../queue/sqs-queue.ts';
import { loadDeclarations } from '../relay/load-declarations.ts';
import type { Outcome } from '../relay/outcome.ts';
import { refusalMessage } from '../relay/refusal-message.ts';
import { reportsOfSweep } from '../relay/reports-of.ts';
import { workOfShard } from '../relay/select-work.ts';
import { restOfShard } from '../relay/shard-rest.ts';
import type { ShardRest } from '../relay/shard-rest.ts';
import { sweep } from '../relay/sweep.ts';
import type { Runtime } from '../runtime.ts';
import { logger } from '../telemetry/logger.ts';
import { countFailure, countSwept } from '../telemetry/metrics.ts';
import { logFailure, logRefused } from '../telemetry/report.ts';
import type { RefusedObject } from '../telemetry/report.ts';
import { sendFollowUps } from './follow-up-messages.ts';
import { sendRollouts } from './rollout-messages.ts';
import { sayReports } from './say-reports.ts';
import { receiptsFor, sendReceipts } from './send-receipts.ts';

/**
 * Sweeps a shard and hands back what is left of it.
 *
 * @param report is told what became of the targets, whatever happens after
 * @returns whether the shard is done with; of what is handed back, another message is the end
 * @throws RelayError when the message must be delivered again
 */
export async function sweepShard(
  messageId: string,
  { cluster, namespaces, begun }: ShardMessage,
  report: (outcomes: readonly Outcome[]) => void,
  runtime: Runtime,
  signal: AbortSignal,
): Promise<'done' | 'goes on'> {
  const { config, ports, unknown, found, selections } = await loadDeclarations(
    runtime.config,
    runtime.ports,
    signal,
    {
      cluster,
      namespaces,
    },
  );
  const work = workOfShard(config, { cluster, namespaces }, messageId);
  const swept = await sweep(cluster, work, ports, signal);
  for (const error of swept.unsurveyed)
    logger.warn('versions not listed', { messageId, cluster, code: error.code, reason: error.message });
  const rest = restOfShard(messageId, namespaces, swept);
  report(rest.reported);
  countSwept(rest.reported);
  if ((await sendRollouts(runtime, swept.outcomes)) === 'not sent')
    throw new RelayError(
      'QUEUE_FAILED',
      `the rollouts of shard message ${messageId} could not be sent on; the message is delivered again`,
    );
  const untold = await sendReceipts(receiptsFor(rest.reported, runtime), { messageId }, runtime, signal);
  // Delivered again, the message finds written what it wrote, and tells it again.
  for (const error of untold.values()) throw error;
  if (rest.again !== undefined) throw rest.again;
  for (const [namespace, error] of swept.unlisted) {
    logFailure('namespace not swept', error, { messageId, cluster, namespace });
    countFailure(cluster, error.code);
  }
  for (const { namespace, error } of selections.get(cluster)?.refused ?? []) {
    if (!namespaces.includes(namespace)) continue;
    logFailure('declaration left out', error, { messageId, cluster, namespace });
    countFailure(cluster, error.code);
  }
  logRefused(refusedIn(found.get(cluster)), { messageId, cluster });
  await handBack(messageId, { cluster, begun }, rest, runtime);
  const reports = reportsOfSweep(
    { work, outcomes: rest.reported, found: found.get(cluster) },
    config.settings,
    ports.clock.now(),
  );
  await sayReports(reports, config, () => ({ messageId }), ports, signal);
  // What files declare is done by now; the message comes again for what the cluster declares.
  for (const error of unknown.values()) throw error;
  return rest.shards.length === 0 ? 'done' : 'goes on';
}

function refusedIn(found: FromCluster | undefined): readonly RefusedObject[] {
  return (found?.refused ?? []).map(({ object, problems }) => ({
    namespace: object.namespace,
    declaration: `${object.namespace}/${object.name}`,
    reason: refusalMessage(object, problems),
  }));
}

async function handBack(
  messageId: string,
  { cluster, begun }: Pick<ShardMessage, 'cluster' | 'begun'>,
  { shards, retries }: ShardRest,
  runtime: Runtime,
): Promise<void> {
  const delaySeconds = backoffSeconds(1, runtime.ports.random());
  const messages = shards.map((namespaces) => ({
    body: serializeShard({ cluster, namespaces, begun }),
    delaySeconds,
  }));
  const unsentShards = await sendAll(runtime.sqs, runtime.queues.shardQueue, messages);
  const unsentTargets = await sendFollowUps(runtime, { asks: [], retries, dead: [] });
  if (shards.length > 0) logger.info('sweep goes on in another message', { messageId, cluster, shards });
  if (unsentShards.size + unsentTargets.size === 0) return;
  throw new RelayError(
    'QUEUE_FAILED',
    `what is left of shard message ${messageId} could not be handed back; the message is delivered again`,
  );
}
