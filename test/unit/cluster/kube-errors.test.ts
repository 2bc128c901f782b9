import { describe, expect, test } from '@jest/globals';
import { responseError, saysNoSuch, transportError } from '../../../lambda/cluster/kube-errors.ts';
import type { Asked } from '../../../lambda/cluster/kube-errors.ts';
import { TransportError } from '../../../lambda/cluster/transport-error.ts';
import { CANARY, aProxyAnswer, aStatus } from './statuses.ts';

function asking(verb: Asked['verb']): Asked {
  return { where: 'dev/shop/db', namespace: 'shop', verb };
}

const forbiddenField = (field: string) => ({ reason: 'FieldValueForbidden', field });
const invalidField = (field: string) => ({ reason: 'FieldValueInvalid', field });

describe('an answer', () => {
  test.each([
    {
      what: '401',
      verb: 'get',
      answer: aStatus(401, { reason: 'Unauthorized' }),
      code: 'CLUSTER_UNAUTHENTICATED',
    },
    {
      what: '403',
      verb: 'patch',
      answer: aStatus(403, { reason: 'Forbidden', kind: 'secrets' }),
      code: 'CLUSTER_FORBIDDEN',
    },
    {
      what: '403 in a namespace that is being deleted',
      verb: 'create',
      answer: aStatus(403, {
        reason: 'Forbidden',
        kind: 'secrets',
        causes: [{ reason: 'NamespaceTerminating', field: 'metadata.namespace' }],
      }),
      code: 'NAMESPACE_NOT_FOUND',
    },
    {
      what: '404 of the namespace',
      verb: 'create',
      answer: aStatus(404, { reason: 'NotFound', kind: 'namespaces' }),
      code: 'NAMESPACE_NOT_FOUND',
    },
    {
      what: '404 of the Secret',
      verb: 'patch',
      answer: aStatus(404, { reason: 'NotFound', kind: 'secrets' }),
      code: 'TARGET_CONTENDED',
    },
    { what: '404 of something else', verb: 'create', answer: aProxyAnswer(404), code: 'CLUSTER_UNAVAILABLE' },
    {
      what: '404 of a list',
      verb: 'list',
      answer: aStatus(404, { reason: 'NotFound', kind: 'secrets' }),
      code: 'CLUSTER_UNAVAILABLE',
    },
    {
      what: '409 AlreadyExists',
      verb: 'create',
      answer: aStatus(409, { reason: 'AlreadyExists', kind: 'secrets' }),
      code: 'TARGET_CONTENDED',
    },
    {
      what: '409 Conflict',
      verb: 'patch',
      answer: aStatus(409, { reason: 'Conflict', kind: 'secrets' }),
      code: 'TARGET_CONTENDED',
    },
    { what: '409 of a webhook', verb: 'patch', answer: aStatus(409), code: 'CLUSTER_REJECTED' },
    {
      what: '413',
      verb: 'create',
      answer: aStatus(413, { reason: 'RequestEntityTooLarge' }),
      code: 'SECRET_TOO_LARGE',
    },
    {
      what: '422 of the data’s length',
      verb: 'create',
      answer: aStatus(422, {
        reason: 'Invalid',
        kind: 'Secret',
        causes: [{ reason: 'FieldValueTooLong', field: 'data' }],
      }),
      code: 'SECRET_TOO_LARGE',
    },
    {
      what: '500 of etcd for the size',
      verb: 'patch',
      answer: aStatus(500, { message: 'etcdserver: request is too large' }),
      code: 'SECRET_TOO_LARGE',
    },
    {
      what: '422 of the uid',
      verb: 'patch',
      answer: aStatus(422, { reason: 'Invalid', causes: [invalidField('metadata.uid')] }),
      code: 'TARGET_CONTENDED',
    },
    {
      what: '422 of the type',
      verb: 'patch',
      answer: aStatus(422, { reason: 'Invalid', causes: [invalidField('type')] }),
      code: 'TARGET_IMMUTABLE',
    },
    {
      what: '422 of an immutable Secret',
      verb: 'patch',
      answer: aStatus(422, {
        reason: 'Invalid',
        causes: [forbiddenField('immutable'), forbiddenField('data')],
      }),
      code: 'TARGET_IMMUTABLE',
    },
    {
      what: '422 of an immutable Secret’s data',
      verb: 'patch',
      answer: aStatus(422, { reason: 'Invalid', causes: [forbiddenField('data')] }),
      code: 'TARGET_IMMUTABLE',
    },
    {
      what: '422 of a key',
      verb: 'create',
      answer: aStatus(422, { reason: 'Invalid', causes: [invalidField('data[tls.crt]')] }),
      code: 'CLUSTER_REJECTED',
    },
    {
      what: '422 of an admission policy',
      verb: 'create',
      answer: aStatus(422, { reason: 'Invalid', kind: 'secrets', causes: [{}] }),
      code: 'CLUSTER_REJECTED',
    },
    { what: '400', verb: 'create', answer: aStatus(400, { reason: 'BadRequest' }), code: 'CLUSTER_REJECTED' },
    {
      what: '429',
      verb: 'patch',
      answer: aStatus(429, { reason: 'TooManyRequests' }),
      code: 'CLUSTER_THROTTLED',
    },
    {
      what: '500 to a read',
      verb: 'get',
      answer: aStatus(500, { reason: 'InternalError' }),
      code: 'CLUSTER_UNAVAILABLE',
    },
    {
      what: '504 to a list',
      verb: 'list',
      answer: aStatus(504, { reason: 'Timeout' }),
      code: 'CLUSTER_UNAVAILABLE',
    },
    {
      what: '500 to a write',
      verb: 'patch',
      answer: aStatus(500, { reason: 'InternalError' }),
      code: 'WRITE_UNCERTAIN',
    },
    {
      what: '502 of a load balancer to a write',
      verb: 'delete',
      answer: aProxyAnswer(502),
      code: 'WRITE_UNCERTAIN',
    },
    { what: '302', verb: 'get', answer: aProxyAnswer(302), code: 'CLUSTER_UNAVAILABLE' },
  ] as const)('$what is $code, says where, and quotes nothing', ({ verb, answer, code }) => {
    const error = responseError(asking(verb), answer);

    expect(error.code).toBe(code);
    expect(error.message).toContain(`dev/shop/db: ${verb} was answered ${answer.status}`);
    expect(`${error.stack ?? ''}${JSON.stringify(error)}`).not.toContain(CANARY);
  });

  test('names the field, with the key in it', () => {
    const error = responseError(
      asking('create'),
      aStatus(422, {
        reason: 'Invalid',
        causes: [invalidField('data[tls.crt]'), invalidField('data[tls.crt]')],
      }),
    );

    expect(error.message).toContain('422 Invalid at data[tls.crt];');
  });

  test('names what the relay may not do', () => {
    const error = responseError(asking('patch'), aStatus(403, { reason: 'Forbidden', kind: 'secrets' }));

    expect(error.message).toContain('may not patch secrets in namespace shop');
  });

  test.each([
    {
      what: 'keys that its type wants',
      causes: ['tls.crt', 'tls.key'].map((key) => ({ reason: 'FieldValueRequired', field: `data[${key}]` })),
      message: 'a Secret of its type needs tls.crt and tls.key: make it in target.template',
    },
    {
      what: 'a value that its type does not take',
      causes: [invalidField('data[.dockerconfigjson]')],
      message: 'takes no such value as .dockerconfigjson',
    },
  ])('about $what names the key', ({ causes, message }) => {
    const error = responseError(asking('create'), aStatus(422, { reason: 'Invalid', causes }));

    expect(error.message).toContain(message);
  });

  test('carries how long the API server asks to wait', () => {
    const error = responseError(asking('get'), aStatus(429, { headers: { 'retry-after': '30' } }));

    expect(error.retryAfterMs).toBe(30_000);
  });

  test.each([
    { what: 'a path with a value in its brackets', field: `data[${CANARY} !]` },
    { what: 'a word', field: CANARY },
    { what: 'a sentence', field: `the value ${CANARY} is bad` },
  ])('in which a webhook wrote $what for the field does not show it', ({ field }) => {
    const error = responseError(
      asking('create'),
      aStatus(422, { reason: 'Invalid', causes: [{ reason: CANARY, field }] }),
    );

    expect(error.message).not.toContain(CANARY);
  });
});

