import { describe, expect, test } from '@jest/globals';
import { createDeclaredObjects } from '../../../lambda/cluster/cluster-declarations.ts';
import type { HttpsResponse } from '../../../lambda/cluster/https-transport.ts';
import type { KubeRequest, Session } from '../../../lambda/cluster/session.ts';
import { aProxyAnswer, aStatus } from './statuses.ts';

const signal = new AbortController().signal;
const API = '/apis/external-secrets.io/v1';
const SHOP = `${API}/namespaces/shop`;

type Answers = Readonly<Record<string, HttpsResponse | readonly HttpsResponse[]>>;

const ok = (body: object): HttpsResponse => ({ status: 200, headers: {}, body: JSON.stringify(body) });
const page = (items: readonly unknown[] | null, next?: string): HttpsResponse =>
  ok({ metadata: next === undefined ? {} : { continue: next }, items });
const item = (name: string, more: object = {}): object => ({ metadata: { name, ...more } });
const served = (...names: readonly string[]): HttpsResponse =>
  ok({ kind: 'APIResourceList', resources: names.map((name) => ({ name })) });

const EMPTY: Answers = {
  [`${SHOP}/externalsecrets`]: page(null),
  [`${SHOP}/secretstores`]: page(null),
  [`${API}/clusterexternalsecrets`]: page(null),
  [`${API}/clustersecretstores`]: page(null),
  '/api/v1/namespaces': page([]),
};

/** The port over a session that answers by path; several answers to one path come in order, the last of them for ever. */
function start(answers: Answers, concurrency = 4) {
  const sent: KubeRequest[] = [];
  let most = 0;
  let open = 0;
  const session: Session = {
    send: async (request) => {
      sent.push(request);
      most = Math.max(most, (open += 1));
      await Promise.resolve();
      open -= 1;
      const [path = ''] = request.path.split('?');
      const answer = [answers[path] ?? aProxyAnswer(404)].flat();
      const before = sent.filter((other) => other.path.split('?')[0] === path).length - 1;
      return answer[Math.min(before, answer.length - 1)] ?? aProxyAnswer(404);
    },
    close: () => undefined,
  };
  const declared = createDeclaredObjects(() => session, concurrency);
  const look = (namespaces: readonly string[] = ['shop']) => declared.list('dev', namespaces, signal);
  return { look, sent, most: () => most };
}

test('every kind is listed, namespaced ones in the relay’s namespaces and nowhere else', async () => {
  const { look, sent } = start({
    ...EMPTY,
    [`${SHOP}/externalsecrets`]: page([item('db')]),
    [`${SHOP}/secretstores`]: page([item('aws')]),
    [`${API}/clusterexternalsecrets`]: page([item('everywhere')]),
    [`${API}/clustersecretstores`]: page([item('shared')]),
  });

  expect(await look()).toMatchObject({
    externalSecrets: [item('db')],
    secretStores: [item('aws')],
    clusterExternalSecrets: [item('everywhere')],
    clusterSecretStores: [item('shared')],
  });
  expect(sent.map(({ path }) => path.split('?')[0]).toSorted()).toEqual(Object.keys(EMPTY).toSorted());
});

test.each([1, 50])(
  'a look asks twice for each of %i namespaces and three times more, as docs/scaling.md reckons',
  async (count) => {
    const namespaces = Array.from({ length: count }, (_, n) => `team-${n}`);
    const empty = namespaces.flatMap((name) =>
      ['externalsecrets', 'secretstores'].map(
        (kind) => [`${API}/namespaces/${name}/${kind}`, page(null)] as const,
      ),
    );
    const { look, sent } = start({ ...EMPTY, ...Object.fromEntries(empty) });

    await look(namespaces);

    expect(sent).toHaveLength(2 * count + 3);
  },
);

test('namespaces come with their labels, from metadata alone, and without those that are being deleted', async () => {
  const { look, sent } = start({
    ...EMPTY,
    '/api/v1/namespaces': page([
      item('shop', { labels: { team: 'a' } }),
      item('bare'),
      item('going', { deletionTimestamp: '2026-01-01T00:00:00Z' }),
    ]),
  });

  expect((await look()).namespaces).toEqual([
    { name: 'shop', labels: { team: 'a' } },
    { name: 'bare', labels: {} },
  ]);
  expect(sent.find(({ path }) => path.startsWith('/api/v1/'))?.headers['Accept']).toContain(
    'as=PartialObjectMetadataList',
  );
});

