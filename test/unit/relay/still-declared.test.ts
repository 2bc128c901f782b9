import { describe, expect, test } from '@jest/globals';
import { clusterObject } from '../../../lambda/declarations/cluster-object.ts';
import { objectId } from '../../../lambda/model/declared-object.ts';
import type { DeclaredObject } from '../../../lambda/model/declared-object.ts';
import { relay } from '../../../lambda/relay/relay.ts';
import { aDeclaration, aManagedSecret, aRef, aText, aVersion } from '../../support/builders.ts';
import { fakePorts } from '../../support/fakes.ts';

const signal = new AbortController().signal;
const METADATA = { name: 'db', namespace: 'shop', uid: 'uid-of-db', generation: 3, resourceVersion: '17' };

const item = (changes: object = {}, status: object = {}) => ({
  metadata: { ...METADATA, ...changes },
  spec: {},
  status,
});

function originOf(object: object): DeclaredObject {
  const read = clusterObject(object, 'dev', { apiVersion: 'external-secrets.io/v1', kind: 'ExternalSecret' });
  if (read === undefined) throw new Error('no object');
  return read.origin;
}

/** Pushes what was declared by `item()`, while the cluster holds what is given. */
async function push(now: ReturnType<typeof item> | undefined) {
  const ports = fakePorts();
  const origin = originOf(item());
  const order: string[] = [];
  ports.secrets.before = (operation) => void order.push(operation);
  ports.reports.before = (operation) => void order.push(operation);
  if (now !== undefined) ports.reports.objects.set(objectId(origin.ref), now);
  const work = { declaration: aDeclaration({ origin }), cluster: 'dev', expected: new Map() };
  return { ports, order, work, outcomes: await relay([work], ports, signal) };
}

describe('what an object of a cluster declares', () => {
  test('is read again after the observation and before the write', async () => {
    const { outcomes, order } = await push(item());

    expect(outcomes).toMatchObject([{ kind: 'written' }]);
    expect(order).toEqual(['observe', 'read', 'create']);
  });

  test('is the same where only its status was written', async () => {
    const { outcomes } = await push(item({ resourceVersion: '18' }, { refreshTime: '2026-01-01T00:00:00Z' }));

    expect(outcomes).toMatchObject([{ kind: 'written' }]);
  });

  test.each([
    ['its spec was changed', item({ generation: 4 })],
    ['its labels were changed', item({ labels: { team: 'b' } })],
    ['it was made anew', item({ uid: 'another' })],
    ['it is being deleted', item({ deletionTimestamp: '2026-01-01T00:00:00Z' })],
    ['it is gone', undefined],
  ])('is not written any more where %s, and is tried again later', async (_what, now) => {
    const { outcomes, ports } = await push(now);

    expect(outcomes).toMatchObject([
      { kind: 'failed', attempts: 1, error: { code: 'DECLARATION_CHANGED', retryable: true } },
    ]);
    expect(ports.secrets.writes).toEqual([]);
  });

  test('is not read again where nothing is to be written', async () => {
    const { ports, order, work } = await push(item());
    order.length = 0;

    expect(await relay([work], ports, signal)).toMatchObject([{ kind: 'kept' }]);
    expect(order).not.toContain('read');
  });
});

test('what a file declares is not looked for in the cluster', async () => {
  const ports = fakePorts();
  ports.secrets.put({ cluster: 'dev', namespace: 'shop', name: 'db' }, aManagedSecret());
  ports.source.set(aRef(), aText('second', aRef(), aVersion(2)));
  ports.reports.before = () => {
    throw new Error('asked');
  };
  const work = { declaration: aDeclaration(), cluster: 'dev', expected: new Map() };

  expect(await relay([work], ports, signal)).toMatchObject([{ kind: 'written' }]);
});
