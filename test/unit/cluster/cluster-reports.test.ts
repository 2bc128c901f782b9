import { describe, expect, test } from '@jest/globals';
import { createClusterReports } from '../../../lambda/cluster/cluster-reports.ts';
import type { KubeRequest } from '../../../lambda/cluster/session.ts';
import type { ClusterEvent } from '../../../lambda/model/cluster-event.ts';
import type { ClusterReports } from '../../../lambda/model/ports.ts';
import { aDeclaredObject } from '../../support/fake-reports.ts';
import { fieldsOf } from '../../support/resolved-template.ts';

const signal = new AbortController().signal;
const NOW = new Date('2026-01-05T12:00:00Z');
const { ref, uid, resourceVersion } = aDeclaredObject();
const target = { ref, uid, resourceVersion };
const event: ClusterEvent = {
  cluster: 'dev',
  regarding: {
    apiVersion: 'external-secrets.io/v1',
    kind: 'ExternalSecret',
    namespace: 'shop',
    name: 'db',
    uid,
  },
  ...{ type: 'Warning', reason: 'UpdateFailed', message: 'SOURCE_DENIED: why', topic: 'SOURCE_DENIED' },
};

type Answer = readonly [status: number, body?: object];
const noSuch = (kind: string): Answer => [404, { kind: 'Status', reason: 'NotFound', details: { kind } }];
const exists: Answer = [409, { kind: 'Status', reason: 'AlreadyExists' }];

/** Reports over a session that gives these answers, and the requests that it was sent. */
function start(...answers: readonly Answer[]): { reports: ClusterReports; sent: KubeRequest[] } {
  const sent: KubeRequest[] = [];
  const queue = [...answers];
  const reports = createClusterReports(() => ({
    send: (request) => {
      sent.push(request);
      const [status, body = {}] = queue.shift() ?? [500];
      return Promise.resolve({ status, headers: {}, body: JSON.stringify(body) });
    },
    close: () => undefined,
  }));
  return { reports, sent };
}

const bodyOf = (request: KubeRequest | undefined): unknown => JSON.parse(request?.body ?? 'null');

describe('a status', () => {
  test('is applied whole, by force, and only to what was observed', async () => {
    const { reports, sent } = start([200]);

    await reports.writeStatus(
      target,
      { conditions: [{ type: 'Ready', status: 'True' }], binding: { name: 'db' } },
      signal,
    );

    expect(sent).toMatchObject([
      {
        method: 'PATCH',
        path: '/apis/external-secrets.io/v1/namespaces/shop/externalsecrets/db/status?fieldManager=keyrelay&force=true',
        headers: { 'Content-Type': 'application/apply-patch+yaml' },
      },
    ]);
    expect(bodyOf(sent[0])).toEqual({
      apiVersion: 'external-secrets.io/v1',
      kind: 'ExternalSecret',
      metadata: { namespace: 'shop', name: 'db', uid: 'uid-of-es', resourceVersion: '17' },
      status: { conditions: [{ type: 'Ready', status: 'True' }], binding: { name: 'db' } },
    });
  });

  test('of a cluster-scoped store lies in no namespace', async () => {
    const { reports, sent } = start([200]);
    const store = { cluster: 'dev', kind: 'ClusterSecretStore', namespace: '', name: 'aws' } as const;

    await reports.writeStatus({ ...target, ref: store }, { conditions: [] }, signal);

    expect(sent[0]?.path).toMatch(/^\/apis\/external-secrets\.io\/v1\/clustersecretstores\/aws\/status\?/u);
    expect(bodyOf(sent[0])).toMatchObject({ metadata: { name: 'aws' } });
  });

  test('of an object that is gone is nobody’s to read', async () => {
    await start(noSuch('externalsecrets')).reports.writeStatus(target, { conditions: [] }, signal);
  });

  test.each([
    ['that changed meanwhile', [409, { kind: 'Status', reason: 'Conflict' }], 'TARGET_CONTENDED', 'observed'],
    [
      'that may not be told',
      [403],
      'CLUSTER_FORBIDDEN',
      'may not patch externalsecrets/status in namespace shop',
    ],
    ['behind something else', [404], 'CLUSTER_UNAVAILABLE', 'no answer of an API server'],
  ] as const)('of an object %s is an error', async (_case, answer, code, words) => {
    const writing = start(answer).reports.writeStatus(target, { conditions: [] }, signal);

    await expect(writing).rejects.toMatchObject({ code, message: expect.stringContaining(words) });
  });
});

