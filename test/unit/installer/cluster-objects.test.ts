import { beforeEach, describe, expect, test } from '@jest/globals';
import { createClusterObjects } from '../../../lambda/installer/cluster-objects.ts';
import type { ClusterObjects } from '../../../lambda/installer/cluster-objects.ts';
import { FakeClock } from '../../support/fakes.ts';
import { CANARY, aProxyAnswer, aStatus } from '../cluster/statuses.ts';
import { FakeSession, anAnswer } from './fake-session.ts';
import { aManifest } from './manifests.ts';

const PATIENCE_MS = 60_000;
const role = aManifest('Role', 'keyrelay', 'shop');
const ROLE = '/apis/rbac.authorization.k8s.io/v1/namespaces/shop/roles/keyrelay';

let clock: FakeClock;

beforeEach(() => {
  clock = new FakeClock();
});

function objectsOf(session: FakeSession): ClusterObjects {
  const { signal } = new AbortController();
  return createClusterObjects({ cluster: 'shop-prod', session, clock, signal, patienceMs: PATIENCE_MS });
}

describe('offering a CRD', () => {
  const definition = aManifest('CustomResourceDefinition', 'externalsecrets.external-secrets.io');
  const PATH = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${definition.metadata.name}`;

  test.each([
    ['there is none', aStatus(404), 'applied'],
    ['it is the relay’s', anAnswer(definition), 'applied'],
    [
      'it is another’s',
      anAnswer({ metadata: { labels: { 'external-secrets.io/component': 'controller' } } }),
      'kept',
    ],
    [
      'it is another’s that was applied over the relay’s',
      anAnswer({
        metadata: {
          labels: { ...definition.metadata.labels, 'external-secrets.io/component': 'controller' },
        },
      }),
      'kept',
    ],
    ['it has no labels', anAnswer({ metadata: {} }), 'kept'],
  ] as const)('where %s', async (_, answer, outcome) => {
    const session = new FakeSession(answer, anAnswer());

    expect(await objectsOf(session).offer(definition)).toBe(outcome);

    const applied = outcome === 'applied' ? [`PATCH ${PATH}?fieldManager=keyrelay-installer&force=true`] : [];
    expect(session.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      `GET ${PATH}`,
      ...applied,
    ]);
  });
});

describe('applying', () => {
  test('is a forced server-side apply by a manager of its own', async () => {
    const session = new FakeSession(anAnswer());

    await objectsOf(session).apply(role);

    const [request] = session.requests;
    expect(request).toMatchObject({
      method: 'PATCH',
      path: `${ROLE}?fieldManager=keyrelay-installer&force=true`,
      headers: { 'Content-Type': 'application/apply-patch+yaml' },
    });
    expect(JSON.parse(request?.body ?? '')).toEqual(role);
  });

  test.each([401, 403])('waits while the access entry is not effective: %i', async (status) => {
    const session = new FakeSession(aStatus(status), aStatus(status), anAnswer());

    await objectsOf(session).apply(role);

    expect(session.requests).toHaveLength(3);
    expect(clock.slept).toHaveLength(2);
  });

  test.each([
    [401, 'CLUSTER_UNAUTHENTICATED'],
    [403, 'CLUSTER_FORBIDDEN'],
  ])('gives up on %i when patience ends, not before', async (status, code) => {
    const session = new FakeSession(aStatus(status));

    await expect(objectsOf(session).apply(role)).rejects.toThrow(expect.objectContaining({ code }));

    const waited = clock.slept.reduce((sum, ms) => sum + ms, 0);
    expect(waited).toBeGreaterThanOrEqual(PATIENCE_MS);
    expect(waited).toBeLessThan(2 * PATIENCE_MS);
  });

  test('has one patience for all that it does, not one for each request', async () => {
    const objects = objectsOf(new FakeSession(aStatus(403)));
    await expect(objects.apply(role)).rejects.toThrow('CLUSTER_FORBIDDEN');
    const before = clock.slept.length;

    await expect(objects.apply(role)).rejects.toThrow('CLUSTER_FORBIDDEN');

    expect(clock.slept).toHaveLength(before);
  });

  test.each([
    ['a conflict', aStatus(409, { reason: 'Conflict' }), 'CLUSTER_REJECTED'],
    ['a validation', aStatus(422, { reason: 'Invalid' }), 'CLUSTER_REJECTED'],
    ['too many requests', aStatus(429), 'CLUSTER_UNAVAILABLE'],
    ['an error of the server', aStatus(500), 'CLUSTER_UNAVAILABLE'],
    ['a proxy', aProxyAnswer(503), 'CLUSTER_UNAVAILABLE'],
  ])('does not wait for %s, names cluster and object, and quotes nothing', async (_, answer, code) => {
    const applying = objectsOf(new FakeSession(answer)).apply(role);

    await expect(applying).rejects.toThrow(expect.objectContaining({ code }));
    await expect(applying).rejects.toThrow(/shop-prod: applying Role keyrelay was answered \d+/u);
    await expect(applying).rejects.not.toThrow(CANARY);
    expect(clock.slept).toEqual([]);
  });
});

describe('looking for namespaces', () => {
  test('gives those that are not found', async () => {
    const session = new FakeSession(anAnswer(), aStatus(404, { reason: 'NotFound' }), anAnswer());

    expect(await objectsOf(session).missing(['shop', 'nowhere', 'web'])).toEqual(['nowhere']);

    expect(session.requests.map(({ path }) => path)).toEqual(
      ['shop', 'nowhere', 'web'].map((name) => `/api/v1/namespaces/${name}`),
    );
  });
});

describe('a namespace that is being deleted', () => {
  test('is as one that is not there', async () => {
    const session = new FakeSession(
      anAnswer({ status: { phase: 'Active' } }),
      anAnswer({ status: { phase: 'Terminating' } }),
    );

    expect(await objectsOf(session).missing(['shop', 'leaving'])).toEqual(['leaving']);
  });
});

describe('looking for what is installed', () => {
  test('says so where something else than the API server answers', async () => {
    const session = new FakeSession(aProxyAnswer(200));

    const listing = objectsOf(session).installed('keyrelay');

    await expect(listing).rejects.toThrow(expect.objectContaining({ code: 'CLUSTER_UNAVAILABLE' }));
    await expect(listing).rejects.not.toThrow(CANARY);
  });

  test('asks for the labels of one relay, in all namespaces', async () => {
    const session = new FakeSession(anAnswer({ items: [] }));

    await objectsOf(session).installed('keyrelay');

    const urls = session.requests.map(({ path }) => new URL(path, 'https://cluster'));
    expect(urls.map(({ pathname }) => pathname.split('/').at(-1))).toEqual([
      'validatingadmissionpolicies',
      'validatingadmissionpolicybindings',
      'clusterroles',
      'clusterrolebindings',
      'roles',
      'rolebindings',
    ]);
    expect(urls.every(({ pathname }) => !pathname.includes('/namespaces/'))).toBe(true);
    expect(new Set(urls.map(({ searchParams }) => searchParams.get('labelSelector')))).toEqual(
      new Set(['app.kubernetes.io/managed-by=keyrelay,app.kubernetes.io/instance=keyrelay']),
    );
  });

  test('gives the path of each object', async () => {
    const empty = anAnswer({ items: [] });
    const named = anAnswer({ items: [{ metadata: { name: 'keyrelay-secrets' } }] });
    const placed = anAnswer({ items: [{ metadata: { name: 'keyrelay', namespace: 'shop' } }] });
    const session = new FakeSession(named, empty, empty, empty, placed, empty);

    expect(await objectsOf(session).installed('keyrelay')).toEqual([
      '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies/keyrelay-secrets',
      ROLE,
    ]);
  });

  test('finds nothing of a kind that the cluster does not know', async () => {
    const session = new FakeSession(aStatus(404));

    expect(await objectsOf(session).installed('keyrelay')).toEqual([]);
  });
});

describe('removing', () => {
  test('deletes the object at the path', async () => {
    const session = new FakeSession(anAnswer());

    await objectsOf(session).remove(ROLE);

    expect(session.requests).toMatchObject([{ method: 'DELETE', path: ROLE }]);
  });

  test('is content with an object that is gone already', async () => {
    const session = new FakeSession(aStatus(404, { reason: 'NotFound' }));

    await expect(objectsOf(session).remove(ROLE)).resolves.toBeUndefined();
  });

  test('tells what could not be removed', async () => {
    const removing = objectsOf(new FakeSession(aStatus(409, { reason: 'Conflict' }))).remove(ROLE);

    await expect(removing).rejects.toThrow(`shop-prod: deleting ${ROLE} was answered 409 Conflict`);
  });
});
