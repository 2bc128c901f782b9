import { describe, expect, test } from '@jest/globals';
import { createClusterSecrets } from '../../../lambda/cluster/cluster-secrets.ts';
import type { HttpsResponse } from '../../../lambda/cluster/https-transport.ts';
import type { KubeRequest, Session } from '../../../lambda/cluster/session.ts';
import { RelayError } from '../../../lambda/errors.ts';
import type { DesiredSecret } from '../../../lambda/model/target.ts';
import { Sensitive } from '../../../lambda/sensitive.ts';
import { aMetadataList, aMetadataObject } from './metadata-answers.ts';
import { aProxyAnswer, aStatus } from './statuses.ts';

const signal = new AbortController().signal;
const target = { cluster: 'dev', namespace: 'shop', name: 'db' };
const precondition = { uid: 'uid-1', resourceVersion: '100' };
const noSuchSecret = aStatus(404, { reason: 'NotFound', kind: 'secrets' });
const conflict = aStatus(409, { reason: 'Conflict', kind: 'secrets' });

function aDesired(): DesiredSecret {
  const data = new Map([['password', new Sensitive(new TextEncoder().encode('fake'))]]);
  return { target, type: undefined, labels: {}, annotations: {}, data };
}

const ok = (body: unknown, status = 200): HttpsResponse => ({
  status,
  headers: {},
  body: JSON.stringify(body),
});

/** The port over a session that gives the answers in order. */
function start(...answers: readonly HttpsResponse[]) {
  const sent: KubeRequest[] = [];
  const clusters: string[] = [];
  const session: Session = {
    send: (request) => {
      const answer = answers[sent.push(request) - 1];
      return answer === undefined ? Promise.reject(new Error('no answer is left')) : Promise.resolve(answer);
    },
    close: () => undefined,
  };
  const secrets = createClusterSecrets((cluster) => {
    clusters.push(cluster);
    return session;
  });
  return { secrets, sent, clusters };
}

describe('observing', () => {
  test('gives the metadata, from the target’s cluster', async () => {
    const { secrets, clusters } = start(ok(aMetadataObject()));

    expect(await secrets.observe(target, signal)).toMatchObject(precondition);
    expect(clusters).toEqual(['dev']);
  });

  test('a Secret that is missing gives undefined', async () => {
    expect(await start(noSuchSecret).secrets.observe(target, signal)).toBeUndefined();
  });

  test.each([
    { what: 'a 404 of something between', answer: aProxyAnswer(404), code: 'CLUSTER_UNAVAILABLE' },
    { what: 'a failure', answer: aStatus(403, { reason: 'Forbidden' }), code: 'CLUSTER_FORBIDDEN' },
  ])('$what is an error, not a missing Secret', async ({ answer, code }) => {
    await expect(start(answer).secrets.observe(target, signal)).rejects.toMatchObject({ code });
  });
});

describe('holding', () => {
  const whole = (changes: object = {}) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      ...precondition,
      annotations: { 'keyrelay.dev/revision': 'v1', 'kubectl.kubernetes.io/last-applied-configuration': 'x' },
      ...changes,
    },
    data: { password: 'ZmFrZQ==', empty: '' },
  });
  const textOf = (value: Sensitive<Uint8Array> | undefined) =>
    Buffer.from(value?.reveal() ?? []).toString('utf8');

  test('gives the values, and of the annotations the relay’s own', async () => {
    const { secrets, sent } = start(ok(whole()));

    const held = await secrets.hold(target, precondition, signal);

    expect([...held.data].map(([key, value]) => [key, textOf(value)])).toEqual([
      ['password', 'fake'],
      ['empty', ''],
    ]);
    expect(held.annotations).toEqual({ 'keyrelay.dev/revision': 'v1' });
    expect(sent).toMatchObject([{ method: 'GET', headers: { Accept: 'application/json' } }]);
  });

  test('a Secret without data has none', async () => {
    const { secrets } = start(ok({ ...whole(), data: null }), ok({ kind: 'Secret', metadata: precondition }));

    expect((await secrets.hold(target, precondition, signal)).data.size).toBe(0);
    expect((await secrets.hold(target, precondition, signal)).data.size).toBe(0);
  });

  test.each([
    { what: 'another version', answer: ok(whole({ resourceVersion: '101' })), code: 'TARGET_CONTENDED' },
    { what: 'another Secret of the name', answer: ok(whole({ uid: 'uid-2' })), code: 'TARGET_CONTENDED' },
    { what: 'no Secret any more', answer: noSuchSecret, code: 'TARGET_CONTENDED' },
    { what: 'a refusal', answer: aStatus(403, { reason: 'Forbidden' }), code: 'CLUSTER_FORBIDDEN' },
    { what: 'metadata alone', answer: ok(aMetadataObject()), code: 'CLUSTER_UNAVAILABLE' },
    { what: 'no JSON', answer: { status: 200, headers: {}, body: '{' }, code: 'CLUSTER_UNAVAILABLE' },
  ])('$what is an error', async ({ answer, code }) => {
    await expect(start(answer).secrets.hold(target, precondition, signal)).rejects.toMatchObject({ code });
  });

  test('an answer that is not understood is not quoted', async () => {
    const answer = ok({ ...whole(), kind: 'canary-5f1c', data: { password: 7 } });

    await expect(start(answer).secrets.hold(target, precondition, signal)).rejects.toMatchObject({
      message: expect.not.stringContaining('canary-5f1c'),
    });
  });
});

