import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { MEANING } from '../../../lambda/events/cloudtrail-names.ts';
import { parseEvent } from '../../../lambda/events/parse-event.ts';

const ARN = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/shop/db-AbCdEf';
const TOKEN = '00000000-0000-4000-8000-0000000000c2';

/** The event with other fields. */
const changed = (event: unknown, fields: object): unknown => Object.assign({}, event, fields);

/** The API sample, with other details. */
function event(eventName: string, detail: Readonly<Record<string, unknown>>): unknown {
  const sample: unknown = JSON.parse(
    readFileSync(new URL('samples/ct-tag-resource.json', import.meta.url), 'utf8'),
  );
  return changed(sample, { detail: { requestParameters: { secretId: ARN }, ...detail, eventName } });
}

function words(body: unknown): string {
  const parsed = parseEvent(body);
  return parsed.kind === 'change' ? `${parsed.change.kind} ${parsed.change.versionId ?? '-'}` : parsed.reason;
}

/** https://docs.aws.amazon.com/secretsmanager/latest/userguide/cloudtrail_log_entries.html, name by name. */
const DOCUMENTED = {
  value: 'CreateSecret PutSecretValue UpdateSecret UpdateSecretVersionStage RotationSucceeded',
  lifecycle:
    'DeleteSecret RestoreSecret CancelSecretVersionDelete EndSecretVersionDelete StartSecretVersionDelete ' +
    'SecretVersionDeletion RemoveRegionsFromReplication ReplicateSecretToRegions StopReplicationToReplica ReplicationSucceeded',
  metadata: 'TagResource UntagResource',
  nothing:
    'BatchGetSecretValue CancelRotateSecret DeleteResourcePolicy DescribeSecret GetRandomPassword GetResourcePolicy ' +
    'GetSecretValue ListSecrets ListSecretVersionIds PutResourcePolicy RotateSecret ValidateResourcePolicy ' +
    'ReplicationStarted ReplicationFailed RotationStarted RotationAbandoned RotationFailed ' +
    'TestRotationStarted TestRotationSucceeded TestRotationFailed',
} as const;
const rows = Object.entries(DOCUMENTED).flatMap(([meaning, names]) =>
  names
    .split(' ')
    .map((name) => ({ name, becomes: meaning === 'nothing' ? `${name} changes no value` : `${meaning} -` })),
);

test.each(rows)('$name is read as "$becomes"', ({ name, becomes }) => {
  expect(words(event(name, {}))).toBe(becomes);
});

test('the table has the documented names and no other', () => {
  expect([...MEANING.keys()].toSorted()).toEqual(rows.map(({ name }) => name).toSorted());
});

test.each([
  { what: 'an error code', detail: { errorCode: 'AccessDenied' } },
  { what: 'an error message alone', detail: { errorMessage: 'canary-5f1c' } },
])('a call with $what changed nothing', ({ detail }) => {
  expect(words(event('DeleteSecret', detail))).toBe('DeleteSecret failed, so nothing changed');
});

test('a call whose error fields are null succeeded', () => {
  expect(words(event('DeleteSecret', { errorCode: null, errorMessage: null, requestID: null }))).toBe(
    'lifecycle -',
  );
});

describe('the version is known where the event leaves no doubt', () => {
  const put = { secretId: ARN, clientRequestToken: TOKEN };
  const move = { secretId: ARN, moveToVersionId: TOKEN };

  test.each([
    { name: 'PutSecretValue', detail: { requestParameters: put }, version: TOKEN },
    { name: 'PutSecretValue', detail: { requestParameters: { ...put, versionStages: [] } }, version: TOKEN },
    {
      name: 'PutSecretValue',
      detail: { requestParameters: { ...put, versionStages: ['AWSPENDING', 'AWSCURRENT'] } },
      version: TOKEN,
    },
    {
      name: 'PutSecretValue',
      detail: { requestParameters: { ...put, versionStages: ['AWSPENDING', 'blue'] } },
      version: '-',
    },
    {
      name: 'UpdateSecretVersionStage',
      detail: { requestParameters: { ...move, versionStage: 'AWSCURRENT' } },
      version: TOKEN,
    },
    {
      name: 'UpdateSecretVersionStage',
      detail: { requestParameters: { ...move, versionStage: 'AWSPREVIOUS' } },
      version: '-',
    },
    {
      name: 'UpdateSecretVersionStage',
      detail: { requestParameters: { ...move, versionStage: 'blue' } },
      version: '-',
    },
    { name: 'UpdateSecret', detail: { requestParameters: put }, version: '-' },
    {
      name: 'UpdateSecret',
      detail: { requestParameters: put, responseElements: { versionId: TOKEN } },
      version: TOKEN,
    },
    {
      name: 'CreateSecret',
      detail: { requestParameters: { name: 'a', clientRequestToken: TOKEN } },
      version: '-',
    },
    {
      name: 'RotationSucceeded',
      detail: { additionalEventData: { SecretId: ARN }, requestID: `Rotation-${ARN}-${TOKEN}` },
      version: TOKEN,
    },
    {
      name: 'RotationSucceeded',
      detail: { additionalEventData: { SecretId: ARN }, requestID: `Rotation-${ARN}-` },
      version: '-',
    },
    {
      name: 'RotationSucceeded',
      detail: { additionalEventData: { SecretId: ARN }, requestID: TOKEN },
      version: '-',
    },
  ])('$name $detail gives $version', ({ name, detail, version }) => {
    expect(words(event(name, detail))).toBe(`value ${version}`);
  });
});

test.each([
  { place: 'resources', resources: [ARN], detail: {} },
  {
    place: 'additionalEventData.SecretId',
    resources: [],
    detail: { additionalEventData: { SecretId: ARN } },
  },
  {
    place: 'serviceEventDetails.secretId',
    resources: [],
    detail: { serviceEventDetails: { secretId: ARN } },
  },
  { place: 'responseElements.arn', resources: [], detail: { responseElements: { arn: ARN } } },
  { place: 'responseElements.aRN', resources: [], detail: { responseElements: { aRN: ARN } } },
  { place: 'responseElements.ARN', resources: [], detail: { responseElements: { ARN } } },
  { place: 'requestParameters.secretId', resources: [], detail: { requestParameters: { secretId: ARN } } },
  { place: 'requestParameters.name', resources: [], detail: { requestParameters: { name: ARN } } },
])('the secret is found in $place', ({ resources, detail }) => {
  const body = changed(event('DeleteSecret', { requestParameters: null, ...detail }), { resources });

  expect(parseEvent(body)).toMatchObject({ change: { ids: expect.arrayContaining([ARN, 'prod/shop/db']) } });
});

test.each([
  { what: 'an event name', body: event('canary=5f1c', {}) },
  { what: 'a long event name', body: event('c'.repeat(65), {}) },
  { what: 'a source', body: changed(event('DeleteSecret', {}), { source: 'canary=5f1c' }) },
  { what: 'a detail type', body: changed(event('DeleteSecret', {}), { 'detail-type': 'canary=5f1c' }) },
])('$what that is no plain name is not repeated', ({ body }) => {
  expect(words(body)).not.toMatch(/canary|ccc/u);
});

test('keys that reach for prototypes change nothing beyond the event', () => {
  const hostile: unknown = JSON.parse(
    JSON.stringify(event('DeleteSecret', {})).replace(
      '"requestParameters":{',
      '"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"requestParameters":{"__proto__":{"polluted":true},',
    ),
  );

  expect(words(hostile)).toBe('lifecycle -');
  expect('polluted' in {}).toBe(false);
});
