import * as z from 'zod/mini';
import { RelayError } from '../errors.ts';
import type { SourceChange } from '../model/change.ts';
import type { Service } from '../model/config.ts';
import { NAMING } from '../model/naming.ts';

/** What an event of EventBridge comes to. */
export type ParsedEvent =
  | { readonly kind: 'change'; readonly change: SourceChange }
  | { readonly kind: 'ignored'; readonly reason: string; readonly eventId: string };

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

/** An event that is let go. */
export function ignored({ id }: Envelope, reason: string): ParsedEvent {
  return { kind: 'ignored', reason, eventId: id };
}

/** The part of a change that all events share. */
export function changeOf(
  envelope: Envelope,
  service: Service,
  kind: SourceChange['kind'],
  ids: readonly string[],
): SourceChange {
  return {
    eventId: envelope.id,
    service,
    time: new Date(envelope.time),
    region: envelope.region,
    account: envelope.account,
    kind,
    ids: [...new Set(ids.flatMap(NAMING[service].candidates))],
    versionId: undefined,
  };
}

/** Parses, and turns every problem into one error that names paths and expectations only. */
export function parseWith<T>(schema: z.ZodMiniType<T>, value: unknown, what: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map(
    (issue) => `${[what, ...issue.path.map(String)].join('.')} (${expectation(issue)})`,
  );
  throw new RelayError(
    'EVENT_MALFORMED',
    `missing or wrong: ${problems.join(', ')}; check what sends to this queue`,
  );
}

/** What the schema asks for, told by the schema alone: what was found could be a value. */
function expectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${issue.expected}`;
    case 'invalid_format':
      return `expected ${issue.format}`;
    case 'invalid_value':
      return `expected ${issue.values.map(String).join(' or ')}`;
    case 'too_small':
      return `expected at least ${String(issue.minimum)} of ${issue.origin}`;
    case 'too_big':
    case 'not_multiple_of':
    case 'unrecognized_keys':
    case 'invalid_union':
    case 'invalid_key':
    case 'invalid_element':
    case 'custom':
      return issue.code;
  }
}

/** A name from an event, fit for a log: one that does not look like a name of AWS is not repeated, for it could be anything. */
export function plainName(name: string, instead: string): string {
  return /^[\w. -]{1,64}$/u.test(name) ? name : instead;
}
