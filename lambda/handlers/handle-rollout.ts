import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { RelayError, toRelayError } from '../errors.ts';
import { parseQueueMessage } from '../events/sqs-message.ts';
import type { RolloutMessage } from '../events/sqs-message.ts';
import type { Cluster } from '../model/config.ts';
import { mergedEventIds } from '../model/event-ids.ts';
import { ROLLOUTS_OFF, ROLLOUT_SETTINGS } from '../model/rollout.ts';
import { backoffSeconds, postpone, sendAll } from '../queue/sqs-queue.ts';
import { visitOutcome } from '../relay/visit-outcome.ts';
import { visitRollouts } from '../relay/visit-rollouts.ts';
import type { Visited } from '../relay/visit-rollouts.ts';
import { receiptOfRollout } from '../receipts/receipt-of-rollout.ts';
import type { Conclusion } from '../rollout/plan-rollouts.ts';
import type { Runtime } from '../runtime.ts';
import { logger } from '../telemetry/logger.ts';
import { countFailure, publishMetrics } from '../telemetry/metrics.ts';
import { logFailure } from '../telemetry/report.ts';
import { reportVisit } from '../telemetry/rollout-report.ts';
import { deadlineOf } from './deadline.ts';
import { nextVisits } from './next-visits.ts';
import { sendReceipts } from './send-receipts.ts';

/** Visits each cluster of a batch once, whatever number of messages ask for it, and says when to look again. */
export async function handleRollout(
  event: SQSEvent,
  context: Context,
  runtime: Runtime,
): Promise<SQSBatchResponse> {
  logger.addContext(context);
  try {
    const signal = deadlineOf(context);
    const parsed = event.Records.map(parseRecord);
    const failed = new Map(parsed.flatMap(({ id, error }) => (error === undefined ? [] : [[id, error]])));
    const messages = parsed.flatMap(({ id, message }) => (message === undefined ? [] : [{ id, message }]));
    const perCluster = [...Map.groupBy(messages, ({ message }) => message.cluster)];
    await Promise.all(
      perCluster.map(async ([, items]) => {
        const error = await visit(merged(items.map(({ message }) => message)), runtime, signal);
        if (error !== undefined) for (const { id } of items) failed.set(id, error);
      }),
    );
    await postponeAll(event.Records, failed, runtime);
    return await respond(event, context, failed);
  } catch (failure) {
    throw toRelayError(failure, 'the rollout function');
  } finally {
    publishMetrics(runtime);
  }
}

interface Parsed {
  readonly id: string;
  readonly message?: RolloutMessage;
  readonly error?: RelayError;
}

function parseRecord({ messageId: id, body }: SQSRecord): Parsed {
  try {
    const message = parseQueueMessage(body);
    if (message.kind === 'rollout') return { id, message };
    throw new RelayError(
      'EVENT_MALFORMED',
      `a message of kind ${message.kind} belongs into another queue than that of rollouts; check which queue the sender was given`,
    );
  } catch (failure) {
    const error = toRelayError(failure, `message ${id}`);
    logFailure('message unreadable', error, { messageId: id });
    countFailure('none', error.code);
    return { id, error };
  }
}

/** Several messages about one cluster become one that looks wherever one of them asks for, as soon as the most impatient one. */
function merged(messages: readonly RolloutMessage[]): RolloutMessage {
  return {
    kind: 'rollout',
    cluster: messages[0]?.cluster ?? '',
    namespaces: [...new Set(messages.flatMap(({ namespaces }) => namespaces))].toSorted(),
    attempt: Math.min(...messages.map(({ attempt }) => attempt)),
    memory: {
      seen: new Map(messages.flatMap(({ memory }) => [...memory.seen])),
      restarts: new Map(messages.flatMap(({ memory }) => [...memory.restarts])),
    },
    eventIds: mergedEventIds(messages.flatMap(({ eventIds }) => [...eventIds])),
  };
}

/** @returns why the messages must be delivered again; undefined where they need not */
async function visit(
  message: RolloutMessage,
  runtime: Runtime,
  signal: AbortSignal,
): Promise<RelayError | undefined> {
  const { config, ports, workloads } = runtime;
  const cluster = config.clusters.find(({ name }) => name === message.cluster);
  // It may be gone since the message was sent.
  if (cluster === undefined) return undefined;
  const { rollouts = ROLLOUTS_OFF } = cluster;
  const settings = config.settings.rollouts ?? ROLLOUT_SETTINGS;
  const namespaces = message.namespaces.filter((name) => cluster.namespaces.includes(name));
  const visited = await ports.tracing.step(
    'visit',
    { cluster: cluster.name, namespace: namespaces.join(' ') },
    () =>
      visitRollouts(
        { cluster: { ...cluster, rollouts }, settings, namespaces, memory: message.memory },
        { ...ports, workloads, announce: (ended) => announce(ended, cluster, runtime, signal) },
        signal,
      ),
    visitOutcome,
  );
  reportVisit(cluster.name, visited, message.eventIds);
  return handOn(message, namespaces, visited, runtime);
}

/** @returns those whose receipts may be taken later */
async function announce(
  ended: readonly Conclusion[],
  cluster: Cluster,
  runtime: Runtime,
  signal: AbortSignal,
): Promise<ReadonlyMap<Conclusion, RelayError>> {
  if (runtime.config.settings.receipts === undefined) return new Map();
  const told = ended.map((conclusion) => [conclusion, receiptOfRollout(conclusion, cluster)] as const);
  const receipts = told.map(([, receipt]) => receipt);
  const unsent = await sendReceipts(receipts, { cluster: cluster.name }, runtime, signal);
  return new Map(
    told.flatMap(([conclusion, receipt]) => {
      const error = unsent.get(receipt);
      return error === undefined ? [] : [[conclusion, error] as const];
    }),
  );
}

async function handOn(
  message: RolloutMessage,
  namespaces: readonly string[],
  visited: Visited,
  { ports, sqs, queues }: Runtime,
): Promise<RelayError | undefined> {
  const { unseen } = visited;
  const [first] = unseen.values();
  if (first !== undefined && unseen.size === namespaces.length) return first.retryable ? first : undefined;
  const unsent = await sendAll(sqs, queues.rolloutQueue, nextVisits(message, visited, ports));
  return unsent.size === 0
    ? undefined
    : new RelayError(
        'QUEUE_FAILED',
        `${message.cluster}: when to look at its rollouts again could not be sent; the message is delivered again`,
      );
}

async function postponeAll(
  records: readonly SQSRecord[],
  failed: ReadonlyMap<string, RelayError>,
  { ports, sqs, queues }: Runtime,
): Promise<void> {
  for (const { messageId, receiptHandle, attributes } of records) {
    const error = failed.get(messageId);
    if (error === undefined) continue;
    const count = Number(attributes.ApproximateReceiveCount);
    const seconds = backoffSeconds(count, ports.random(), error.retryAfterMs);
    await postpone(sqs, queues.rolloutQueue, receiptHandle, seconds);
  }
}

function respond(
  event: SQSEvent,
  context: Context,
  failed: ReadonlyMap<string, RelayError>,
): Promise<SQSBatchResponse> {
  const verdict = (record: SQSRecord): Promise<void> =>
    failed.has(record.messageId) ? Promise.reject(new Error('delivered again')) : Promise.resolve();
  const processor = new BatchProcessor(EventType.SQS);
  return processPartialResponse(event, verdict, processor, { context, throwOnFullBatchFailure: false });
}
