import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { RelayError, toRelayError } from '../errors.ts';
import { parseQueueMessage } from '../events/sqs-message.ts';
import { backoffSeconds, postpone } from '../queue/sqs-queue.ts';
import { loadParts } from '../relay/load-parts.ts';
import { partsScope } from '../relay/parts-scope.ts';
import { push } from '../relay/push.ts';
import type { PushMessage, Pushed, PushResult } from '../relay/push.ts';
import { reportEventIds } from '../relay/report-event-ids.ts';
import { reportsOfExpansions } from '../relay/reports-of-expansions.ts';
import { reportsOfOutcomes } from '../relay/reports-of.ts';
import type { Runtime } from '../runtime.ts';
import { logger } from '../telemetry/logger.ts';
import { countFailure, countOutcomes, publishMetrics } from '../telemetry/metrics.ts';
import { logFailure, logOutcomes, logUnknown } from '../telemetry/report.ts';
import { deadlineOf } from './deadline.ts';
import { sendFollowUps } from './follow-up-messages.ts';
import { sendPushReceipts } from './push-receipts.ts';
import { sendRollouts } from './rollout-messages.ts';
import { sayReports } from './say-reports.ts';

/** Pushes what a batch of the push queue asks for, and tells the queue which messages to deliver again. */
export async function handlePush(
  event: SQSEvent,
  context: Context,
  runtime: Runtime,
): Promise<SQSBatchResponse> {
  logger.addContext(context);
  try {
    const received = runtime.ports.clock.now();
    const messages = event.Records.map((record) => parseRecord(record, received));
    const signal = deadlineOf(context);
    reportUnread(messages);
    const parts = loadParts(runtime.config, runtime.ports, signal, partsScope(messages, runtime.config));
    const result = await push(messages, parts, signal, (pushed) => {
      report(pushed);
      return sendRollouts(runtime, pushed.outcomes);
    });
    reportIdle(result);
    logUnknown(result.unknown, { eventIds: eventIdsOf(messages) });
    for (const [cluster, error] of result.unknown) countFailure(cluster, error.code);
    const { redeliver } = result.followUp;
    const unsent = await sendFollowUps(runtime, result.followUp);
    const untold = await sendPushReceipts(event.Records, result, runtime, signal);
    await postponeAll(event.Records, [...untold, ...redeliver], runtime);
    await sayOutcomes(result, runtime, signal);
    const again = [...[...redeliver, ...untold].map(({ id }) => id), ...unsent, ...result.unannounced];
    return await respond(event, context, new Set(again));
  } catch (failure) {
    throw toRelayError(failure, 'the push function');
  } finally {
    publishMetrics(runtime);
  }
}

function parseRecord({ messageId, body }: SQSRecord, received: Date): PushMessage {
  try {
    return { id: messageId, content: pushContent(body, received) };
  } catch (failure) {
    return {
      id: messageId,
      content: { kind: 'malformed', error: toRelayError(failure, `message ${messageId}`) },
    };
  }
}

function pushContent(body: string, received: Date): PushMessage['content'] {
  const message = parseQueueMessage(body);
  switch (message.kind) {
    case 'change':
      return { ...message, change: { ...message.change, received } };
    case 'ignored':
    case 'retry':
    case 'ask':
      return message;
    case 'shard':
    case 'collect':
    case 'rollout':
      throw new RelayError(
        'EVENT_MALFORMED',
        `a message of kind ${message.kind} belongs into another queue than that of pushes; check which queue the sender was given`,
      );
  }
}

async function sayOutcomes(
  { outcomes, assignments, found }: PushResult,
  { config, ports }: Runtime,
  signal: AbortSignal,
): Promise<void> {
  const work = assignments.flatMap((assignment) => assignment.work);
  const { schedule } = config.settings;
  const now = ports.clock.now();
  const reports = reportsOfOutcomes(work, outcomes, schedule, now);
  const expansions = [...found.values()].flatMap((own) =>
    reportsOfExpansions({ found: own, work, outcomes }, 'concerned', schedule, now),
  );
  const eventIdsOfReport = reportEventIds(outcomes);
  await sayReports(
    { ...reports, statuses: [...reports.statuses, ...expansions] },
    config,
    (failure) => ({ eventIds: eventIdsOfReport(failure) }),
    ports,
    signal,
  );
}

/** Later each time, so that a failing side is left in peace; after the last delivery the queue's redrive policy takes over. */
async function postponeAll(
  records: readonly SQSRecord[],
  redeliver: PushResult['followUp']['redeliver'],
  runtime: Runtime,
): Promise<void> {
  const errors = new Map(redeliver.map(({ id, error }) => [id, error]));
  const again = records.flatMap((record) => {
    const error = errors.get(record.messageId);
    return error === undefined ? [] : [{ ...record, error }];
  });
  const later = again.map(async ({ receiptHandle, attributes, error }) => {
    const seconds = backoffSeconds(
      Number(attributes.ApproximateReceiveCount),
      runtime.ports.random(),
      error.retryAfterMs,
    );
    await postpone(runtime.sqs, runtime.queues.pushQueue, receiptHandle, seconds);
  });
  await Promise.all(later);
}

/** The partial batch response, by Powertools, from the verdicts that are known already. */
function respond(event: SQSEvent, context: Context, failed: ReadonlySet<string>): Promise<SQSBatchResponse> {
  const verdict = (record: SQSRecord): Promise<void> =>
    failed.has(record.messageId) ? Promise.reject(new Error('delivered again')) : Promise.resolve();
  const processor = new BatchProcessor(EventType.SQS);
  return processPartialResponse(event, verdict, processor, { context, throwOnFullBatchFailure: false });
}

function reportUnread(messages: readonly PushMessage[]): void {
  for (const { id, content } of messages) {
    if (content.kind === 'ignored')
      logger.info('event changes nothing', {
        messageId: id,
        eventIds: [content.eventId],
        reason: content.reason,
      });
    if (content.kind !== 'malformed') continue;
    logFailure('message unreadable', content.error, { messageId: id });
    countFailure('none', content.error.code);
  }
}

/** A whole account's secrets may come by, most of which nobody declares. */
function reportIdle({ assignments, unknown }: PushResult): void {
  if (unknown.size > 0) return;
  for (const { message, work } of assignments) {
    const { id, content } = message;
    if (content.kind !== 'change' || work.length > 0) continue;
    logger.debug('event concerns nothing declared', {
      messageId: id,
      eventIds: [content.change.eventId],
    });
  }
}

function report({ outcomes }: Pushed): void {
  logOutcomes(outcomes);
  countOutcomes(outcomes);
}

function eventIdsOf(messages: readonly PushMessage[]): readonly string[] {
  return messages.flatMap(({ content }) => {
    return 'change' in content && content.change !== undefined ? [content.change.eventId] : [];
  });
}
