import * as z from 'zod/mini';
import { RelayError } from '../errors.ts';
import type { SourceChange } from '../model/change.ts';
import { secretIdCandidates } from '../model/secret-ids.ts';

/** What an event of EventBridge comes to. */
export type ParsedEvent =
  | { readonly kind: 'change'; readonly change: SourceChange }
  | { readonly kind: 'ignored'; readonly reason: string };

/** The fields that every event has (https://docs.aws.amazon.com/eventbridge/latest/ref/overview-event-structure.html). */
export const Envelope = z.object({
  id: z.string().check(z.minLength(1)),
  'detail-type': z.string(),
  source: z.string(),
  account: z.string(),
  time: z.iso.datetime({ offset: true }),
  region: z.string().check(z.minLength(1)),
  resources: z._default(z.array(z.string()), []),
  detail: z.record(z.string(), z.unknown()),
});
export type Envelope = z.infer<typeof Envelope>;

/** The part of a change that all events share. */
export function changeOf(envelope: Envelope, kind: SourceChange['kind'], ids: readonly string[]): SourceChange {
  return {
    eventId: envelope.id,
    time: new Date(envelope.time),
    region: envelope.region,
    account: envelope.account,
    kind,
    ids: [...new Set(ids.flatMap(secretIdCandidates))],
    versionId: undefined,
  };
}

/** Parses, and turns every problem into one error that names paths and expectations only. */
export function parseWith<T>(schema: z.ZodMiniType<T>, value: unknown, what: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `${[what, ...issue.path].join('.')} (${issue.code})`);
  throw new RelayError('EVENT_MALFORMED', `missing or wrong: ${problems.join(', ')}; check what sends to this queue`);
}
