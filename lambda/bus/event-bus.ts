import type { PutEventsCommandInput, PutEventsCommandOutput } from '@aws-sdk/client-eventbridge';
import { mapLimited } from '../concurrency.ts';
import { RECEIPT } from '../contract.ts';
import { clusterArn } from '../declarations/deployment.ts';
import { RelayError } from '../errors.ts';
import type { Clock } from '../model/ports.ts';
import type { Receipt } from '../receipts/receipt.ts';
import type { ReceiptPort } from '../receipts/receipt-port.ts';
import { batches } from './batches.ts';

/** The call of EventBridge that the relay makes. */
export interface EventBridgeCalls {
  putEvents(
    input: PutEventsCommandInput,
    options: { readonly abortSignal: AbortSignal },
  ): Promise<Pick<PutEventsCommandOutput, 'Entries'>>;
}

export interface EventBusOptions {
  /** Name or ARN. */
  readonly bus: string;
  /** The client, loaded when there is something to send: no cold start pays for it. */
  readonly client: () => Promise<EventBridgeCalls>;
  readonly clock: Clock;
  /** A number from 0 up to 1, for jitter. */
  readonly random: () => number;
}

/** How often an entry is sent that EventBridge says it could not take at the moment; the SDK repeats calls that fail as a whole. */
const MAX_ATTEMPTS = 4;
/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsResultEntry.html */
const PASSING: ReadonlySet<string> = new Set(['InternalFailure', 'InternalException', 'ThrottlingException']);

/** So many calls run at once: a first sweep has ten thousand receipts. */
const CONCURRENCY = 4;

/** Sends receipts to an event bus. */
export function createEventBus(options: EventBusOptions): ReceiptPort {
  return {
    send: async (receipts, signal) => {
      const failed = await mapLimited(batches(receipts), CONCURRENCY, (batch) =>
        sendBatch(batch, options, signal),
      );
      return new Map(failed.flat());
    },
  };
}

type Answered = readonly [Receipt, Answer];

/** @returns by id why some were not taken */
async function sendBatch(
  batch: readonly Receipt[],
  options: EventBusOptions,
  signal: AbortSignal,
): Promise<readonly (readonly [string, RelayError])[]> {
  const failed: Answered[] = [];
  let waiting = batch;
  for (let attempt = 1; waiting.length > 0; attempt += 1) {
    if (attempt > 1) await pause(attempt, options, signal);
    const answers = await put(waiting, options, signal);
    const again = attempt < MAX_ATTEMPTS ? answers.filter(([, { kind }]) => kind === 'passing') : [];
    failed.push(...answers.filter((item) => item[1].kind !== 'taken' && !again.includes(item)));
    waiting = again.map(([receipt]) => receipt);
  }
  return failed.map(([receipt, answer]) => [receipt.id, errorOf(answer, options.bus, receipt)]);
}

async function put(
  receipts: readonly Receipt[],
  { bus, client }: EventBusOptions,
  signal: AbortSignal,
): Promise<readonly Answered[]> {
  try {
    const calls = await client();
    const { Entries = [] } = await calls.putEvents(
      { Entries: receipts.map((receipt) => entryOf(receipt, bus)) },
      { abortSignal: signal },
    );
    return receipts.map((receipt, index) => [receipt, answerOf(Entries[index])]);
  } catch (failure) {
    return receipts.map((receipt) => [receipt, answerOfCall(failure)]);
  }
}

/** Full jitter. When the deadline comes first, the next attempt fails with it. */
async function pause(
  attempt: number,
  { clock, random }: EventBusOptions,
  signal: AbortSignal,
): Promise<void> {
  await clock.sleep(random() * 50 * 2 ** attempt, signal).catch(() => undefined);
}

/** What became of one entry: taken, not taken at the moment, not taken and known to be so after the SDK's own repetitions, or refused. */
interface Answer {
  readonly kind: 'taken' | 'passing' | 'unsent' | 'refused';
  readonly why: string;
}

function entryOf(receipt: Receipt, bus: string): NonNullable<PutEventsCommandInput['Entries']>[number] {
  return {
    EventBusName: bus,
    Source: RECEIPT.source,
    DetailType: RECEIPT.detailType,
    Resources: [clusterArn(receipt.cluster)],
    Detail: JSON.stringify(receipt),
  };
}

function answerOf(entry: NonNullable<PutEventsCommandOutput['Entries']>[number] | undefined): Answer {
  const { EventId, ErrorCode = 'no answer' } = entry ?? {};
  if (EventId !== undefined) return { kind: 'taken', why: '' };
  return {
    kind: PASSING.has(ErrorCode) || entry === undefined ? 'passing' : 'refused',
    why: plain(ErrorCode),
  };
}

/** What EventBridge says of a call as a whole that no repetition cures. */
const REFUSALS: ReadonlySet<string> = new Set([
  'AccessDeniedException',
  'NotAuthorized',
  'ResourceNotFoundException',
  'ValidationException',
  'ValidationError',
  'InvalidArgument',
]);

function answerOfCall(failure: unknown): Answer {
  const why = nameOf(failure);
  return { kind: REFUSALS.has(why) ? 'refused' : 'unsent', why };
}

function nameOf(failure: unknown): string {
  return failure instanceof Error ? plain(failure.name) : 'no answer';
}

/** A name goes into messages; whatever else stands in its place does not. */
function plain(name: string): string {
  return /^[\w ]{1,64}$/u.test(name) ? name : 'an error without a name';
}

function errorOf({ kind, why }: Answer, bus: string, { id, secret, cluster }: Receipt): RelayError {
  const what = `receipt ${id} of ${cluster.name}/${secret.namespace}/${secret.name}`;
  return kind === 'refused'
    ? new RelayError(
        'RECEIPT_REFUSED',
        `event bus ${bus} refuses ${what} (${why}); see whether the bus is there and lets the relay's role send (settings.receipts.bus). What it says is in the Secret's annotations`,
      )
    : new RelayError('RECEIPT_UNSENT', `event bus ${bus} did not take ${what} (${why}); it is tried again`);
}
