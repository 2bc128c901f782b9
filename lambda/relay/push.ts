import type { RelayError } from '../errors.ts';
import type { SourceChange } from '../model/change.ts';
import { followUp } from './follow-up.ts';
import type { FollowUp } from './follow-up.ts';
import type { Outcome } from './outcome.ts';
import type { Ports, Work } from './ports.ts';
import { relay } from './relay.ts';

/** A message of the push queue, parsed. */
export interface PushMessage {
  /** The queue's id of this delivery. */
  readonly id: string;
  readonly content:
    | { readonly kind: 'change'; readonly change: SourceChange }
    | {
        readonly kind: 'retry';
        readonly declaration: string;
        readonly cluster: string;
        readonly change: SourceChange | undefined;
      }
    | { readonly kind: 'ignored'; readonly reason: string }
    | { readonly kind: 'malformed'; readonly error: RelayError };
}

/** What a batch came to. */
export interface PushResult {
  readonly outcomes: readonly Outcome[];
  readonly followUp: FollowUp;
  /** Which messages asked for which work: for logs and metrics. */
  readonly assignments: readonly Assignment[];
}

/** A message and the work that it asks for. */
export interface Assignment {
  readonly message: PushMessage;
  readonly work: readonly Work[];
}

/**
 * Pushes what a batch of messages asks for. Several messages about one target (a rotation makes up to three) become one push of it.
 *
 * @param selectWork the declarations and clusters that a message concerns
 * @param unknown the clusters of which that is not known
 */
export async function push(
  messages: readonly PushMessage[],
  selectWork: (message: PushMessage) => readonly Work[],
  unknown: ReadonlyMap<string, RelayError>,
  ports: Ports,
  signal: AbortSignal,
): Promise<PushResult> {
  const assignments = messages.map((message) => ({ message, work: selectWork(message) }));
  const outcomes = await relay(
    assignments.flatMap(({ work }) => work),
    ports,
    signal,
  );
  return { outcomes, assignments, followUp: followUp(assignments, outcomes, unknown) };
}