describe('no such Secret', () => {
  test.each([
    {
      what: 'the API server’s 404 for the Secret',
      answer: aStatus(404, { reason: 'NotFound', kind: 'secrets' }),
      says: true,
    },
    {
      what: 'a 404 for the namespace',
      answer: aStatus(404, { reason: 'NotFound', kind: 'namespaces' }),
      says: false,
    },
    { what: 'a 404 of something between', answer: aProxyAnswer(404), says: false },
    { what: 'an error', answer: aStatus(500, { kind: 'secrets' }), says: false },
  ])('is said by $what: $says', ({ answer, says }) => {
    expect(saysNoSuch('secrets', answer)).toBe(says);
  });
});

describe('an exchange without an answer', () => {
  test.each([
    { kind: 'aborted', request: 'sent', read: 'DEADLINE', write: 'DEADLINE' },
    { kind: 'tls', request: 'not-sent', read: 'CLUSTER_TLS', write: 'CLUSTER_TLS' },
    { kind: 'refused', request: 'not-sent', read: 'CLUSTER_UNREACHABLE', write: 'CLUSTER_UNREACHABLE' },
    { kind: 'broken', request: 'sent', read: 'CLUSTER_UNREACHABLE', write: 'WRITE_UNCERTAIN' },
    { kind: 'timeout', request: 'not-sent', read: 'CLUSTER_TIMEOUT', write: 'CLUSTER_TIMEOUT' },
    { kind: 'timeout', request: 'sent', read: 'CLUSTER_TIMEOUT', write: 'WRITE_UNCERTAIN' },
    { kind: 'too-large', request: 'sent', read: 'CLUSTER_UNAVAILABLE', write: 'WRITE_UNCERTAIN' },
  ] as const)('$kind, $request: a read is $read, a write $write', ({ kind, request, read, write }) => {
    const error = new TransportError(kind, 'EFAKE', request);

    expect(transportError(asking('get'), error)).toMatchObject({ code: read, retryable: true });
    expect(transportError(asking('patch'), error)).toMatchObject({ code: write, retryable: true });
    expect(transportError(asking('get'), error).message).toContain('dev/shop/db');
  });
});
