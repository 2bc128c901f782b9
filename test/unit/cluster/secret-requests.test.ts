import { expect, test } from '@jest/globals';
import * as requests from '../../../lambda/cluster/secret-requests.ts';
import type { DesiredSecret } from '../../../lambda/model/target.ts';
import { Sensitive } from '../../../lambda/sensitive.ts';

const target = { cluster: 'dev', namespace: 'shop', name: 'db' };
const precondition = { uid: 'uid-1', resourceVersion: '100' };
const METADATA = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1';

function desired(changes: Partial<DesiredSecret> = {}): DesiredSecret {
  const data = new Map([
    ['password', new Sensitive(new TextEncoder().encode('fake-é'))],
    ['empty', new Sensitive(new Uint8Array())],
    ['bytes', new Sensitive(new Uint8Array([0, 255, 128]))],
  ]);
  return { target, type: undefined, labels: { app: 'shop' }, annotations: { note: 'x' }, data, ...changes };
}

function bodyOf(request: { readonly body?: string }): unknown {
  return JSON.parse(request.body ?? 'null');
}

test('a read asks for the metadata of the most recent state', () => {
  expect(requests.readRequest(target)).toEqual({
    asked: { where: 'dev/shop/db', namespace: 'shop', verb: 'get' },
    method: 'GET',
    path: '/api/v1/namespaces/shop/secrets/db',
    headers: { Accept: METADATA },
  });
});

test('a list asks for pages of the managed Secrets’ metadata', () => {
  const { asked, path, headers } = requests.listRequest('dev', 'shop', undefined);
  const url = new URL(path, 'https://cluster');

  expect(asked).toEqual({ where: 'dev/shop', namespace: 'shop', verb: 'list' });
  expect(url.pathname).toBe('/api/v1/namespaces/shop/secrets');
  expect(Object.fromEntries(url.searchParams)).toEqual({
    labelSelector: 'app.kubernetes.io/managed-by=keyrelay',
    limit: '500',
  });
  expect(headers).toEqual({ Accept: 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1' });
});

test('the next page is asked for by its token, whatever is in it', () => {
  const { path } = requests.listRequest('dev', 'shop', 'a+b/c==&limit=1');

  expect(new URL(path, 'https://cluster').searchParams.get('continue')).toBe('a+b/c==&limit=1');
});

test('a creation posts the whole Secret under the relay’s name', () => {
  const request = requests.createRequest(desired());

  expect(request).toMatchObject({
    asked: { verb: 'create' },
    method: 'POST',
    path: '/api/v1/namespaces/shop/secrets?fieldManager=keyrelay',
  });
  expect(request.headers).toEqual({ Accept: METADATA, 'Content-Type': 'application/json' });
  expect(bodyOf(request)).toEqual({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'db', namespace: 'shop', labels: { app: 'shop' }, annotations: { note: 'x' } },
    data: { password: 'ZmFrZS3DqQ==', empty: '', bytes: 'AP+A' },
  });
});

test('a type is sent where the declaration names one', () => {
  expect(bodyOf(requests.createRequest(desired({ type: 'kubernetes.io/tls' })))).toMatchObject({
    type: 'kubernetes.io/tls',
  });
});

test('an apply is forced, and bound to the object and the version that were observed', () => {
  const request = requests.applyRequest(desired(), precondition);

  expect(request).toMatchObject({
    asked: { verb: 'patch' },
    method: 'PATCH',
    path: '/api/v1/namespaces/shop/secrets/db?fieldManager=keyrelay&force=true',
  });
  expect(request.headers).toEqual({ Accept: METADATA, 'Content-Type': 'application/apply-patch+yaml' });
  expect(bodyOf(request)).toMatchObject({
    kind: 'Secret',
    metadata: { name: 'db', labels: { app: 'shop' }, ...precondition },
  });
});

test('a pruning removes the keys and is bound to what was observed', () => {
  const request = requests.pruneRequest(target, { keys: ['old', '__proto__'] }, precondition);

  expect(request).toMatchObject({
    asked: { verb: 'patch' },
    method: 'PATCH',
    path: '/api/v1/namespaces/shop/secrets/db?fieldManager=keyrelay',
  });
  expect(request.headers['Content-Type']).toBe('application/merge-patch+json');
  expect(request.body).toBe(
    '{"metadata":{"uid":"uid-1","resourceVersion":"100"},"data":{"old":null,"__proto__":null}}',
  );
});

test('a pruning takes the marks of another controller away too', () => {
  const marks = { labels: ['a.example/managed'], annotations: ['a.example/hash'] };

  expect(bodyOf(requests.pruneRequest(target, { keys: [], marks }, precondition))).toEqual({
    metadata: {
      ...precondition,
      labels: { 'a.example/managed': null },
      annotations: { 'a.example/hash': null },
    },
    data: {},
  });
});

test('a removal is bound to what was observed', () => {
  const request = requests.removeRequest(target, precondition);

  expect(request).toMatchObject({
    asked: { verb: 'delete' },
    method: 'DELETE',
    path: '/api/v1/namespaces/shop/secrets/db',
  });
  expect(bodyOf(request)).toEqual({ apiVersion: 'v1', kind: 'DeleteOptions', preconditions: precondition });
});

test('a name cannot leave its place in the path', () => {
  expect(requests.readRequest({ ...target, name: '../../x?y' }).path).toBe(
    '/api/v1/namespaces/shop/secrets/..%2F..%2Fx%3Fy',
  );
});

const OWNER = {
  apiVersion: 'external-secrets.io/v1',
  kind: 'ExternalSecret',
  name: 'db',
  uid: 'uid-of-db',
  controller: true,
  blockOwnerDeletion: true,
};

test('an owner is set on creation, and left to a pruning afterwards, which can take those of others into account', () => {
  const owned = desired({ owner: OWNER });

  expect(bodyOf(requests.createRequest(owned))).toMatchObject({ metadata: { ownerReferences: [OWNER] } });
  expect(bodyOf(requests.applyRequest(owned, precondition))).not.toHaveProperty('metadata.ownerReferences');
  expect(bodyOf(requests.pruneRequest(target, { keys: [], ownerReferences: [OWNER] }, precondition))).toEqual(
    {
      metadata: { ...precondition, ownerReferences: [OWNER] },
      data: {},
    },
  );
});
