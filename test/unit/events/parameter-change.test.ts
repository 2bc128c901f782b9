import { expect, test } from '@jest/globals';
import { parseEvent } from '../../../lambda/events/parse-event.ts';

const ARN = 'arn:aws:ssm:us-east-2:111122223333:parameter/shop/db';
const event = (operation: string, more: Readonly<Record<string, unknown>> = {}) => ({
  version: '0',
  id: '9547ef2d-3b7e-4057-b6cb-5fdf09ee7c8f',
  'detail-type': 'Parameter Store Change',
  source: 'aws.ssm',
  account: '111122223333',
  time: '2024-05-22T16:44:48Z',
  region: 'us-east-2',
  resources: [ARN],
  detail: { operation, name: '/shop/db', type: 'String', description: 'Sample' },
  ...more,
});

test.each([
  { operation: 'Create', kind: 'value' },
  { operation: 'Update', kind: 'value' },
  { operation: 'LabelParameterVersion', kind: 'label' },
  { operation: 'Delete', kind: 'lifecycle' },
])('$operation of a parameter is a change of kind $kind, by name and ARN', ({ operation, kind }) => {
  expect(parseEvent(event(operation))).toEqual({
    kind: 'change',
    change: {
      eventId: '9547ef2d-3b7e-4057-b6cb-5fdf09ee7c8f',
      service: 'ParameterStore',
      time: new Date('2024-05-22T16:44:48Z'),
      region: 'us-east-2',
      account: '111122223333',
      kind,
      ids: [ARN, '/shop/db'],
      versionId: undefined,
    },
  });
});

test('an operation that is not known is ignored by name', () => {
  expect(parseEvent(event('Move'))).toMatchObject({
    kind: 'ignored',
    reason: expect.stringContaining('Move'),
  });
});

test('another event of Systems Manager is ignored', () => {
  expect(parseEvent(event('Update', { 'detail-type': 'Parameter Store Policy Action' }))).toMatchObject({
    kind: 'ignored',
    reason: 'events of type Parameter Store Policy Action are not watched',
  });
});

test('one without a name is malformed, and not quoted', () => {
  expect(() => parseEvent(event('Update', { detail: { operation: 'Update', type: 'canary' } }))).toThrow(
    /^EVENT_MALFORMED: missing or wrong: detail\.name \(expected string\)/u,
  );
});