describe('writing', () => {
  test.each([
    {
      what: 'create',
      write: (on: ReturnType<typeof start>) => on.secrets.create(aDesired(), signal),
      method: 'POST',
    },
    {
      what: 'apply',
      write: (on: ReturnType<typeof start>) => on.secrets.apply(aDesired(), precondition, signal),
      method: 'PATCH',
    },
    {
      what: 'prune',
      write: (on: ReturnType<typeof start>) =>
        on.secrets.prune(target, { keys: ['old'] }, precondition, signal),
      method: 'PATCH',
    },
  ])('$what sends one request and gives what to write under next', async ({ write, method }) => {
    const on = start(ok(aMetadataObject(), 201));

    expect(await write(on)).toEqual(precondition);
    expect(on.sent.map((request) => request.method)).toEqual([method]);
  });

  test.each([
    { what: 'create', write: (on: ReturnType<typeof start>) => on.secrets.create(aDesired(), signal) },
    {
      what: 'apply',
      write: (on: ReturnType<typeof start>) => on.secrets.apply(aDesired(), precondition, signal),
    },
    {
      what: 'prune',
      write: (on: ReturnType<typeof start>) =>
        on.secrets.prune(target, { keys: ['old'] }, precondition, signal),
    },
    {
      what: 'remove',
      write: (on: ReturnType<typeof start>) => on.secrets.remove(target, precondition, signal),
    },
  ])('$what over something newer is contended', async ({ write }) => {
    await expect(write(start(conflict))).rejects.toMatchObject({ code: 'TARGET_CONTENDED' });
  });

  test('an apply to a Secret that is gone is contended, not a success', async () => {
    await expect(start(noSuchSecret).secrets.apply(aDesired(), precondition, signal)).rejects.toMatchObject({
      code: 'TARGET_CONTENDED',
    });
  });
});

describe('removing', () => {
  test.each([
    { what: 'a Secret', answer: ok({ kind: 'Status', status: 'Success' }) },
    { what: 'a Secret that waits for its finalizers', answer: ok(aMetadataObject()) },
    { what: 'a Secret that is gone already', answer: noSuchSecret },
  ])('$what is done', async ({ answer }) => {
    await expect(start(answer).secrets.remove(target, precondition, signal)).resolves.toBeUndefined();
  });
});

describe('listing', () => {
  test('follows the pages to the end', async () => {
    const { secrets, sent } = start(ok(aMetadataList(['a', 'b'], 'token-2')), ok(aMetadataList(['c'])));

    const listed = await secrets.listManaged('dev', 'shop', signal);

    expect(listed.map((item) => item.target)).toEqual(
      ['a', 'b', 'c'].map((name) => ({ cluster: 'dev', namespace: 'shop', name })),
    );
    expect(sent.map(({ path }) => new URL(path, 'https://c').searchParams.get('continue'))).toEqual([
      null,
      'token-2',
    ]);
  });

  test('a namespace without Secrets gives none', async () => {
    expect(await start(ok(aMetadataList([]))).secrets.listManaged('dev', 'shop', signal)).toEqual([]);
  });

  test('begins again when the API server forgot the state, and mixes nothing', async () => {
    const expired = aStatus(410, { reason: 'Expired' });
    const { secrets } = start(
      ok(aMetadataList(['old'], 'token')),
      expired,
      ok(aMetadataList(['new'], 'token')),
      ok(aMetadataList(['newer'])),
    );

    const listed = await secrets.listManaged('dev', 'shop', signal);

    expect(listed.map((item) => item.target.name)).toEqual(['new', 'newer']);
  });

  test('gives up when that happens twice', async () => {
    const expired = aStatus(410, { reason: 'Expired' });
    const { secrets } = start(
      ok(aMetadataList(['a'], 'token')),
      expired,
      ok(aMetadataList(['a'], 'token')),
      expired,
    );

    await expect(secrets.listManaged('dev', 'shop', signal)).rejects.toMatchObject({
      code: 'CLUSTER_UNAVAILABLE',
    });
  });

  test('is an error when a later page fails: what came before is not given', async () => {
    const { secrets } = start(ok(aMetadataList(['a'], 'token')), aStatus(500, { reason: 'InternalError' }));

    await expect(secrets.listManaged('dev', 'shop', signal)).rejects.toMatchObject({
      code: 'CLUSTER_UNAVAILABLE',
    });
  });
});

test('a cluster that is not configured rejects, it does not throw', async () => {
  const secrets = createClusterSecrets(() => {
    throw new RelayError('CLUSTER_NOT_FOUND', 'as the test says');
  });

  await expect(secrets.observe(target, signal)).rejects.toMatchObject({ code: 'CLUSTER_NOT_FOUND' });
  await expect(secrets.listManaged('dev', 'shop', signal)).rejects.toMatchObject({
    code: 'CLUSTER_NOT_FOUND',
  });
  await expect(secrets.create(aDesired(), signal)).rejects.toMatchObject({ code: 'CLUSTER_NOT_FOUND' });
});