test('an object is read as it is, and one that is gone is none', async () => {
  expect(await start([200, { metadata: { name: 'db' } }]).reports.read(ref, signal)).toEqual({
    metadata: { name: 'db' },
  });
  expect(await start(noSuch('externalsecrets')).reports.read(ref, signal)).toBeUndefined();
});

describe('an Event', () => {
  test('is made as kubectl describe looks for it', async () => {
    const { reports, sent } = start([201]);

    await reports.tell(event, NOW, signal);

    expect(sent).toMatchObject([
      { method: 'POST', path: '/api/v1/namespaces/shop/events?fieldManager=keyrelay' },
    ]);
    expect(bodyOf(sent[0])).toMatchObject({
      kind: 'Event',
      involvedObject: event.regarding,
      type: 'Warning',
      reason: 'UpdateFailed',
      message: 'SOURCE_DENIED: why',
      count: 1,
      firstTimestamp: '2026-01-05T12:00:00.000Z',
      source: { component: 'keyrelay' },
    });
  });

  test('that is there already is renewed and counted, by its one name', async () => {
    const { reports, sent } = start(exists, [200, { count: 4 }], [200]);

    await reports.tell({ ...event, message: 'SOURCE_DENIED: why now' }, NOW, signal);

    const [creation, renewal, count] = sent;
    const { name } = fieldsOf(fieldsOf(bodyOf(creation))['metadata']);
    expect([renewal?.path, count?.path]).toEqual(
      Array(2).fill(`/api/v1/namespaces/shop/events/${String(name)}?fieldManager=keyrelay`),
    );
    expect(bodyOf(renewal)).toEqual({
      lastTimestamp: '2026-01-05T12:00:00.000Z',
      message: 'SOURCE_DENIED: why now',
    });
    expect(bodyOf(count)).toEqual({ count: 5 });
  });

  test.each([
    ['another reason', { reason: 'Updated' }],
    ['another topic', { topic: 'SOURCE_NOT_FOUND' }],
    ['an object that was made anew', { regarding: { ...event.regarding, uid: 'another' } }],
  ])('with %s has another name', async (_case, change) => {
    const { reports, sent } = start([201], [201]);

    await reports.tell(event, NOW, signal);
    await reports.tell({ ...event, ...change }, NOW, signal);

    const names = sent.map(
      (request) => JSON.stringify(bodyOf(request)).match(/"metadata":\{"name":"([^"]+)"/u)?.[1],
    );
    expect(new Set(names).size).toBe(2);
  });

  test('about a long name, with a long message, is one that the API server takes', async () => {
    const { reports, sent } = start([201]);
    const name = `${'a'.repeat(235)}-.${'b'.repeat(16)}`;

    await reports.tell(
      { ...event, regarding: { ...event.regarding, name }, message: 'x'.repeat(5000) },
      NOW,
      signal,
    );

    const body = JSON.stringify(bodyOf(sent[0]));
    const made = /"metadata":\{"name":"([^"]+)"/u.exec(body)?.[1] ?? '';
    expect(made.length).toBeLessThanOrEqual(253);
    expect(made).toMatch(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/u);
    expect(/"message":"(x+…)"/u.exec(body)?.[1]).toHaveLength(1024);
  });

  test('that may not be made is an error that says which permission is missing', async () => {
    await expect(start([403]).reports.tell(event, NOW, signal)).rejects.toMatchObject({
      code: 'CLUSTER_FORBIDDEN',
      message: expect.stringContaining('may not create events in namespace shop'),
    });
  });
});
