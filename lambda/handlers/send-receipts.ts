import { METRIC } from '../contract.ts';
import type { RelayError } from '../errors.ts';
import type { Receipt } from '../receipts/receipt.ts';
import { receiptsOfOutcomes } from '../receipts/receipts-of-outcomes.ts';
import type { Outcome } from '../relay/outcome.ts';
import type { Runtime } from '../runtime.ts';
import { note } from '../telemetry/metrics.ts';
import { logFailure } from '../telemetry/report.ts';

type Correlation = Readonly<Record<string, unknown>>;

/** A bus that takes nothing is not told ten thousand times. */
const MAX_LINES = 10;

/**
 * Sends receipts, and logs and counts those that were not taken.
 *
 * @returns those that may be taken later: what they tell of must be looked at again. What is refused for good is in the Secrets' annotations.
 */
export async function sendReceipts(
  receipts: readonly Receipt[],
  correlation: Correlation,
  { receipts: port, ports }: Pick<Runtime, 'receipts' | 'ports'>,
  signal: AbortSignal,
): Promise<ReadonlyMap<Receipt, RelayError>> {
  if (receipts.length === 0) return new Map();
  const failed = await ports.tracing.step(
    'receipts',
    { what: `${receipts.length} receipts` },
    () => port.send(receipts, signal),
    ({ size }) => (size === 0 ? 'done' : 'not sent'),
  );
  if (failed.size === 0) return new Map();
  const events = new Map(receipts.map(({ id, eventId }) => [id, eventId]));
  for (const [id, error] of [...failed].slice(0, MAX_LINES))
    logFailure('receipt not sent', error, {
      receipt: id,
      eventIds: [events.get(id) ?? []].flat(),
      ...correlation,
    });
  note(METRIC.receiptsFailed, failed.size);
  return new Map(
    receipts.flatMap((receipt) => {
      const error = failed.get(receipt.id);
      return error?.retryable === true ? [[receipt, error] as const] : [];
    }),
  );
}

/** The receipts of what was done, where anybody wants them. */
export function receiptsFor(outcomes: readonly Outcome[], { config, ports }: Runtime): readonly Receipt[] {
  const { clusters, settings } = config;
  if (settings.receipts === undefined) return [];
  return receiptsOfOutcomes(outcomes, {
    clusters,
    when: settings.receipts.when,
    now: ports.clock.now(),
  });
}
