import type { SQSRecord } from 'aws-lambda';
import type { RelayError } from '../errors.ts';
import { targetId } from '../model/target.ts';
import { givenUpBy } from '../receipts/given-up.ts';
import type { Receipt } from '../receipts/receipt.ts';
import { receiptOfFailure } from '../receipts/receipt-of-failure.ts';
import type { Assignment, PushResult } from '../relay/push.ts';
import { targetOf } from '../relay/target-of.ts';
import type { Runtime } from '../runtime.ts';
import { receiptsFor, sendReceipts } from './send-receipts.ts';

/**
 * Tells what became of a batch.
 *
 * @returns the messages that must be delivered again because their receipts were not taken: what they ask for is then found done, and told again
 */
export async function sendPushReceipts(
  records: readonly SQSRecord[],
  result: PushResult,
  runtime: Runtime,
  signal: AbortSignal,
): Promise<readonly { readonly id: string; readonly error: RelayError }[]> {
  const { config, ports, maxReceives } = runtime;
  if (config.settings.receipts === undefined) return [];
  const lastTries = new Set(
    records.flatMap(({ messageId, attributes }) =>
      Number(attributes.ApproximateReceiveCount) >= maxReceives ? [messageId] : [],
    ),
  );
  const failures = givenUpBy(result, { clusters: config.clusters, lastTries, now: ports.clock.now() });
  const receipts = [...receiptsFor(result.outcomes, runtime), ...failures.map(receiptOfFailure)];
  const unsent = await sendReceipts(receipts, {}, runtime, signal);
  return [...unsent].flatMap(([receipt, error]) =>
    result.assignments
      .filter((assignment) => asksFor(assignment, receipt))
      .map(({ message: { id } }) => ({ id, error })),
  );
}

function asksFor({ work }: Assignment, { cluster, secret }: Receipt): boolean {
  const told = targetId({ cluster: cluster.name, namespace: secret.namespace, name: secret.name });
  return work.some((item) => targetId(targetOf(item)) === told);
}
