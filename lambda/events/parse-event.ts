import * as z from 'zod/mini';
import { cloudTrailChange } from './cloudtrail.ts';
import { Envelope, changeOf, ignored, parseWith, plainName } from './envelope.ts';
import type { ParsedEvent } from './envelope.ts';
import { parameterChange } from './parameter-change.ts';

/** https://docs.aws.amazon.com/secretsmanager/latest/userguide/event-detail-secret-label-updated-secretsmanager.html */
const LabelUpdated = z.object({
  name: z.string().check(z.minLength(1)),
  labelUpdated: z.string().check(z.minLength(1)),
  versionId: z.string().check(z.minLength(1)),
});

/**
 * Reads an event of EventBridge.
 *
 * @throws RelayError EVENT_MALFORMED, naming the fields that are wrong and never quoting the event
 */
export function parseEvent(body: unknown): ParsedEvent {
  const envelope = parseWith(Envelope, body, 'event');
  if (envelope.source === 'aws.ssm') return ofParameterStore(envelope);
  if (envelope.source !== 'aws.secretsmanager')
    return ignored(envelope, `events of ${plainName(envelope.source, 'another source')} are not watched`);
  switch (envelope['detail-type']) {
    case 'Secret Label Updated':
      return labelUpdated(envelope);
    case 'AWS API Call via CloudTrail':
    case 'AWS Service Event via CloudTrail':
      return cloudTrailChange(envelope);
    default:
      return notWatched(envelope);
  }
}

function ofParameterStore(envelope: Envelope): ParsedEvent {
  return envelope['detail-type'] === 'Parameter Store Change'
    ? parameterChange(envelope)
    : notWatched(envelope);
}

function notWatched(envelope: Envelope): ParsedEvent {
  const type = plainName(envelope['detail-type'], '(unnamed)');
  return ignored(envelope, `events of type ${type} are not watched`);
}

/** The native event: sent for every label but AWSPENDING and AWSPREVIOUS. A declaration may reference a custom label, so each is a change. */
function labelUpdated(envelope: Envelope): ParsedEvent {
  const detail = parseWith(LabelUpdated, envelope.detail, 'detail');
  return {
    kind: 'change',
    change: {
      ...changeOf(envelope, 'SecretsManager', 'value', [...envelope.resources, detail.name]),
      versionId: detail.labelUpdated === 'AWSCURRENT' ? detail.versionId : undefined,
    },
  };
}