test('a list of several pages is read to its end, and begun again where the API server forgot it', async () => {
  const forgotten = aStatus(410, { reason: 'Expired' });
  const { look, sent } = start({
    ...EMPTY,
    [`${SHOP}/externalsecrets`]: [
      page([item('a')], 'more'),
      forgotten,
      page([item('a')], 'more'),
      page([item('b')]),
    ],
  });

  expect((await look()).externalSecrets).toEqual([item('a'), item('b')]);
  expect(sent.filter(({ path }) => path.includes('continue=more'))).toHaveLength(2);
});

test('nothing is read from a state that may be old', async () => {
  const { look, sent } = start(EMPTY);

  await look();

  expect(
    sent.map(({ path }) => new URL(path, 'https://x').searchParams.has('resourceVersion')),
  ).not.toContain(true);
});

test('so many namespaces are listed at once as is allowed', async () => {
  const namespaces = Array.from({ length: 30 }, (_, index) => `n${index}`);
  const lists = namespaces.flatMap((name) => [
    [`${API}/namespaces/${name}/externalsecrets`, page([item(name)])] as const,
    [`${API}/namespaces/${name}/secretstores`, page(null)] as const,
  ]);
  const { look, most } = start({ ...EMPTY, ...Object.fromEntries(lists) }, 3);

  expect((await look(namespaces)).externalSecrets).toHaveLength(30);
  // Three namespaces of each of two kinds, and what is not in any.
  expect(most()).toBeLessThanOrEqual(9);
});

test.each([
  [`${SHOP}/externalsecrets`, /may not list externalsecrets in namespace shop: bind its Role there/u],
  ['/api/v1/namespaces', /may not list namespaces of the cluster: /u],
])('what may not be listed is named, with what to do: %s', async (path, message) => {
  const { look } = start({ ...EMPTY, [path]: aStatus(403, { reason: 'Forbidden' }) });

  await expect(look()).rejects.toMatchObject({ message: expect.stringMatching(message) });
});

describe('nothing is taken for empty that could not be read:', () => {
  test.each<readonly [string, Answers, string]>([
    [
      'a page that failed',
      { [`${SHOP}/externalsecrets`]: [page([item('a')], 'x'), aStatus(500)] },
      'CLUSTER_UNAVAILABLE',
    ],
    [
      'a list that is refused',
      { [`${SHOP}/secretstores`]: aStatus(403, { reason: 'Forbidden' }) },
      'CLUSTER_FORBIDDEN',
    ],
    [
      'an answer that is no list',
      { [`${SHOP}/externalsecrets`]: ok({ kind: 'Status' }) },
      'CLUSTER_UNAVAILABLE',
    ],
    [
      'an answer that is no JSON',
      { [`${API}/clustersecretstores`]: { status: 200, headers: {}, body: '<' } },
      'CLUSTER_UNAVAILABLE',
    ],
    ['namespaces that are none', { '/api/v1/namespaces': page(['text']) }, 'CLUSTER_UNAVAILABLE'],
    ['a list that is forgotten twice', { [`${SHOP}/externalsecrets`]: aStatus(410) }, 'CLUSTER_UNAVAILABLE'],
    [
      'a cluster without the kind',
      { [`${SHOP}/externalsecrets`]: aProxyAnswer(404) },
      'DECLARATION_UNSUPPORTED',
    ],
    [
      'a kind that may be absent, where the API server does not say that it is',
      { [`${API}/clusterexternalsecrets`]: aProxyAnswer(404) },
      'CLUSTER_UNAVAILABLE',
    ],
    [
      'a kind that may be absent, and is there',
      { [`${API}/clusterexternalsecrets`]: aProxyAnswer(404), [API]: served('clusterexternalsecrets') },
      'DECLARATION_UNSUPPORTED',
    ],
    [
      'a kind that may be absent, where something else answers',
      { [`${API}/clustersecretstores`]: aProxyAnswer(404), [API]: ok({}) },
      'CLUSTER_UNAVAILABLE',
    ],
  ])('%s', async (_case, answers, code) => {
    await expect(start({ ...EMPTY, ...answers }).look()).rejects.toMatchObject({ code });
  });
});

test.each(['clusterexternalsecrets', 'clustersecretstores'])(
  'a cluster that does not have the kind %s has none of its objects',
  async (plural) => {
    const { look } = start({
      ...EMPTY,
      [`${SHOP}/externalsecrets`]: page([item('db')]),
      [`${API}/${plural}`]: aProxyAnswer(404),
      [API]: served('externalsecrets', 'secretstores'),
    });

    expect(await look()).toMatchObject({
      externalSecrets: [item('db')],
      clusterExternalSecrets: [],
      clusterSecretStores: [],
    });
  },
);
