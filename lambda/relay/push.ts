import type { RelayError } from '../errors.ts';
import type { SourceChange } from '../model/change.ts';
import { followUp } from './follow-up.ts';
import type { FollowUp } from './follow-up.ts';
import type { Loaded } from './load-declarations.ts';
import type { Outcome } from './outcome.ts';
import type { Work } from './ports.ts';
import { relay } from './relay.ts';
import { selectWork } from './select-work.ts';

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
        /** Ids of the events that told of the target before. */
        readonly earlier?: readonly string[] | undefined;
      }
    | { readonly kind: 'ask'; readonly cluster: string; readonly change: SourceChange }
    | { readonly kind: 'ignored'; readonly reason: string; readonly eventId: string }
    | { readonly kind: 'malformed'; readonly error: RelayError };
}

/** What a batch came to. */
export interface PushResult {
  readonly outcomes: readonly Outcome[];
  readonly followUp: FollowUp;
  /** Which messages asked for which work: for logs and metrics. */
  readonly assignments: readonly Assignment[];
  /** By name of the cluster: those whose declarations could not be read. */
  readonly unknown: ReadonlyMap<string, RelayError>;
  /** By name of the cluster. */
  readonly found: Loaded['found'];
  /** Messages that must be delivered again, for what follows from their writes could not be set going. */
  readonly unannounced: readonly string[];
}

/** A message and the work that it asks for. */
export interface Assignment {
  readonly message: PushMessage;
  readonly work: readonly Work[];
}

/** What became of the work of one cluster. */
export interface Pushed {
  readonly outcomes: readonly Outcome[];
  /** Of the messages that asked for some of it. */
  readonly assignments: readonly Assignment[];
}

/** Sets going what follows from the writes of one cluster, as soon as they are done. */
export type Announce = (pushed: Pushed) => Promise<'sent' | 'not sent'>;

/**
 * Pushes what a batch of messages asks for. Several messages about one target (a rotation makes up to three) become one push of it. Each part of
 * the declarations, and each cluster of it, goes its own way from beginning to end: none waits for another (guarantee 3).
 */
export async function push(
  messages: readonly PushMessage[],
  parts: readonly Promise<Loaded>[],
  signal: AbortSignal,
  announce: Announce,
): Promise<PushResult> {
  const results = await Promise.all(
    parts.map(async (loading) => {
      const loaded = await loading;
      return { loaded, lanes: await pushPart(messages, loaded, signal, announce) };
    }),
  );
  const lanes = results.flatMap((result) => result.lanes);
  const outcomes = lanes.flatMap((lane) => lane.outcomes);
  const workOf = Map.groupBy(
    lanes.flatMap((lane) => lane.assignments),
    ({ message }) => message,
  );
  const assignments = messages.map((message) => ({
    message,
    work: (workOf.get(message) ?? []).flatMap(({ work }) => work),
  }));
  const unknown = new Map(results.flatMap(({ loaded }) => [...loaded.unknown]));
  return {
    ...{ outcomes, assignments, unknown },
    followUp: followUp(assignments, outcomes, unknown),
    found: new Map(results.flatMap(({ loaded }) => [...loaded.found])),
    unannounced: lanes.flatMap((lane) =>
      lane.announced === 'sent' ? [] : lane.assignments.map(({ message }) => message.id),
    ),
  };
}

/** Each cluster by itself. */
async function pushPart(
  messages: readonly PushMessage[],
  { config, ports }: Loaded,
  signal: AbortSignal,
  announce: Announce,
): Promise<readonly (Pushed & { readonly announced: 'sent' | 'not sent' })[]> {
  const asked = messages.flatMap((message) => selectWork(config, message).map((work) => ({ message, work })));
  const perCluster = Map.groupBy(asked, ({ work }) => work.cluster);
  return await Promise.all(
    perCluster.values().map(async (items) => {
      const outcomes = await relay(
        items.map(({ work }) => work),
        ports,
        signal,
      );
      const assignments = [...Map.groupBy(items, ({ message }) => message)].map(([message, own]) => ({
        message,
        work: own.map(({ work }) => work),
      }));
      const pushed = { outcomes, assignments };
      return { ...pushed, announced: await announce(pushed) };
    }),
  );
}
