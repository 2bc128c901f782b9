import { expect, test } from '@jest/globals';
import { partOfBatch } from '../../../../local/aws/facade/partial-batch.ts';
import { hurried } from '../../../../local/aws/facade/queue-waits.ts';
import { kubeAction } from '../../../../local/faults/kube-request.ts';
import { always, first } from '../../../../local/faults/plans.ts';

const incoming = (changes: object = {}) => ({ method: 'GET', path: '/', headers: {}, body: '', ...changes });
const operation = (service: string, action: string) => ({
  service,
  action,
  region: 'eu-west-1',
  accessKeyId: 'AKIAFAKE',
});
const SECRETS = '/api/v1/namespaces/shop/secrets';

test.each([
  { method: 'GET', path: `${SECRETS}?limit=500`, action: 'list' },
  { method: 'GET', path: `${SECRETS}/db`, action: 'get' },
  { method: 'GET', path: '/api/v1/namespaces', action: 'list' },
  { method: 'GET', path: '/api/v1/namespaces/shop', action: 'get' },
  { method: 'GET', path: '/apis/apps/v1/namespaces/shop/deployments', action: 'list' },
  { method: 'GET', path: '/apis/apps/v1/namespaces/shop/deployments/web', action: 'get' },
  { method: 'POST', path: SECRETS, action: 'create' },
  { method: 'DELETE', path: `${SECRETS}/db`, action: 'delete' },
  { method: 'PATCH', path: `${SECRETS}/db`, type: 'application/apply-patch+yaml', action: 'apply' },
  { method: 'PATCH', path: `${SECRETS}/db`, type: 'application/merge-patch+json', action: 'patch' },
])('$method $path is $action', ({ method, path, type, action }) => {
  expect(kubeAction(incoming({ method, path, headers: { 'content-type': type } }))).toBe(action);
});

test('a fault is met by what it is for, as often as it is to be', () => {
  const seen = { action: 'get', path: '/a', body: '' };
  const plan = first(1, { action: 'get', path: /a/u }, { kind: 'cut' });

  expect([
    plan({ ...seen, path: '/b' }),
    plan({ ...seen, action: 'list' }),
    plan(seen),
    plan(seen),
    always({ body: /x/u }, { kind: 'cut' })({ ...seen, body: 'x' }),
  ]).toEqual([undefined, undefined, { kind: 'cut' }, undefined, { kind: 'cut' }]);
});

test('of a batch that partly fails, the first half is carried out and the rest is listed as failed', async () => {
  const asked: string[] = [];
  const pass = ({ body }: { readonly body: string }) => {
    asked.push(body);
    return Promise.resolve({ status: 200, headers: {}, body: '{"SecretValues":["a"],"Errors":[]}' });
  };

  const answer = await partOfBatch(
    operation('secretsmanager', 'BatchGetSecretValue'),
    incoming({ body: '{"SecretIdList":["a","b","c"]}' }),
    pass,
  );

  expect(asked).toEqual(['{"SecretIdList":["a"]}']);
  expect(JSON.parse(answer.body)).toEqual({
    SecretValues: ['a'],
    Errors: ['b', 'c'].map((SecretId) => ({
      SecretId,
      ErrorCode: 'InternalServiceError',
      Message: 'failed on request',
    })),
  });
});

test.each([
  {
    call: 'SendMessageBatch',
    body: '{"Entries":[{"Id":"0","DelaySeconds":60},{"Id":"1"}]}',
    hasty: '{"Entries":[{"Id":"0","DelaySeconds":2},{"Id":"1","DelaySeconds":0}]}',
  },
  {
    call: 'ChangeMessageVisibility',
    body: '{"VisibilityTimeout":900}',
    hasty: '{"VisibilityTimeout":2}',
  },
  { call: 'ReceiveMessage', body: '{"WaitTimeSeconds":20}', hasty: '{"WaitTimeSeconds":20}' },
])('a queue in a hurry cuts the waits of $call', ({ call, body, hasty }) => {
  expect(hurried(operation('sqs', call), body, 2)).toBe(hasty);
  expect(hurried(operation('sqs', call), body, undefined)).toBe(body);
});
