import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseEvent } from '../../../lambda/events/parse-event.ts';

/** Nearly an event: each field may be right or be anything that JSON can hold. */
const nearly = (values: readonly string[]) =>
  fc.oneof({ weight: 12, arbitrary: fc.constantFrom(...values) }, { weight: 1, arbitrary: fc.jsonValue() });
const detail = fc.record(
  {
    eventName: nearly([
      'PutSecretValue',
      'UpdateSecretVersionStage',
      'RotationSucceeded',
      'DeleteSecret',
      '__proto__',
    ]),
    errorCode: fc.option(fc.string()),
    requestID: nearly(['Rotation-arn-']),
    requestParameters: fc.oneof(
      fc.record({
        secretId: nearly(['prod/db']),
        versionStages: fc.jsonValue(),
        versionStage: fc.jsonValue(),
      }),
      fc.jsonValue(),
    ),
    additionalEventData: fc.oneof(fc.record({ SecretId: nearly(['arn']) }), fc.jsonValue()),
    name: nearly(['prod/db']),
    labelUpdated: nearly(['AWSCURRENT']),
    versionId: nearly(['v1']),
  },
  { requiredKeys: [] },
);
const event = fc.record(
  {
    id: nearly(['event-1']),
    source: fc.constant('aws.secretsmanager'),
    'detail-type': nearly([
      'Secret Label Updated',
      'AWS API Call via CloudTrail',
      'AWS Service Event via CloudTrail',
    ]),
    account: nearly(['111122223333']),
    region: nearly(['eu-west-1']),
    time: nearly(['2026-01-01T00:00:00Z']),
    resources: fc.oneof(fc.array(nearly(['arn'])), fc.jsonValue()),
    detail: fc.oneof({ weight: 9, arbitrary: detail }, { weight: 1, arbitrary: fc.jsonValue() }),
  },
  { requiredKeys: ['source'] },
);

test('is a change with ids, or ignored, or refused: nothing else, whatever the event', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(
      fc.oneof({ weight: 1, arbitrary: fc.anything() }, { weight: 9, arbitrary: event }),
      (body) => {
        try {
          const parsed = parseEvent(body);
          seen.add(parsed.kind);
          if (parsed.kind === 'change') expect(parsed.change.ids.filter((id) => id !== '')).not.toEqual([]);
        } catch (error) {
          expect(error).toMatchObject({ name: 'RelayError', code: 'EVENT_MALFORMED' });
          seen.add('refused');
        }
      },
    ),
    { numRuns: 3000, seed: 20261123 },
  );

  expect([...seen].toSorted()).toEqual(['change', 'ignored', 'refused']);
});
