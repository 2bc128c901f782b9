import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { RelayError } from '../../../lambda/errors.ts';
import { parseEvent } from '../../../lambda/events/parse-event.ts';
import { parseSecretArn, secretIdCandidates } from '../../../lambda/model/secret-ids.ts';

const SAMPLES = new URL('samples/', import.meta.url);
const sample = (name: string): unknown => JSON.parse(readFileSync(new URL(`${name}.json`, SAMPLES), 'utf8'));

/** The event with other fields. */
const changed = (event: unknown, fields: object): unknown => Object.assign({}, event, fields);

const V = '00000000-0000-4000-8000-0000000000c2';
const DB = ['prod/shop/db'];

const EXPECTED: readonly {
  readonly file: string;
  readonly becomes: string;
  readonly ids?: readonly string[];
  readonly version?: string;
}[] = [
  {
    file: 'native-secret-label-updated',
    becomes: 'value',
    ids: ['mySecret'],
    version: 'a1b2c3d4-5678-90ab-cdef-EXAMPLE11111',
  },
  { file: 'native-custom-label', becomes: 'value', ids: DB },
  {
    file: 'ct-put-secret-value',
    becomes: 'value',
    ids: ['prod/test-secret'],
    version: '4d383ea9-084a-49c9-8722-cbfb0f25c456',
  },
  { file: 'ct-put-secret-value-by-name', becomes: 'value', ids: DB, version: V },
  {
    file: 'ct-put-secret-value-pending',
    becomes: 'ignored: PutSecretValue of AWSPENDING changes nothing yet',
  },
  { file: 'ct-put-secret-value-custom-stage', becomes: 'value', ids: DB },
  { file: 'ct-put-secret-value-denied', becomes: 'ignored: PutSecretValue failed, so nothing changed' },
  { file: 'ct-update-secret', becomes: 'value', ids: DB },
  { file: 'ct-update-secret-version-stage', becomes: 'value', ids: DB, version: V },
  {
    file: 'ct-update-secret-version-stage-pending',
    becomes: 'ignored: UpdateSecretVersionStage of AWSPENDING changes nothing yet',
  },
  { file: 'ct-create-secret', becomes: 'value', ids: DB },
  { file: 'ct-delete-secret', becomes: 'lifecycle', ids: DB },
  { file: 'ct-restore-secret', becomes: 'lifecycle', ids: DB },
  { file: 'ct-tag-resource', becomes: 'metadata', ids: DB },
  { file: 'ct-untag-resource', becomes: 'metadata', ids: DB },
  { file: 'ct-replicate-secret-to-regions', becomes: 'lifecycle', ids: DB },
  { file: 'ct-rotate-secret', becomes: 'ignored: RotateSecret changes no value' },
  { file: 'ct-rotation-started', becomes: 'ignored: RotationStarted changes no value' },
  { file: 'ct-rotation-failed', becomes: 'ignored: RotationFailed changes no value' },
  {
    file: 'ct-rotation-succeeded',
    becomes: 'value',
    ids: ['Appuser-pyodbc'],
    version: '7ac47c8c-f328-423b-9698-6926dd1f293e',
  },
  { file: 'ct-rotation-succeeded-managed', becomes: 'value', ids: DB },
  { file: 'ct-end-secret-version-delete', becomes: 'lifecycle', ids: DB },
  { file: 'ct-put-resource-policy', becomes: 'ignored: PutResourcePolicy changes no value' },
  { file: 'ct-unknown-operation', becomes: 'ignored: PolishSecret is not known to change a secret' },
  { file: 'ssm-parameter-store-change-update', becomes: 'value', ids: ['MyExampleParameter'] },
];

test.each(EXPECTED)('$file becomes $becomes', ({ file, becomes, ids = [], version }) => {
  const parsed = parseEvent(sample(file));

  expect(parsed.kind === 'change' ? parsed.change.kind : `ignored: ${parsed.reason}`).toBe(becomes);
  if (parsed.kind === 'ignored') {
    expect(sample(file)).toMatchObject({ id: parsed.eventId });
    return;
  }
  expect(parsed.change.ids).toEqual(expect.arrayContaining([...ids]));
  expect(parsed.change.versionId).toBe(version);
});

test('every sample has an expectation', () => {
  expect(readdirSync(SAMPLES).toSorted()).toEqual(EXPECTED.map(({ file }) => `${file}.json`).toSorted());
});

test('a change says when and where it happened', () => {
  expect(parseEvent(sample('native-secret-label-updated'))).toMatchObject({
    change: {
      eventId: '6a7e8feb-b491-4cf7-a9f1-bf3703467718',
      time: new Date('2024-02-06T16:43:48Z'),
      region: 'us-west-2',
      account: '012345678901',
    },
  });
});

describe('a secret’s id', () => {
  test.each([
    { id: 'prod/db', candidates: ['prod/db'] },
    {
      id: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-AbCdEf',
      candidates: [
        'prod/db',
        'prod/db-AbCdEf',
        'arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db',
        'arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-AbCdEf',
      ],
    },
    {
      id: 'arn:aws-cn:secretsmanager:cn-north-1:111122223333:secret:prod/db',
      candidates: ['prod/db', 'arn:aws-cn:secretsmanager:cn-north-1:111122223333:secret:prod/db'],
    },
  ])('$id may be called $candidates', ({ id, candidates }) => {
    expect([...secretIdCandidates(id)].toSorted()).toEqual([...candidates].toSorted());
  });

  test('of an ARN has region, account and name', () => {
    expect(parseSecretArn('arn:aws:secretsmanager:eu-west-1:111122223333:secret:a/b-AbCdEf')).toEqual({
      region: 'eu-west-1',
      account: '111122223333',
      name: 'a/b-AbCdEf',
    });
    expect(parseSecretArn('prod/db')).toBeUndefined();
  });
});

describe('a malformed event', () => {
  test.each([
    { what: 'no object', event: 'canary', names: 'event (expected object)' },
    {
      what: 'without detail',
      event: changed(sample('native-secret-label-updated'), { detail: undefined }),
      names: 'event.detail',
    },
    {
      what: 'with a time that is none',
      event: changed(sample('native-secret-label-updated'), { time: 'canary' }),
      names: 'event.time (expected datetime)',
    },
    {
      what: 'with a version id of another type',
      event: changed(sample('native-secret-label-updated'), {
        detail: { name: 'canary', labelUpdated: 'AWSCURRENT', versionId: 7 },
      }),
      names: 'detail.versionId (expected string)',
    },
    {
      what: 'that names no secret',
      event: changed(sample('ct-tag-resource'), {
        detail: { eventName: 'TagResource', requestParameters: { tags: 'canary' } },
      }),
      names: 'TagResource names no secret',
    },
  ])('$what is refused by the name of the field, and not quoted', ({ event, names }) => {
    const refusal = (): unknown => parseEvent(event);

    expect(refusal).toThrow(RelayError);
    expect(refusal).toThrow(names);
    expect(refusal).not.toThrow('canary');
  });
});
