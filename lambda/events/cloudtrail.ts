import * as z from 'zod/mini';
import { RelayError } from '../errors.ts';
import { MEANING } from './cloudtrail-names.ts';
import { changeOf, ignored, parseWith, plainName } from './envelope.ts';
import type { Envelope, ParsedEvent } from './envelope.ts';

const Fields = z.nullish(z.record(z.string(), z.unknown()));

/** The fields of a CloudTrail record that matter (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html). */
const Detail = z.object({
  eventName: z.string().check(z.minLength(1)),
  errorCode: z.nullish(z.string()),
  errorMessage: z.nullish(z.string()),
  requestID: z.nullish(z.string()),
  requestParameters: Fields,
  responseElements: Fields,
  additionalEventData: Fields,
  serviceEventDetails: Fields,
});
type Detail = z.infer<typeof Detail>;

/** Reads an event that came by way of CloudTrail: an API call, or what the service did by itself. */
export function cloudTrailChange(envelope: Envelope): ParsedEvent {
  const detail = parseWith(Detail, envelope.detail, 'detail');
  const meaning = MEANING.get(detail.eventName);
  if (meaning === undefined) {
    const name = plainName(detail.eventName, 'an operation without a plain name');
    return ignored(envelope, `${name} is not known to change a secret`);
  }
  if (hasFailed(detail)) return ignored(envelope, `${detail.eventName} failed, so nothing changed`);
  if (meaning === 'nothing') return ignored(envelope, `${detail.eventName} changes no value`);
  if (movesOnlyPending(detail)) {
    return ignored(envelope, `${detail.eventName} of AWSPENDING changes nothing yet`);
  }
  const ids = idsOf(envelope, detail);
  if (ids.length === 0) {
    throw new RelayError(
      'EVENT_MALFORMED',
      `${detail.eventName} names no secret in any of the places where CloudTrail puts it; please report it`,
    );
  }
  return {
    kind: 'change',
    change: { ...changeOf(envelope, 'SecretsManager', meaning, ids), versionId: versionIdOf(detail) },
  };
}

/** CloudTrail records a call that was refused as well, with one or both of these. */
function hasFailed({ errorCode, errorMessage }: Detail): boolean {
  return isGiven(errorCode) || isGiven(errorMessage);
}

function isGiven(text: string | null | undefined): boolean {
  return text !== undefined && text !== null && text !== '';
}

/** Where the id may stand, in several spellings: before February 2024 some operations reported `aRN`. */
function idsOf(envelope: Envelope, detail: Detail): readonly string[] {
  const places = [
    ...envelope.resources.filter((id) => id !== ''),
    ...pick(detail.additionalEventData, 'SecretId', 'secretId'),
    ...pick(detail.serviceEventDetails, 'secretId', 'SecretId'),
    ...pick(detail.responseElements, 'arn', 'aRN', 'ARN', 'name'),
    ...pick(detail.requestParameters, 'secretId', 'SecretId', 'name'),
  ];
  return [...new Set(places)];
}

/** The version that AWSCURRENT moved to, where the event says so beyond doubt. */
function versionIdOf(detail: Detail): string | undefined {
  const { eventName, requestParameters, responseElements, requestID } = detail;
  switch (eventName) {
    case 'CreateSecret':
    case 'UpdateSecret':
      // The request's token is no proof: it is sent without a value too. The answer names a version only where one was made.
      return pick(responseElements, 'versionId')[0];
    case 'PutSecretValue':
      return makesCurrent(detail) ? pick(requestParameters, 'clientRequestToken')[0] : undefined;
    case 'UpdateSecretVersionStage':
      return pick(requestParameters, 'versionStage')[0] === 'AWSCURRENT'
        ? pick(requestParameters, 'moveToVersionId')[0]
        : undefined;
    case 'RotationSucceeded': {
      // "Rotation-<ARN>-<client request token>", and the token is the new version's id.
      const [arn] = pick(detail.additionalEventData, 'SecretId');
      const prefix = `Rotation-${arn ?? ''}-`;
      const token = requestID?.startsWith(prefix) === true ? requestID.slice(prefix.length) : '';
      return arn === undefined || token === '' ? undefined : token;
    }
    default:
      return undefined;
  }
}

/** A rotation stages the new value as AWSPENDING before it is current. */
function movesOnlyPending(detail: Detail): boolean {
  const { eventName, requestParameters } = detail;
  if (eventName === 'UpdateSecretVersionStage')
    return pick(requestParameters, 'versionStage')[0] === 'AWSPENDING';
  return (
    eventName === 'PutSecretValue' && stagesOf(detail)?.every((stage) => stage === 'AWSPENDING') === true
  );
}

/** Without stages, PutSecretValue makes the new version current. */
function makesCurrent(detail: Detail): boolean {
  return stagesOf(detail)?.includes('AWSCURRENT') ?? true;
}

function stagesOf({ requestParameters }: Detail): readonly unknown[] | undefined {
  const stages = requestParameters?.['versionStages'];
  return Array.isArray(stages) && stages.length > 0 ? stages : undefined;
}

function pick(
  fields: Readonly<Record<string, unknown>> | null | undefined,
  ...names: readonly string[]
): readonly string[] {
  return names
    .map((name) => fields?.[name])
    .filter((value) => typeof value === 'string' && value !== '')
    .map(String);
}
