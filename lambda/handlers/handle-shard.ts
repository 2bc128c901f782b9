import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { METRIC } from '../contract.ts';
import { RelayError, toRelayError } from '../errors.ts';
import { parseQueueMessage } from '../events/sqs-message.ts';
import type { CollectMessage, QueueMessage, ShardMessage } from '../events/sqs-message.ts';
import { backoffSeconds, postpone } from '../queue/sqs-queue.ts';
import { collectCluster } from '../relay/collect.ts';
import type { Outcome } from '../relay/outcome.ts';
import { loadDeclarations } from '../relay/load-declarations.ts';
import { reportsOfOutcomes, reportsOfStores } from '../relay/reports-of.ts';
import type { Runtime } from '../runtime.ts';
import { logger } from '../telemetry/logger.ts';
import { countFailure, countOutcomes, noteTime, publishMetrics } from '../telemetry/metrics.ts';
import { logFailure, logOutcomes } from '../telemetry/report.ts';
import { deadlineOf } from './deadline.ts';
import { sayReports } from './say-reports.ts';
import { receiptsFor, sendReceipts } from './send-receipts.ts';
import { sweepShard } from './sweep-shard.ts';

/** Reconciles one shard per message; a shard that failed as a whole is delivered again. */
export async function handleShard(
  event: SQSEvent,
  context: Context,
  runtime: Runtime,
): Promise<SQSBatchResponse> {
  logger.addContext(context);
  try {
    const signal = deadlineOf(context);
    const processor = new BatchProcessor(EventType.SQS);
    const handle = (record: SQSRecord): Promise<void> => handleRecord(record, runtime, signal);
    return await processPartialResponse(event, handle, processor, {
      context,
      throwOnFullBatchFailure: false,
    });
  } catch (failure) {
    throw toRelayError(failure, 'the reconcile-shard function');
  } finally {
    publishMetrics(runtime);
  }
}

/** @throws RelayError when the message must be delivered again */
async function handleRecord(record: SQSRecord, runtime: Runtime, signal: AbortSignal): Promise<void> {
  const { messageId, body } = record;
  let cluster = 'none';
  try {
    const message = parseQueueMessage(body);
    if ('cluster' in message) cluster = message.cluster;
    await handleMessage(messageId, message, runtime, signal);
  } catch (failure) {
    const error = toRelayError(failure, `shard message ${messageId}`);
    logFailure('shard failed', error, { cluster, messageId });
    countFailure(cluster, error.code);
    // What repetition cannot cure is left to the next sweep, which finds it again: one alarm, not one dead letter an hour.
    if (error.retryable) await postponeRecord(record, error, runtime);
    if (error.retryable || error.code === 'EVENT_MALFORMED') throw error;
  }
}

/** The queue hides a message for half an hour, so that a long sweep is not begun twice; one that failed need not wait for that. */
async function postponeRecord(
  { attributes, receiptHandle }: SQSRecord,
  { retryAfterMs }: RelayError,
  { ports, queues, sqs }: Runtime,
): Promise<void> {
  const seconds = backoffSeconds(Number(attributes.ApproximateReceiveCount), ports.random(), retryAfterMs);
  await postpone(sqs, queues.shardQueue, receiptHandle, seconds);
}

async function handleMessage(
  messageId: string,
  message: QueueMessage,
  runtime: Runtime,
  signal: AbortSignal,
): Promise<void> {
  const report = (outcomes: readonly Outcome[]): void => {
    logOutcomes(outcomes, { messageId });
    countOutcomes(outcomes);
  };
  switch (message.kind) {
    case 'shard': {
      const swept = await sweepShard(messageId, message, report, runtime, signal);
      if (swept === 'done') noteSweep(message, runtime);
      return;
    }
    case 'collect': {
      const outcomes = await collect(messageId, message, runtime, signal);
      report(outcomes);
      await sendReceipts(receiptsFor(outcomes, runtime), { messageId }, runtime, signal);
      const reports = reportsOfOutcomes([], outcomes, undefined, runtime.ports.clock.now());
      await sayReports(reports, runtime.config, () => ({ messageId }), runtime.ports, signal);
      retryFailed(outcomes);
      noteSweep(message, runtime);
      return;
    }
    case 'change':
    case 'ignored':
    case 'retry':
    case 'ask':
    case 'rollout':
      throw new RelayError(
        'EVENT_MALFORMED',
        `a message of kind ${message.kind} belongs into another queue than that of shards; check which queue the sender was given`,
      );
  }
}

/** The longest of a sweep's messages is the sweep's. */
function noteSweep({ begun }: Pick<ShardMessage, 'begun'>, { ports }: Runtime): void {
  if (begun !== undefined) noteTime(METRIC.sweepDuration, begun, ports.clock.now());
}

async function collect(
  messageId: string,
  message: CollectMessage,
  runtime: Runtime,
  signal: AbortSignal,
): Promise<readonly Outcome[]> {
  const cluster = runtime.config.clusters.find(({ name }) => name === message.cluster);
  if (cluster === undefined) return [];
  const allowance = message.allowMassDeletion ? 'any-number' : 'configured';
  const { config, unknown, found, selections } = await loadDeclarations(
    runtime.config,
    runtime.ports,
    signal,
    {
      cluster: cluster.name,
    },
  );
  for (const error of unknown.values()) throw error;
  const own = found.get(cluster.name);
  const clashing = selections.get(cluster.name)?.undecided ?? [];
  const undecided = new Set([...(own?.undecided ?? []), ...clashing]);
  const request = { config, cluster, allowance, undecided } as const;
  if (own !== undefined) {
    // Here and not with the shards, because a store of the whole cluster is right or wrong for all its namespaces together.
    const stores = reportsOfStores(own, 'ClusterSecretStore', runtime.ports.clock.now());
    await sayReports(stores, config, () => ({ messageId }), runtime.ports, signal);
  }
  return collectCluster(request, runtime.ports, signal);
}

/** A deletion that may pass later is tried again with the whole collection, which finds done what is done. */
function retryFailed(outcomes: readonly Outcome[]): void {
  for (const outcome of outcomes)
    if (outcome.kind === 'failed' && outcome.error.retryable) throw outcome.error;
}
