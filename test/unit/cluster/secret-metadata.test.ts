import { describe, expect, test } from '@jest/globals';
import { parseObserved, parsePage, parseWritten } from '../../../lambda/cluster/secret-metadata.ts';
import { aMetadata, aMetadataObject } from './metadata-answers.ts';
import { CANARY } from './statuses.ts';

const asked = { where: 'dev/shop/db', namespace: 'shop', verb: 'get' } as const;

const OWNER = { apiVersion: 'v1', kind: 'ConfigMap', name: 'a', uid: 'uid-of-a' };

describe('one Secret', () => {
  test('is observed by its metadata', () => {
    const metadata = aMetadata({
      labels: { app: 'shop' },
      annotations: { note: 'x' },
      managedFields: [
        {
          manager: 'keyrelay',
          operation: 'Apply',
          time: '2026-01-02T03:04:05Z',
          fieldsV1: {
            'f:data': { 'f:password': {} },
            'f:metadata': { 'f:labels': { '.': {}, 'f:app': {} }, 'f:annotations': { 'f:note': {} } },
          },
        },
        { manager: 'helm', fieldsV1: { 'f:metadata': { 'f:labels': { 'f:theirs': {} } } } },
      ],
    });

    expect(parseObserved(JSON.stringify(aMetadataObject(metadata)), asked)).toEqual({
      uid: 'uid-1',
      resourceVersion: '100',
      labels: { app: 'shop' },
      annotations: { note: 'x' },
      keyOwners: new Map([['password', new Set(['keyrelay'])]]),
      metadataOwners: {
        labels: new Map([
          ['app', new Set(['keyrelay'])],
          ['theirs', new Set(['helm'])],
        ]),
        annotations: new Map([['note', new Set(['keyrelay'])]]),
      },
      writtenAt: new Date('2026-01-02T03:04:05Z'),
      esoWrittenAt: undefined,
      ownerReferences: [],
      terminating: false,
    });
  });

  test('without labels, annotations or managed fields is observed all the same', () => {
    const observed = parseObserved(JSON.stringify(aMetadataObject(aMetadata())), asked);

    expect(observed).toMatchObject({ labels: {}, annotations: {}, writtenAt: undefined });
  });

  test.each([
    {
      what: 'that is being deleted',
      changes: { deletionTimestamp: '2026-01-01T00:00:00Z' },
      expected: { terminating: true },
    },
    {
      what: 'with owners',
      changes: { ownerReferences: [{ ...OWNER, controller: true }, OWNER] },
      expected: { ownerReferences: [{ ...OWNER, controller: true }, OWNER] },
    },
  ])('$what shows it', ({ changes, expected }) => {
    expect(parseObserved(JSON.stringify(aMetadataObject(aMetadata(changes))), asked)).toMatchObject(expected);
  });

  test('that kubectl applied is observed without the copy of its values that kubectl left', () => {
    const annotations = {
      note: 'x',
      'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify({ data: { k: CANARY } }),
    };

    const observed = parseObserved(JSON.stringify(aMetadataObject(aMetadata({ annotations }))), asked);

    expect(observed.annotations).toEqual({ note: 'x' });
    expect(JSON.stringify(observed)).not.toContain(CANARY);
  });

  test('that was written has a new identity to write under', () => {
    expect(parseWritten(JSON.stringify(aMetadataObject(aMetadata())), asked)).toEqual({
      uid: 'uid-1',
      resourceVersion: '100',
    });
  });
});

describe('a page', () => {
  const aPage = (changes: object): string =>
    JSON.stringify({
      kind: 'PartialObjectMetadataList',
      apiVersion: 'meta.k8s.io/v1',
      metadata: { resourceVersion: '9' },
      items: null,
      ...changes,
    });

  test('holds Secrets by name, and the token of the next page', () => {
    const page = parsePage(
      aPage({ metadata: { continue: 'token' }, items: [aMetadataObject(aMetadata())] }),
      asked,
    );

    expect(page).toMatchObject({ items: [{ name: 'db', observed: { uid: 'uid-1' } }], next: 'token' });
  });

  test('without Secrets is empty, and the last', () => {
    expect(parsePage(aPage({}), asked)).toEqual({ items: [], next: undefined });
  });

  test('whose token is empty is the last', () => {
    expect(parsePage(aPage({ metadata: { continue: '' } }), asked).next).toBeUndefined();
  });

  test('with one item that is no metadata is none: half a list is worse than no list', () => {
    const items = [aMetadataObject(aMetadata()), { ...aMetadataObject(aMetadata()), data: { k: CANARY } }];

    expect(() => parsePage(aPage({ items }), asked)).toThrow('CLUSTER_UNAVAILABLE');
  });
});

test.each([
  {
    what: 'a whole Secret',
    body: JSON.stringify({ ...aMetadataObject(aMetadata()), kind: 'Secret', data: { k: CANARY } }),
  },
  {
    what: 'metadata with data beside it',
    body: JSON.stringify({ ...aMetadataObject(aMetadata()), data: { k: CANARY } }),
  },
  { what: 'metadata without an identity', body: JSON.stringify(aMetadataObject({ name: CANARY })) },
  { what: 'no JSON', body: `${CANARY}{` },
  { what: 'nothing', body: '' },
])('$what is refused, and not quoted', ({ body }) => {
  const parse = (): unknown => parseObserved(body, asked);

  expect(parse).toThrow('CLUSTER_UNAVAILABLE: dev/shop/db');
  expect(parse).not.toThrow(CANARY);
});
