import * as z from 'zod/mini';
import { RelayError } from '../errors.ts';
import type { SourceChange } from '../model/change.ts';
import { SERVICES } from '../model/config.ts';
import type { EventIds } from '../model/event-ids.ts';
import type { Memory } from '../model/rollout-memory.ts';
import { parseWith } from './envelope.ts';
import type { ParsedEvent } from './envelope.ts';
import { parseEvent } from './parse-event.ts';

/** What a message of the relay's queues says. */
export type QueueMessage =
  ParsedEvent | RetryMessage | AskMessage | ShardMessage | CollectMessage | RolloutMessage;

/** Push one declaration to one cluster again. */
export interface RetryMessage {
  readonly kind: 'retry';
  /** `namespace/name`. */
  readonly declaration: string;
  readonly cluster: string;
  readonly change: SourceChange | undefined;
  /** Ids of the events that told of the target before, for the log alone. */
  readonly earlier?: readonly string[] | undefined;
}

/** Ask one cluster again what it declares, and push what a change concerns of it: it did not answer when the change came. */
export interface AskMessage {
  readonly kind: 'ask';
  readonly cluster: string;
  readonly change: SourceChange;
}

/** Reconcile the declarations of some namespaces in one cluster. */
export interface ShardMessage {
  readonly kind: 'shard';
  readonly cluster: string;
  readonly namespaces: readonly string[];
  /** When the sweep began that this is a part of; undefined where an earlier version of the relay sent it. */
  readonly begun: Date | undefined;
}

/** Delete what one cluster holds and nobody declares any more. */
export interface CollectMessage {
  readonly kind: 'collect';
  readonly cluster: string;
  readonly allowMassDeletion: boolean;
  /** As of a shard. */
  readonly begun: Date | undefined;
}

/** Look at the rollouts of some namespaces in one cluster. */
export interface RolloutMessage {
  readonly kind: 'rollout';
  readonly cluster: string;
  readonly namespaces: readonly string[];
  /** How many visits in a row have found nothing to restart. */
  readonly attempt: number;
  readonly memory: Memory;
  /** For the log alone. */
  readonly eventIds: EventIds;
}

/** Increased with every incompatible change: messages outlive a deployment. */
const FORMAT = 1;
const format = z.literal(FORMAT);
const name = z.string().check(z.minLength(1));

const time = z.pipe(
  z.iso.datetime(),
  z.transform((text) => new Date(text)),
);

/** Undefined where it is absent. */
const optionalTime = z.pipe(
  z.optional(time),
  z.transform((date) => date),
);

const Change = z.object({
  eventId: name,
  // Retries of before there were several say nothing.
  service: z._default(z.enum(SERVICES), 'SecretsManager'),
  time,
  region: name,
  account: name,
  kind: z.enum(['value', 'label', 'lifecycle', 'metadata']),
  ids: z.array(name),
  versionId: z.pipe(
    z.optional(name),
    z.transform((id) => id),
  ),
  received: z.optional(time),
});

const Own = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('keyrelay.retry'),
    format,
    declaration: name,
    cluster: name,
    change: z.optional(Change),
    earlier: z.optional(z.array(name)),
  }),
  z.object({ kind: z.literal('keyrelay.ask'), format, cluster: name, change: Change }),
  z.object({
    kind: z.literal('keyrelay.shard'),
    format,
    cluster: name,
    namespaces: z.array(name),
    begun: optionalTime,
  }),
  z.object({
    kind: z.literal('keyrelay.collect'),
    format,
    cluster: name,
    allowMassDeletion: z.boolean(),
    begun: optionalTime,
  }),
  z.object({
    kind: z.literal('keyrelay.rollout'),
    format,
    cluster: name,
    namespaces: z.array(name),
    attempt: z.int(),
    seen: z.array(z.tuple([name, z.number(), time])),
    restarts: z.array(z.tuple([name, z.number()])),
    // Messages of before there were any say nothing.
    events: z._default(z.array(z.tuple([name, z.array(name)])), []),
  }),
]);

/** The body of a retry message. */
export function serializeRetry({
  declaration,
  cluster,
  change,
  earlier,
}: Omit<RetryMessage, 'kind'>): string {
  return JSON.stringify({ kind: 'keyrelay.retry', format: FORMAT, declaration, cluster, change, earlier });
}

/** The body of an ask message. */
export function serializeAsk({ cluster, change }: Omit<AskMessage, 'kind'>): string {
  return JSON.stringify({ kind: 'keyrelay.ask', format: FORMAT, cluster, change });
}

/** The body of a shard message. */
export function serializeShard({ cluster, namespaces, begun }: Omit<ShardMessage, 'kind'>): string {
  return JSON.stringify({ kind: 'keyrelay.shard', format: FORMAT, cluster, namespaces, begun });
}

/** The body of a collect message. */
export function serializeCollect({
  cluster,
  allowMassDeletion,
  begun,
}: Omit<CollectMessage, 'kind'>): string {
  return JSON.stringify({ kind: 'keyrelay.collect', format: FORMAT, cluster, allowMassDeletion, begun });
}

/** The body of a rollout message. */
export function serializeRollout({
  cluster,
  namespaces,
  attempt,
  memory,
  eventIds,
}: Omit<RolloutMessage, 'kind'>): string {
  const seen = [...memory.seen].map(([id, { done, since }]) => [id, done, since]);
  const content = {
    cluster,
    namespaces,
    attempt,
    seen,
    restarts: [...memory.restarts],
    events: [...eventIds],
  };
  return JSON.stringify({ kind: 'keyrelay.rollout', format: FORMAT, ...content });
}

/**
 * Reads the body of a message: an event of EventBridge, or one of the relay's own.
 *
 * @throws RelayError EVENT_MALFORMED, which never quotes the body
 */
export function parseQueueMessage(body: string): QueueMessage {
  const value = parseJson(body);
  if (!isOwn(value)) return parseEvent(value);
  const message = parseWith(Own, value, 'message');
  switch (message.kind) {
    case 'keyrelay.retry':
      return {
        kind: 'retry',
        declaration: message.declaration,
        cluster: message.cluster,
        change: message.change,
        earlier: message.earlier,
      };
    case 'keyrelay.ask':
      return { kind: 'ask', cluster: message.cluster, change: message.change };
    case 'keyrelay.shard':
      return {
        kind: 'shard',
        cluster: message.cluster,
        namespaces: message.namespaces,
        begun: message.begun,
      };
    case 'keyrelay.collect':
      return {
        kind: 'collect',
        cluster: message.cluster,
        allowMassDeletion: message.allowMassDeletion,
        begun: message.begun,
      };
    case 'keyrelay.rollout': {
      const { cluster, namespaces, attempt, seen, restarts, events } = message;
      const memory = {
        seen: new Map(seen.map(([id, done, since]) => [id, { done, since }])),
        restarts: new Map(restarts),
      };
      return { kind: 'rollout', cluster, namespaces, attempt, memory, eventIds: new Map(events) };
    }
  }
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new RelayError(
      'EVENT_MALFORMED',
      `the message is not JSON (${body.length} characters); check what sends to this queue`,
    );
  }
}

function isOwn(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'kind' in value;
}
